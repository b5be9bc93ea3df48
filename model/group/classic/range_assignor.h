// The range assignor of classic consumers (Kafka's RangeAssignor): topic by topic, the partitions in order, in shares
// of equal size, to the members in order, static ones first; the first ones get what is left over. Where racks matter,
// each gets what is near to it first, as far as the shares allow.
#pragma once

#include <map>

#include "model/group/classic/classic_member.h"
#include "model/group/classic/classic_topics.h"

namespace sharelock {

/// What the leader of a group makes of what its members told.
std::map<MemberId, NamedPartitions> range_assignment(const std::map<MemberId, ClassicSubscription>& members,
                                                     const ClassicTopics& topics);

}  // namespace sharelock
