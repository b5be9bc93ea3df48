// How records become state: the table of section 3.12, and the offset below which the log may be pruned.
#include <algorithm>

#include "model/store/combiner.h"
#include "model/store/share_coordinator_shard.h"

namespace sharelock {

void ShareCoordinatorShard::replay(const StateRecord& record, Offset offset) {
  if (const auto* snapshot = std::get_if<ShareSnapshot>(&record.value))
    replay_snapshot(record.key, *snapshot, offset);
  else if (const auto* update = std::get_if<ShareUpdate>(&record.value))
    replay_update(record.key, *update);
  else
    replay_tombstone(record.key, offset);
}

void ShareCoordinatorShard::replay_snapshot(const SharePartitionKey& key, const ShareSnapshot& snapshot,
                                            Offset offset) {
  const bool fresh = keys_.find(key) == nullptr;
  KeyState& known = keys_[key];
  known.fence_leader_epoch = fresh ? snapshot.leader_epoch : std::max(known.fence_leader_epoch, snapshot.leader_epoch);
  known.fence_state_epoch = std::max(known.fence_state_epoch.value_or(snapshot.state_epoch), snapshot.state_epoch);
  known.state = snapshot;
  // SC-57: a snapshot of another cause, below the limit, does not reset the counter.
  if (known.update_count && *known.update_count >= configuration_.records_per_snapshot) known.update_count = 0;
  note_snapshot(key, offset);
}

void ShareCoordinatorShard::replay_update(const SharePartitionKey& key, const ShareUpdate& update) {
  const bool fresh = keys_.find(key) == nullptr;
  KeyState& known = keys_[key];
  ShareSnapshot& state = known.state;
  if (fresh) {
    // Only where a snapshot was pruned and a tombstone follows.
    state.snapshot_epoch = update.snapshot_epoch;
    state.start_offset = update.start_offset;
    known.fence_leader_epoch = update.leader_epoch;
  } else {
    known.fence_leader_epoch = std::max(known.fence_leader_epoch, update.leader_epoch);
    if (update.start_offset != -1) state.start_offset = update.start_offset;  // SC-50: no maximum here.
  }
  if (fresh || update.leader_epoch != -1) state.leader_epoch = update.leader_epoch;
  state.instance = update.instance;
  state.delivery_complete_count = update.delivery_complete_count;  // SC-51
  combine_into(state.batches, update.batches, state.start_offset);
  known.update_count = known.update_count.value_or(0) + 1;
}

void ShareCoordinatorShard::replay_tombstone(const SharePartitionKey& key, Offset offset) {
  note_snapshot(key, offset);  // At this moment the tombstone's own offset takes part (SC-64).
  keys_.erase(key);
  if (oldest_ == key) oldest_.reset();
}

void ShareCoordinatorShard::note_snapshot(const SharePartitionKey& key, Offset offset) {
  keys_[key].snapshot_offset = offset;
  if (!oldest_ || *oldest_ == key) {
    Offset least = offset;
    oldest_ = key;
    keys_.for_each([&](const SharePartitionKey& other, const KeyState& known) {
      if (known.snapshot_offset && *known.snapshot_offset < least) {
        least = *known.snapshot_offset;
        oldest_ = other;
      }
    });
    redundant_offset_ = std::max(redundant_offset_, least);
  }
}

std::optional<Offset> ShareCoordinatorShard::redundant_offset() const {
  if (redundant_offset_ <= 0) return std::nullopt;
  return redundant_offset_;
}

ShareCoordinatorShard::Before ShareCoordinatorShard::before(const SharePartitionKey& key) const {
  const KeyState* known = find(key);
  return {key, known ? std::optional{*known} : std::nullopt, redundant_offset_, oldest_};
}

void ShareCoordinatorShard::undo(Before before) {
  if (before.state)
    keys_[before.key] = std::move(*before.state);
  else
    keys_.erase(before.key);
  redundant_offset_ = before.redundant_offset;
  oldest_ = before.oldest;
}

}  // namespace sharelock
