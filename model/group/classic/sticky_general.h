// How the sticky assignor shares out partitions among members that do not all subscribe to the same topics.
//
// Everybody keeps what it holds. What is nobody's goes to whoever has least. Then partitions move from members that
// have at least two more than another one that could take them, until none does; if that did not make the whole more
// even, nothing moves after all.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "model/group/classic/sticky_claims.h"

namespace sharelock {

/// What each member is to have; the same partition more than once if Kafka lost count (partitions_left).
using StickyShares = std::map<MemberId, std::multiset<ClassicPartition>>;

/// Empty if Kafka's assignor throws (NullPointerException): it looks for the share of a former holder that can neither
/// give nor take any partition.
std::optional<StickyShares> general_shares(const std::map<MemberId, ClassicSubscription>& members,
                                           const ClassicTopics& topics);

}  // namespace sharelock
