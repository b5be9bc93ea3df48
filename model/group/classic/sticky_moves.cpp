#include "model/group/classic/sticky_moves.h"

namespace sharelock {

/// Java's, of a TopicPartition.
std::uint32_t StickyMoves::hash(const ClassicPartition& partition) const {
  return 31 * (31 + static_cast<std::uint32_t>(partition.second)) + topics_.at(partition.first).hash;
}

ClassicPartition StickyMoves::better_one(const ClassicPartition& asked, MemberId from, MemberId to) const {
  if (const auto moved = moved_.find(asked); moved != moved_.end()) from = moved->second.from;
  const auto opposite = by_move_.find({asked.first, {to, from}});
  return opposite == by_move_.end() ? asked : *opposite->second.begin();
}

void StickyMoves::note(const ClassicPartition& partition, MemberId from, MemberId to) {
  if (const auto moved = moved_.extract(partition)) {
    const auto together = by_move_.find({partition.first, moved.mapped()});
    auto& partitions = together->second;
    partitions.remove(hash(partition), partition);
    if (partitions.size() == 0) by_move_.erase(together);
    from = moved.mapped().from;
    if (from == to) return;
  }
  moved_.insert_or_assign(partition, Move{from, to});
  by_move_[{partition.first, {from, to}}].add(hash(partition), partition);
}

}  // namespace sharelock
