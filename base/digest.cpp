#include "base/digest.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace sharelock {

void Digest::add_all(Numbers numbers) {
  // The bytes of the numbers, lowest first, whatever the machine; on the usual ones this is a copy.
  constexpr std::size_t block = 16;
  std::array<unsigned char, block * 8> bytes;
  for (const std::uint64_t* at = numbers.begin; at < numbers.end;) {
    std::size_t size = 0;
    for (; at < numbers.end && size < bytes.size(); ++at)
      for (unsigned shift = 0; shift < 64; shift += 8) bytes[size++] = static_cast<unsigned char>(*at >> shift);
    value_ = XXH3_64bits_withSeed(bytes.data(), size, value_);
  }
}

std::string Digest::text() const { return fmt::format("{:016x}", value_); }

}  // namespace sharelock
