// What the leader of a classic group knows of the topics when it assigns their partitions.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/group/cluster_image.h"

namespace sharelock {

using Racks = boost::container::flat_set<RackId>;

struct ClassicTopic {
  std::int32_t partitions = 0;
  std::vector<Racks> racks{};  ///< Of each partition's replicas; nowhere is none of them. May be shorter: unknown.
  std::uint32_t hash = 0;      ///< Java's hash of the name. Only ties depend on it.

  friend bool operator==(const ClassicTopic&, const ClassicTopic&) = default;
};

/// Topics that do not exist are left out.
using ClassicTopics = std::map<TopicName, ClassicTopic>;

using ClassicPartition = std::pair<TopicName, std::int32_t>;

}  // namespace sharelock
