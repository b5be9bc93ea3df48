// How the sticky assignor shares out partitions among members that all subscribe to the same topics.
//
// All get the same number, some one more if that does not divide. Everybody keeps what it holds, as far as that goes;
// then those that have less take turns.
#pragma once

#include "model/group/classic/sticky_claims.h"
#include "model/group/classic/sticky_general.h"

namespace sharelock {

struct UniformShares {
  StickyShares shares;
  std::map<ClassicPartition, MemberId> moving;  ///< Who gets what another one holds still, or claims.
};

/// Precondition: there are members, and all subscribe to the same topics.
/// @return  Empty if Kafka's assignor throws (IllegalStateException). When a topic was created again with fewer
///          partitions, it counts what members hold and is no more, and then finds nobody for what is there.
std::optional<UniformShares> uniform_shares(const std::map<MemberId, ClassicSubscription>& members,
                                            const ClassicTopics& topics);

}  // namespace sharelock
