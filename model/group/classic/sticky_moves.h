// The moves that the sticky assignor has made so far, so that it does not undo by one partition what another one did.
#pragma once

#include <map>
#include <utility>

#include "model/group/classic/classic_topics.h"
#include "model/group/hash_order.h"
#include "model/store/share_partition_key.h"

namespace sharelock {

class StickyMoves {
 public:
  explicit StickyMoves(const ClassicTopics& topics) : topics_{topics} {}

  /// Which partition is to move from one member to another: one of the same topic that came the other way, if there is
  /// any, so that it goes home; otherwise the one that is asked for.
  ClassicPartition better_one(const ClassicPartition& asked, MemberId from, MemberId to) const;
  void note(const ClassicPartition& partition, MemberId from, MemberId to);

 private:
  struct Move {
    MemberId from;
    MemberId to;

    friend auto operator<=>(const Move&, const Move&) = default;
  };

  std::uint32_t hash(const ClassicPartition& partition) const;

  const ClassicTopics& topics_;
  std::map<ClassicPartition, Move> moved_;  ///< From where it was at first to where it is.
  std::map<std::pair<TopicName, Move>, HashOrder<ClassicPartition>> by_move_;
};

}  // namespace sharelock
