// One shard of the share coordinator: the state of all keys that live in one partition of the state topic, and the
// rules by which the five requests and the periodic jobs turn into records (Kafka's ShareCoordinatorShard).
//
// Owns:             validation and its order, fencing by leader and state epoch, snapshot or update, replay, what may
// be
//                   pruned.
// Knows nothing of: the log's contents, replication, when jobs run, envelopes of many entries.
// Therefore:        a request decides and changes nothing; replay is the only function that changes state, for a fresh
//                   record and at load alike.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/profile/profile.h"
#include "model/store/key_table.h"
#include "model/store/state_requests.h"
#include "model/store/topics.h"

namespace sharelock {

/// The configuration of the share coordinator that its shards look at, effective values.
struct ShareCoordinatorConfiguration {
  /// share.coordinator.snapshot.update.records.per.snapshot: so many updates between two snapshots of a key.
  std::int32_t records_per_snapshot = 500;
  TimeMs cold_snapshot_interval = 300'000;  ///< share.coordinator.cold.partition.snapshot.interval.ms
  TimeMs prune_interval = 300'000;          ///< share.coordinator.state.topic.prune.interval.ms

  friend bool operator==(const ShareCoordinatorConfiguration&, const ShareCoordinatorConfiguration&) = default;
};

/// What a shard may look at and does not own.
struct ShardSurroundings {
  TimeMs now;
  const Profile& profile;
  const Topics* topics;  ///< The cluster's metadata; null as long as there is none.
};

/// What a shard knows of one key. Everything goes with the key's tombstone (SC-47).
struct KeyState {
  ShareSnapshot state;
  std::int32_t fence_leader_epoch = 0;            ///< The highest that any replayed record carried.
  std::optional<std::int32_t> fence_state_epoch;  ///< The highest that any replayed snapshot carried.
  std::optional<std::int32_t> update_count;       ///< Updates since the counter was last reset.
  std::optional<Offset> snapshot_offset;          ///< Where in the log its latest snapshot lies.

  friend bool operator==(const KeyState&, const KeyState&) = default;
};

/// The answer to a request, and the record that has to be in the log before the answer may be given.
struct StateDecision {
  StateResult result;
  std::optional<StateRecord> record;
};

class ShareCoordinatorShard {
 public:
  explicit ShareCoordinatorShard(const ShareCoordinatorConfiguration& configuration) : configuration_{configuration} {}

  /// Decides about one entry. A rejected one has no record (SC-11).
  StateDecision decide(const SharePartitionKey& key, const StateEntry& entry, const ShardSurroundings& around) const;

  /// The cold job (SC-60): snapshots of keys that had none for an interval, unless all keys are marked cold already.
  std::vector<StateRecord> snapshot_cold(TimeMs now) const;
  /// Tombstones for every key of the topics (SC-48).
  std::vector<StateRecord> tombstones_of(std::span<const TopicId> deleted) const;
  /// Tombstones for every key whose topic does not exist (profile `ideal`, CV-9).
  std::vector<StateRecord> tombstones_of_missing(const Topics& topics) const;

  /// Takes over what a record says: the table of section 3.12. `offset` is where it lies in the log.
  void replay(const StateRecord& record, Offset offset);

  /// Records below this offset are not needed to build the present state (SC-64); empty if there are none.
  std::optional<Offset> redundant_offset() const;

  /// What is known of a key; null if it is not initialised.
  const KeyState* find(const SharePartitionKey& key) const { return keys_.find(key); }
  /// Calls `visit(key, state)` for every key in ascending order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    keys_.for_each(visit);
  }

  /// What replay of a record of this key may change, so that it can be undone (RT-7).
  struct Before {
    SharePartitionKey key;
    std::optional<KeyState> state;
    Offset redundant_offset;
    std::optional<SharePartitionKey> oldest;

    friend bool operator==(const Before&, const Before&) = default;
  };
  Before before(const SharePartitionKey& key) const;
  void undo(Before before);

  /// What the shard knows of one key, as a world codes it (coding.h); `code_instance(number)` codes an instance.
  template <class Coder, class Self, class CodeInstance>
  static void code(Self& self, Coder& coder, const SharePartitionKey& key, CodeInstance&& code_instance);

  friend bool operator==(const ShareCoordinatorShard&, const ShareCoordinatorShard&) = default;

 private:
  StateDecision decide(const SharePartitionKey& key, const InitializeEntry& entry,
                       const ShardSurroundings& around) const;
  StateDecision decide(const SharePartitionKey& key, const WriteEntry& entry, const ShardSurroundings& around) const;
  StateDecision decide(const SharePartitionKey& key, const ReadEntry& entry, const ShardSurroundings& around) const;
  StateDecision decide(const SharePartitionKey& key, const SummaryEntry& entry, const ShardSurroundings& around) const;
  StateDecision decide(const SharePartitionKey& key, const DeleteEntry& entry, const ShardSurroundings& around) const;

  /// SC-25: a snapshot when enough updates were written, otherwise the update `change` with its batches put in order.
  StateRecord snapshot_or_update(const SharePartitionKey& key, const KeyState& current, ShareUpdate change,
                                 Offset effective_start, TimeMs now) const;
  void replay_snapshot(const SharePartitionKey& key, const ShareSnapshot& snapshot, Offset offset);
  void replay_update(const SharePartitionKey& key, const ShareUpdate& update);
  void replay_tombstone(const SharePartitionKey& key, Offset offset);
  void note_snapshot(const SharePartitionKey& key, Offset offset);

  ShareCoordinatorConfiguration configuration_;
  KeyTable<KeyState> keys_;
  Offset redundant_offset_ = 0;
  std::optional<SharePartitionKey> oldest_;  ///< The key whose latest snapshot is the oldest; empty: to be looked for.
};

}  // namespace sharelock
