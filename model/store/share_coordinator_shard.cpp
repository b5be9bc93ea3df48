#include "model/store/share_coordinator_shard.h"

#include <algorithm>

#include "model/store/combiner.h"

namespace sharelock {
namespace {

constexpr std::int32_t sentinel_epoch = -1;

StateDecision answer(KafkaError error) {
  return {{error, {}}, std::nullopt};
}

NegativeEpochs negative_epochs(const Profile& profile) {
  if (profile.has(Switch::sentinel_epochs_unfenced)) return NegativeEpochs::unfenced_writes;
  return static_cast<NegativeEpochs>(profile.value(Switch::negative_epochs));
}

/// Checks 1 and 2 of section 3.5.
bool is_well_formed(const SharePartitionKey& key) {
  return key.topic != no_topic && key.partition >= 0;
}

/// Checks 3 and 4.
bool is_refused(std::int32_t epoch, const Profile& profile) {
  return epoch < 0 && negative_epochs(profile) == NegativeEpochs::rejected;
}

/// Checks 6 and 7: whether a request with this epoch comes too late. SC-10: -1 could switch the check off.
bool is_fenced(std::int32_t known, std::int32_t epoch, NegativeEpochs exempt_from, const Profile& profile) {
  if (epoch == sentinel_epoch && negative_epochs(profile) >= exempt_from) return false;
  return known > epoch;
}

/// SC-12: higher epochs pass. In `ideal` those of a write have to be the stored ones.
bool is_fenced_write(std::int32_t known, std::int32_t epoch, const Profile& profile) {
  return is_fenced(known, epoch, NegativeEpochs::unfenced_writes, profile) ||
         (epoch > known && !profile.has(Switch::higher_epochs_pass));
}

/// Check 8.
bool is_unknown(const SharePartitionKey& key, const Topics* topics) {
  return topics == nullptr || key.partition >= topics->partitions_of(key.topic);
}

/// SC-23.
Offset effective_start(Offset written, Offset current, const Profile& profile) {
  if (profile.has(Switch::stored_start_regresses)) return written == -1 ? current : written;
  return std::max(written, current);
}

/// SC-24: counts for different start offsets are not comparable.
std::int32_t effective_count(const WriteEntry& entry, const ShareSnapshot& current, const Profile& profile) {
  if (profile.has(Switch::stored_count_as_written) || entry.start_offset > current.start_offset)
    return entry.delivery_complete_count;
  if (entry.start_offset < current.start_offset) return current.delivery_complete_count;
  return std::max(entry.delivery_complete_count, current.delivery_complete_count);
}

}  // namespace

StateDecision ShareCoordinatorShard::decide(const SharePartitionKey& key, const StateEntry& entry,
                                            const ShardSurroundings& around) const {
  if (!is_well_formed(key)) return answer(KafkaError::invalid_request);
  return std::visit([&](const auto& one) { return decide(key, one, around); }, entry);
}

StateDecision ShareCoordinatorShard::decide(const SharePartitionKey& key, const InitializeEntry& entry,
                                            const ShardSurroundings& around) const {
  if (is_refused(entry.state_epoch, around.profile)) return answer(KafkaError::invalid_request);
  const KeyState* current = find(key);
  const bool fencing = current && current->fence_state_epoch;
  if (fencing &&
      is_fenced(*current->fence_state_epoch, entry.state_epoch, NegativeEpochs::unfenced_writes, around.profile))
    return answer(KafkaError::fenced_state_epoch);
  if (is_unknown(key, around.topics)) return answer(KafkaError::unknown_topic_or_partition);

  const auto repeated = static_cast<RepeatedInitialise>(around.profile.value(Switch::repeated_initialise));
  if (fencing && *current->fence_state_epoch == entry.state_epoch && repeated != RepeatedInitialise::overwrites &&
      (repeated == RepeatedInitialise::ignored || current->state.start_offset == entry.start_offset))
    return answer(KafkaError::none);

  // SC-42: whatever was there is discarded, also the leader epoch (but not the fence in memory, SC-44).
  StateRecord record{key, ShareSnapshot{}};
  auto& fresh = std::get<ShareSnapshot>(record.value);
  fresh.snapshot_epoch = current ? current->state.snapshot_epoch + 1 : 0;
  fresh.state_epoch = entry.state_epoch;
  fresh.start_offset = entry.start_offset;
  fresh.delivery_complete_count = entry.start_offset == -1 ? -1 : 0;
  fresh.created = fresh.written = around.now;
  if (current && !around.profile.has(Switch::initialise_forgets_leader)) {
    fresh.leader_epoch = current->fence_leader_epoch;
    fresh.instance = current->state.instance;
  }
  return {{}, std::move(record)};
}

StateDecision ShareCoordinatorShard::decide(const SharePartitionKey& key, const WriteEntry& entry,
                                            const ShardSurroundings& around) const {
  const Profile& profile = around.profile;
  if (is_refused(entry.leader_epoch, profile) || is_refused(entry.state_epoch, profile))
    return answer(KafkaError::invalid_request);
  const KeyState* current = find(key);
  if (current == nullptr) return answer(KafkaError::invalid_request);
  if (is_fenced_write(current->fence_leader_epoch, entry.leader_epoch, profile) ||
      (entry.instance != current->state.instance && !profile.has(Switch::earlier_instance_writes)))
    return answer(KafkaError::fenced_leader_epoch);
  if (current->fence_state_epoch && is_fenced_write(*current->fence_state_epoch, entry.state_epoch, profile))
    return answer(KafkaError::fenced_state_epoch);
  if (is_unknown(key, around.topics)) return answer(KafkaError::unknown_topic_or_partition);

  // SC-21, SC-22: the record carries the current epochs; a write never raises them. SC-25: up to 4.3 an update states
  // the start offset as it was written, and is clipped there.
  const Offset start = effective_start(entry.start_offset, current->state.start_offset, profile);
  ShareUpdate change;
  change.leader_epoch = current->state.leader_epoch;
  change.instance = current->state.instance;
  change.start_offset = profile.has(Switch::stored_start_regresses) ? entry.start_offset : start;
  change.delivery_complete_count = effective_count(entry, current->state, profile);
  change.batches = entry.batches;
  return {{}, snapshot_or_update(key, *current, std::move(change), start, around.now)};
}

StateDecision ShareCoordinatorShard::decide(const SharePartitionKey& key, const ReadEntry& entry,
                                            const ShardSurroundings& around) const {
  if (is_refused(entry.leader_epoch, around.profile)) return answer(KafkaError::invalid_request);
  const KeyState* current = find(key);
  if (current == nullptr) return answer(KafkaError::invalid_request);
  const ShareSnapshot& state = current->state;
  const bool by_instance =
      !around.profile.has(Switch::earlier_instance_writes) && entry.leader_epoch == current->fence_leader_epoch;
  if (is_fenced(current->fence_leader_epoch, entry.leader_epoch, NegativeEpochs::unfenced, around.profile) ||
      (by_instance && entry.instance < state.instance))
    return answer(KafkaError::fenced_leader_epoch);
  if (is_unknown(key, around.topics)) return answer(KafkaError::unknown_topic_or_partition);

  StateDecision decision{{KafkaError::none, ReadState{state.state_epoch, state.start_offset, state.batches}}, {}};
  const bool known =
      entry.leader_epoch == current->fence_leader_epoch && !(by_instance && entry.instance > state.instance);
  if (known || entry.leader_epoch == sentinel_epoch) return decision;

  // SC-31: the new leader epoch is recorded, and the answer waits for that.
  ShareUpdate change;
  change.leader_epoch = entry.leader_epoch;
  change.instance = around.profile.has(Switch::earlier_instance_writes) ? 0 : entry.instance;
  change.start_offset = state.start_offset;
  change.delivery_complete_count = state.delivery_complete_count;
  decision.record = snapshot_or_update(key, *current, std::move(change), state.start_offset, around.now);
  return decision;
}

StateDecision ShareCoordinatorShard::decide(const SharePartitionKey& key, const SummaryEntry&,
                                            const ShardSurroundings& around) const {
  if (is_unknown(key, around.topics)) return answer(KafkaError::unknown_topic_or_partition);
  Summary summary;
  if (const KeyState* current = find(key))
    summary = {current->state.state_epoch, current->state.leader_epoch, current->state.start_offset,
               current->state.delivery_complete_count};
  return {{KafkaError::none, summary}, std::nullopt};
}

StateDecision ShareCoordinatorShard::decide(const SharePartitionKey& key, const DeleteEntry&,
                                            const ShardSurroundings& around) const {
  if (is_unknown(key, around.topics)) return answer(KafkaError::unknown_topic_or_partition);
  if (find(key) == nullptr) return answer(KafkaError::none);  // SC-46
  return {{}, StateRecord{key, Tombstone{}}};
}

StateRecord ShareCoordinatorShard::snapshot_or_update(const SharePartitionKey& key, const KeyState& current,
                                                      ShareUpdate change, Offset effective_start, TimeMs now) const {
  // Not "=": a limit that was lowered at a restart holds at once (SC-56).
  if (current.update_count.value_or(0) < configuration_.records_per_snapshot) {
    change.snapshot_epoch = current.state.snapshot_epoch;
    change.batches = combine({}, change.batches, change.start_offset);
    return {key, std::move(change)};
  }
  StateRecord record{key, current.state};
  auto& full = std::get<ShareSnapshot>(record.value);
  full.snapshot_epoch += 1;
  full.leader_epoch = change.leader_epoch;
  full.instance = change.instance;
  full.start_offset = effective_start;
  full.delivery_complete_count = change.delivery_complete_count;
  full.created = full.written = now;
  combine_into(full.batches, change.batches, effective_start);
  return record;
}

std::vector<StateRecord> ShareCoordinatorShard::snapshot_cold(TimeMs now) const {
  // SC-60: a key is marked cold by its two times being different; only a snapshot of another cause clears the mark.
  std::vector<StateRecord> records;
  bool all_cold = true;
  keys_.for_each([&](const SharePartitionKey& key, const KeyState& known) {
    all_cold = all_cold && known.state.created != known.state.written;
    if (now - known.state.written < configuration_.cold_snapshot_interval) return;
    auto& again = std::get<ShareSnapshot>(records.emplace_back(StateRecord{key, known.state}).value);
    again.snapshot_epoch += 1;
    again.written = now;
  });
  if (all_cold) records.clear();
  return records;
}

std::vector<StateRecord> ShareCoordinatorShard::tombstones_of(std::span<const TopicId> deleted) const {
  std::vector<StateRecord> records;
  keys_.for_each([&](const SharePartitionKey& key, const KeyState&) {
    if (std::ranges::find(deleted, key.topic) != deleted.end()) records.push_back({key, Tombstone{}});
  });
  return records;
}

std::vector<StateRecord> ShareCoordinatorShard::tombstones_of_missing(const Topics& topics) const {
  std::vector<StateRecord> records;
  keys_.for_each([&](const SharePartitionKey& key, const KeyState&) {
    if (!topics.exists(key.topic)) records.push_back({key, Tombstone{}});
  });
  return records;
}

}  // namespace sharelock
