// Which members of a classic group are near to a partition: in a rack that holds a replica of it.
#pragma once

#include <map>

#include "model/group/classic/classic_member.h"
#include "model/group/classic/classic_topics.h"

namespace sharelock {

class RackMatch {
 public:
  /// @param topics      Outlives this.
  /// @param considered  Topics that exist. Racks matter only if some member is in a rack that has replicas of these,
  ///                    and some rack that has some lacks others.
  RackMatch(std::map<MemberId, RackId> members, const ClassicTopics& topics, const TopicNames& considered);

  bool matter() const { return matter_; }
  /// The member is in a rack of the partition.
  bool is_near(MemberId member, const ClassicPartition& partition) const;
  /// The member is in a rack, and it is none of the partition's.
  bool is_far(MemberId member, const ClassicPartition& partition) const;
  /// How many members are near.
  std::size_t near(const ClassicPartition& partition) const;

 private:
  const Racks& racks_of(const ClassicPartition& partition) const;

  std::map<MemberId, RackId> members_;
  const ClassicTopics& topics_;
  bool matter_ = false;
};

/// Where each member is.
std::map<MemberId, RackId> racks_of(const std::map<MemberId, ClassicSubscription>& members);

}  // namespace sharelock
