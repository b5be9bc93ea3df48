// What the durable state is kept by: Kafka's SharePartitionKey, (group, topic id, partition).
#pragma once

#include <compare>
#include <cstdint>

#include "model/strong.h"

namespace sharelock {

/// A share group. Value 0 is the empty or absent group id.
using GroupId = Strong<struct GroupIdTag, std::uint32_t>;
inline constexpr GroupId no_group{};

/// A topic id. Value 0 is null, which cannot come over the wire. Whoever reads names gives equal numbers to equal ids,
/// in the order of the names where the order of keys is to be compared.
using TopicId = Strong<struct TopicIdTag, std::uint32_t>;
inline constexpr TopicId no_topic{};

/// The order is that of group, topic, partition; no rule depends on it, only the order of records that one job writes.
struct SharePartitionKey {
  GroupId group;
  TopicId topic;
  std::int32_t partition = 0;

  friend auto operator<=>(const SharePartitionKey&, const SharePartitionKey&) = default;
};

}  // namespace sharelock
