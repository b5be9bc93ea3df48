// The range assignor of classic consumers (Kafka's RangeAssignor, without racks): topic by topic, the partitions in
// order, in shares of equal size, to the members in order; the first ones get what is left over.
#pragma once

#include <map>

#include "model/group/classic/classic_member.h"

namespace sharelock {

/// What the leader of a group makes of what its members told.
/// @param partitions  How many each topic has; topics that do not exist are left out.
std::map<MemberId, NamedPartitions> range_assignment(const std::map<MemberId, ClassicSubscription>& members,
                                                     const std::map<TopicName, std::int32_t>& partitions);

}  // namespace sharelock
