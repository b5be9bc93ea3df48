#include "checker/explore/encoding_store.h"

#include <algorithm>

namespace sharelock::explore {

EncodingStore::EncodingStore(std::optional<std::size_t> fixed_size, std::uint64_t bytes_max)
    : fixed_size_{fixed_size}, byte_pages_{bytes_max}, bytes_{byte_pages_.data()} {
  if (fixed_size_) return;
  static_assert(block * encoding_bytes_max <= ~std::uint32_t{0});
  const std::uint64_t states_max = std::min<std::uint64_t>(bytes_max, no_state);
  end_pages_ = Pages{states_max * sizeof(std::uint32_t)};
  begin_pages_ = Pages{(states_max / block + 1) * sizeof(std::uint64_t)};
  ends_ = reinterpret_cast<std::uint32_t*>(end_pages_.data());
  block_begins_ = reinterpret_cast<std::uint64_t*>(begin_pages_.data());
}

}  // namespace sharelock::explore
