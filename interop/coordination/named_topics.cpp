#include "interop/coordination/named_topics.h"

#include <algorithm>

namespace sharelock::interop {

NamedTopics::NamedTopics(JsonElement request) {
  for (const auto topic : request["topicIds"].get_object())
    topics_.push_back({std::string{topic.key}, std::string{std::string_view{topic.value.get_string()}}});
  std::ranges::sort(topics_, {}, &Topic::name);
}

TopicId NamedTopics::id(std::string_view name) const {
  const auto found = std::ranges::find(topics_, name, &Topic::name);
  if (found == topics_.end()) return no_topic;
  return TopicId{static_cast<std::uint32_t>(found - topics_.begin() + 1)};
}

}  // namespace sharelock::interop
