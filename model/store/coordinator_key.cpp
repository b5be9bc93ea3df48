#include "model/store/coordinator_key.h"

#include <algorithm>
#include <limits>

namespace sharelock {
namespace {

/// Takes the next code point off a UTF-8 text.
std::uint32_t next_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length && i < text.size(); ++i)
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(std::min(length, text.size()));
  return point;
}

}  // namespace

std::string coordinator_key(std::string_view group, std::string_view topic_id, std::int32_t partition) {
  std::string text{group};
  text += ':';
  text += topic_id;
  text += ':';
  text += std::to_string(partition);
  return text;
}

std::int32_t state_partition_of(std::string_view coordinator_key, std::int32_t partitions) {
  std::uint32_t hash = 0;
  while (!coordinator_key.empty()) {
    const std::uint32_t point = next_code_point(coordinator_key);
    if (point < 0x10000) {
      hash = 31 * hash + point;
    } else {  // Two surrogates.
      hash = 31 * hash + (0xd7c0U + (point >> 10));
      hash = 31 * hash + (0xdc00U + (point & 0x3ffU));
    }
  }
  const auto value = static_cast<std::int32_t>(hash);
  if (value == std::numeric_limits<std::int32_t>::min()) return 0;
  return (value < 0 ? -value : value) % partitions;
}

}  // namespace sharelock
