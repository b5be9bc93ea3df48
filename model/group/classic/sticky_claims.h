// What the members of a classic group say they hold, and whom the sticky assignor believes.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "model/group/classic/classic_member.h"
#include "model/group/classic/classic_topics.h"

namespace sharelock {

/// The order in which a member keeps what it holds: all first partitions of its topics, then all second ones.
struct ByNumber {
  bool operator()(const ClassicPartition& a, const ClassicPartition& b) const {
    return std::pair{a.second, a.first} < std::pair{b.second, b.first};
  }
};

/// What each member holds: of two that claim a partition the one of the later generation has it. What two of the same
/// generation claim is nobody's, unless one of a later generation comes after them.
struct StickyClaims {
  std::map<MemberId, std::set<ClassicPartition, ByNumber>> held;
  std::set<ClassicPartition> contested;
};

/// Claims of topics that do not exist, or that nobody subscribes to, do not count.
StickyClaims sticky_claims(const std::map<MemberId, ClassicSubscription>& members, const ClassicTopics& topics);

/// Those that are nobody's, of all partitions in order. Kafka goes through both lists once: behind a partition that is
/// held and does not exist (its topic was created again with fewer) everything counts as nobody's, held or not.
/// @param held  In the same order.
std::vector<ClassicPartition> partitions_left(const std::vector<ClassicPartition>& all,
                                              const std::vector<ClassicPartition>& held);

/// The topics that somebody subscribes to and that have partitions.
TopicNames subscribed_topics(const std::map<MemberId, ClassicSubscription>& members, const ClassicTopics& topics);

}  // namespace sharelock
