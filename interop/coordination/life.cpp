#include "interop/coordination/life.h"

#include <algorithm>

namespace sharelock::interop {

void NameRanks::add(std::string_view name) {
  const auto place = std::ranges::lower_bound(names_, name);
  if (place == names_.end() || *place != name) names_.emplace(place, name);
}

std::uint32_t NameRanks::rank(std::string_view name) const {
  const auto place = std::ranges::lower_bound(names_, name);
  if (name.empty() || place == names_.end() || *place != name) return 0;
  return static_cast<std::uint32_t>(place - names_.begin() + 1);
}

void LifeNames::add(JsonElement request) {
  const auto add_to = [&](NameRanks& ranks, std::string_view name) {
    if (const auto value = field(request, name)) ranks.add(std::string_view{value->get_string()});
  };
  add_to(groups, "group");
  add_to(members, "member");
  add_to(connections, "connection");
  add_to(clients, "clientId");
  add_to(racks, "rack");
  for (const std::string_view list : {"topicIds", "topics"}) {
    const auto named = field(request, list);
    if (!named) continue;
    if (named->is_object()) {
      for (const auto topic : named->get_object()) topics.add(topic.key);
    } else {
      for (const JsonElement topic : named->get_array()) topics.add(std::string_view{topic.get_string()});
    }
  }
}

LifeNames names_in(const Life& life) {
  simdjson::dom::parser parser;
  LifeNames names;
  for (const std::string& request : life) names.add(parser.parse(request));
  return names;
}

}  // namespace sharelock::interop
