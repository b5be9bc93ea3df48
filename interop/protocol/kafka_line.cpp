#include "interop/protocol/kafka_line.h"

#include <algorithm>

namespace sharelock::interop {
namespace {

struct Names {
  std::string_view line;
  std::string_view release;
};
constexpr std::array<Names, all_lines.size()> names{{{"4.2", "4.2.1"}, {"4.3", "4.3.1"}, {"4.4", "4.4.0"}}};

/// The last error code of 4.2 and 4.3.
constexpr std::int16_t last_code_before_4_4 = 133;

}  // namespace

std::string_view name_of(KafkaLine line) {
  return names[static_cast<std::size_t>(line)].line;
}

std::string_view release_of(KafkaLine line) {
  return names[static_cast<std::size_t>(line)].release;
}

std::optional<KafkaLine> line_named(std::string_view name) {
  const auto found = std::ranges::find(all_lines, name, [](KafkaLine line) { return name_of(line); });
  if (found == all_lines.end()) return std::nullopt;
  return *found;
}

std::optional<KafkaError> error_named(KafkaLine line, std::string_view name) {
  const auto error = kafka_error_of(name);
  if (error && line != KafkaLine::v4_4 && static_cast<std::int16_t>(*error) > last_code_before_4_4) return std::nullopt;
  return error;
}

}  // namespace sharelock::interop
