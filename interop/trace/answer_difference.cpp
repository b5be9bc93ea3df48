#include "interop/trace/answer_difference.h"

#include <fmt/format.h>

namespace sharelock::interop {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view absent = "(absent)";

void drop_wording(ordered_json& error) {
  if (!error.is_object()) return;
  error.erase("message");
  if (error.contains("class") && error["class"] != "BadInput") error.erase("class");
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Depth first; objects in the order of the expected fields, then what is there and was not expected.
std::optional<AnswerDifference> compare(const ordered_json& expected, const ordered_json& actual,
                                        const std::string& path) {
  if (expected == actual) return std::nullopt;
  if (expected.is_object() && actual.is_object()) {
    const auto below = [&](const std::string& key) {
      return is_plain_name(key) ? path + "." + key : fmt::format("{}[{}]", path, ordered_json(key).dump());
    };
    for (const auto& [key, value] : expected.items()) {
      if (!actual.contains(key)) return AnswerDifference{below(key), value.dump(), std::string{absent}};
      if (auto difference = compare(value, actual[key], below(key))) return difference;
    }
    for (const auto& [key, value] : actual.items())
      if (!expected.contains(key)) return AnswerDifference{below(key), std::string{absent}, value.dump()};
    // Equal field by field: nlohmann compares ordered objects with their order, which does not matter here.
    return std::nullopt;
  }
  if (expected.is_array() && actual.is_array()) {
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
      const std::string below = fmt::format("{}[{}]", path, i);
      if (i >= actual.size()) return AnswerDifference{below, expected[i].dump(), std::string{absent}};
      if (i >= expected.size()) return AnswerDifference{below, std::string{absent}, actual[i].dump()};
      if (auto difference = compare(expected[i], actual[i], below)) return difference;
    }
    return std::nullopt;
  }
  return AnswerDifference{path, expected.dump(), actual.dump()};
}

}  // namespace

void drop_uncompared(ordered_json& answer) {
  if (!answer.is_object()) return;
  if (answer.contains("error")) drop_wording(answer["error"]);
  if (!answer.contains("events") || !answer["events"].is_array()) return;
  auto& events = answer["events"];
  for (std::size_t i = 0; i < events.size();) {
    if (!events[i].is_object()) return;
    if (events[i].contains("e") && events[i]["e"] == "metric") {
      events.erase(i);
      continue;
    }
    if (events[i].contains("error")) drop_wording(events[i]["error"]);
    ++i;
  }
}

std::optional<AnswerDifference> find_difference(std::string_view expected, std::string_view actual) {
  auto wanted = ordered_json::parse(expected);
  auto got = ordered_json::parse(actual);
  drop_uncompared(wanted);
  drop_uncompared(got);
  return compare(wanted, got, "$");
}

}  // namespace sharelock::interop
