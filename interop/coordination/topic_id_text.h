// Topic ids as Kafka writes them: 22 characters of URL-safe base 64.
#pragma once

#include <cstdint>
#include <string_view>

namespace sharelock::interop {

/// The hash that Java gives a topic id; it decides in which order Kafka enumerates topics.
/// @throws simdjson::simdjson_error  if it is not 22 characters of URL-safe base 64.
std::uint32_t hash_of_topic_id(std::string_view text);

}  // namespace sharelock::interop
