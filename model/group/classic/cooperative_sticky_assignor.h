// The cooperative sticky assignor of classic consumers (Kafka's CooperativeStickyAssignor): balanced, and what a member
// holds it keeps where balance allows. A partition that moves is given to nobody in this generation: its holder gives
// it up and joins again, and the next generation has it.
//
// Members count in ascending order here; in Kafka's client it is that of a hash table of their ids.
#pragma once

#include <cstdint>
#include <map>
#include <variant>

#include "model/group/classic/classic_member.h"
#include "model/group/classic/classic_topics.h"

namespace sharelock {

/// Kafka's assignor throws this, and the leader's poll() with it.
enum class AssignorException : std::uint8_t {
  null_pointer,   ///< See general_shares.
  illegal_state,  ///< See uniform_shares.
};

using StickyAssignment = std::variant<std::map<MemberId, NamedPartitions>, AssignorException>;

/// What the leader of a group makes of what its members told.
StickyAssignment cooperative_sticky_assignment(const std::map<MemberId, ClassicSubscription>& members,
                                               const ClassicTopics& topics);

}  // namespace sharelock
