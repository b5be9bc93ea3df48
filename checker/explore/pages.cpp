#include "checker/explore/pages.h"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace sharelock::explore {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

}  // namespace

Pages::Pages(std::size_t bytes) : reserved_{(bytes + huge_page - 1) / huge_page * huge_page} {
  if (reserved_ == 0) return;
  // One huge page more than asked for lets the data begin on the boundary of one.
  const std::size_t mapped = reserved_ + huge_page;
  void* at = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc{};
  auto* const begin = static_cast<std::byte*>(at);
  const std::size_t before = (huge_page - reinterpret_cast<std::size_t>(begin) % huge_page) % huge_page;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + reserved_, huge_page - before);
  data_ = begin + before;
  // Only advice: where huge pages are switched off the search is slower, not wrong.
  ::madvise(data_, reserved_, MADV_HUGEPAGE);
}

Pages::Pages(Pages&& other) noexcept
    : data_{std::exchange(other.data_, nullptr)}, reserved_{std::exchange(other.reserved_, 0)} {}

Pages& Pages::operator=(Pages&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(reserved_, other.reserved_);
  return *this;
}

Pages::~Pages() {
  if (data_ != nullptr) ::munmap(data_, reserved_);
}

}  // namespace sharelock::explore
