// Partitions by topic, as assignments and initialisation are told.
#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <cstdint>

#include "model/store/share_partition_key.h"

namespace sharelock {

using PartitionSet = boost::container::flat_set<std::int32_t>;
using TopicPartitions = boost::container::flat_map<TopicId, PartitionSet>;

}  // namespace sharelock
