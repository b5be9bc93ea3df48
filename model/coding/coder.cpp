#include "model/coding/coder.h"

namespace sharelock {

void Writer::grow() {
  const std::size_t written = position();
  out_->resize(std::max<std::size_t>(256, written * 2));
  at_ = out_->data() + written;
  end_ = out_->data() + out_->size();
}

void Writer::sort_parts(std::span<const std::size_t> begins) {
  if (begins.size() < 2) return;
  using Part = std::span<const std::byte>;
  const boost::container::small_vector<std::byte, 512> copy(out_->data() + begins.front(), at_);
  boost::container::small_vector<Part, 8> parts;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : position();
    parts.push_back(Part{copy}.subspan(begins[i] - begins.front(), end - begins[i]));
  }
  std::sort(parts.begin(), parts.end(), [](Part a, Part b) { return std::ranges::lexicographical_compare(a, b); });
  std::byte* to = out_->data() + begins.front();
  for (const Part part : parts) to = std::copy(part.begin(), part.end(), to);
}

}  // namespace sharelock
