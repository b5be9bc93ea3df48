#include "interop/coordination/topic_id_text.h"

#include <simdjson.h>

namespace sharelock::interop {

std::uint32_t hash_of_topic_id(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::size_t length = 22;  // 132 bits; the last 4 are padding.
  if (text.size() != length) throw simdjson::simdjson_error{simdjson::INCORRECT_TYPE};
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t digit = digits.find(text[i]);
    if (digit == std::string_view::npos) throw simdjson::simdjson_error{simdjson::INCORRECT_TYPE};
    const bool is_last = i + 1 == length;
    const int bits = is_last ? 2 : 6;
    high = high << bits | low >> (64 - bits);
    low = low << bits | (is_last ? digit >> 4 : digit);
  }
  const std::uint64_t both = high ^ low;
  return static_cast<std::uint32_t>(both >> 32) ^ static_cast<std::uint32_t>(both);
}

}  // namespace sharelock::interop
