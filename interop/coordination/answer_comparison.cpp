#include "interop/coordination/answer_comparison.h"

#include <nlohmann/json.hpp>

namespace sharelock::interop {
namespace {

using Json = nlohmann::json;

/// Joins neighbours `[first, last, state, count]` that could be one batch.
void merge_neighbours(Json& list) {
  Json merged = Json::array();
  for (Json& batch : list) {
    const bool goes_on = !merged.empty() && merged.back().at(1).get<std::int64_t>() + 1 == batch.at(0) &&
                         merged.back().at(2) == batch.at(2) && merged.back().at(3) == batch.at(3);
    if (goes_on)
      merged.back().at(1) = batch.at(1);
    else
      merged.push_back(std::move(batch));
  }
  list = std::move(merged);
}

/// Brings an answer into the form in which it is compared.
void normalise(Json& value, BatchLists batch_lists) {
  if (value.is_object()) {
    if (value.contains("exception")) value.erase("message");
    for (auto& [name, member] : value.items()) {
      if (batch_lists == BatchLists::merged && (name == "batches" || name == "result"))
        merge_neighbours(member);
      else
        normalise(member, batch_lists);
    }
  } else if (value.is_array()) {
    for (Json& element : value) normalise(element, batch_lists);
  }
}

CoordinationDifference difference_at(const Json& step, const Json& expected, const Json& actual) {
  Json::json_pointer where{step.at("path").get<std::string>()};
  // The place behind the end of a list.
  if (where.back() == "-") where = where.parent_pointer() / expected.at(where.parent_pointer()).size();
  const auto shown = [&](const Json& whole) { return whole.contains(where) ? whole.at(where).dump() : "(absent)"; };
  return {where.to_string(), shown(expected), shown(actual)};
}

void drop_wording(Json& value) {
  if (value.is_object()) {
    if (value.contains("name") && value.contains("code")) {
      value.erase("class");
      value.erase("message");
    }
    // Which release answers is not compared.
    if (value.contains("kafka")) value = Json::object();
    if (value.value("class", Json{}) == "BadInput") value.erase("message");
  }
  if (value.is_structured())
    for (Json& member : value) drop_wording(member);
}

std::optional<CoordinationDifference> first_difference(const Json& expected, const Json& actual) {
  if (expected == actual) return std::nullopt;
  return difference_at(Json::diff(expected, actual).front(), expected, actual);
}

}  // namespace

std::optional<CoordinationDifference> compare_answers(std::string_view expected, std::string_view actual,
                                                      BatchLists batch_lists) {
  if (expected == actual) return std::nullopt;
  Json recorded = Json::parse(expected);
  Json own = Json::parse(actual);
  normalise(recorded, batch_lists);
  normalise(own, batch_lists);
  return first_difference(recorded, own);
}

std::optional<CoordinationDifference> compare_broker_answers(std::string_view expected, std::string_view actual) {
  if (expected == actual) return std::nullopt;
  Json recorded = Json::parse(expected);
  Json own = Json::parse(actual);
  drop_wording(recorded);
  drop_wording(own);
  return first_difference(recorded, own);
}

}  // namespace sharelock::interop
