// The topics that exist, as the share coordinator sees them in the cluster's metadata.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <utility>

#include "model/store/share_partition_key.h"

namespace sharelock {

/// Topic ids with their partition counts.
class Topics {
 public:
  /// How many partitions the topic has; 0 if there is no such topic.
  std::int32_t partitions_of(TopicId topic) const {
    const auto found = std::ranges::lower_bound(counts_, topic, {}, &Count::first);
    return found != counts_.end() && found->first == topic ? found->second : 0;
  }
  bool exists(TopicId topic) const { return partitions_of(topic) > 0; }

  /// Creates the topic, or changes how many partitions it has; 0 deletes it.
  void set(TopicId topic, std::int32_t partitions) {
    const auto found = std::ranges::lower_bound(counts_, topic, {}, &Count::first);
    const bool known = found != counts_.end() && found->first == topic;
    if (partitions == 0) {
      if (known) counts_.erase(found);
    } else if (known) {
      found->second = partitions;
    } else {
      counts_.insert(found, {topic, partitions});
    }
  }

  friend bool operator==(const Topics&, const Topics&) = default;

 private:
  using Count = std::pair<TopicId, std::int32_t>;
  boost::container::small_vector<Count, 4> counts_;  ///< By topic.
};

}  // namespace sharelock
