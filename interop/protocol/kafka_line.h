// The release lines of Kafka that the comparison knows, as far as the protocol of the oracle tells them apart.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/protocol/kafka_error.h"

namespace sharelock::interop {

enum class KafkaLine : std::uint8_t { v4_2, v4_3, v4_4 };

inline constexpr std::array all_lines{KafkaLine::v4_2, KafkaLine::v4_3, KafkaLine::v4_4};

/// `4.2`, `4.3` or `4.4`.
std::string_view name_of(KafkaLine line);
/// The release that the oracle runs for this line, such as `4.4.0`.
std::string_view release_of(KafkaLine line);
std::optional<KafkaLine> line_named(std::string_view name);

/// The delivery limit, the lock limit and the renew switch belong to the group and may change (V-1..V-3).
constexpr bool has_dynamic_limits(KafkaLine line) {
  return line != KafkaLine::v4_2;
}
/// The line has a dead-letter queue (V-4).
constexpr bool has_dead_letter_queue(KafkaLine line) {
  return line == KafkaLine::v4_4;
}

/// The error of that name, if the line knows it: 4.4 added three codes.
std::optional<KafkaError> error_named(KafkaLine line, std::string_view name);

}  // namespace sharelock::interop
