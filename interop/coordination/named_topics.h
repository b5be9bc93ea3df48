// The topics that a world knows by the table `topicIds` of the request that made it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/json_access.h"
#include "model/store/share_partition_key.h"

namespace sharelock::interop {

/// Topics get numbers in the order of their names.
class NamedTopics {
 public:
  /// @throws simdjson::simdjson_error  if the request has no such table.
  explicit NamedTopics(JsonElement request);

  /// `no_topic` if it is none of them.
  TopicId id(std::string_view name) const;
  const std::string& name(TopicId topic) const { return topics_[topic.value() - 1].name; }
  /// The 22 characters of its id.
  const std::string& text(TopicId topic) const { return topics_[topic.value() - 1].text; }

 private:
  struct Topic {
    std::string name;
    std::string text;
  };
  std::vector<Topic> topics_;
};

}  // namespace sharelock::interop
