#include "model/coding/coder.h"

namespace sharelock {

void Writer::grow() {
  const std::size_t written = position();
  out_->resize(std::max<std::size_t>(256, written * 2));
  at_ = out_->data() + written;
  end_ = out_->data() + out_->size();
}

std::uint64_t Writer::higher_septets(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
  return value;
}

std::uint64_t Reader::large_varint(std::uint8_t first) {
  std::uint64_t value = first & 0x7f;
  for (unsigned shift = 7;; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
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
