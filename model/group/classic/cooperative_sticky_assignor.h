// The cooperative sticky assignor of classic consumers (Kafka's CooperativeStickyAssignor, without racks), for members
// that subscribe to the same topics: balanced, and what a member holds it keeps where balance allows. A partition that
// moves is given to nobody in this generation: its holder gives it up and joins again, and the next generation has it.
#pragma once

#include <map>

#include "model/group/classic/classic_member.h"

namespace sharelock {

/// What the leader of a group makes of what its members told.
/// Precondition: all members subscribe to the same topics.
/// @param partitions  How many each topic has; topics that do not exist are left out.
std::map<MemberId, NamedPartitions> cooperative_sticky_assignment(
    const std::map<MemberId, ClassicSubscription>& members, const std::map<TopicName, std::int32_t>& partitions);

}  // namespace sharelock
