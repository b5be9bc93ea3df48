// Where two answers differ, as far as they are compared.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sharelock::interop {

/// The first place at which an answer is not as expected.
struct AnswerDifference {
  std::string path;      ///< As JSONPath: `$.state.units[0].slot.dc`.
  std::string expected;  ///< JSON text; `(absent)` if there is nothing.
  std::string actual;    ///< The same.
};

/// Removes what is not compared: class and message of errors (BadInput keeps its class), metric events.
void drop_uncompared(nlohmann::ordered_json& answer);

/// Compares two answers structurally; white space and the order of fields do not matter.
/// @throws nlohmann::json::parse_error  if one of them is no JSON.
std::optional<AnswerDifference> find_difference(std::string_view expected, std::string_view actual);

}  // namespace sharelock::interop
