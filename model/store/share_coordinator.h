// The share coordinator of one broker: its shards, the envelopes that bring many entries, the periodic jobs and the
// clean-up of deleted topics (Kafka's ShareCoordinatorService).
//
// Owns:             what an envelope means, which jobs run, what was pruned.
// Knows nothing of: time and timers (a driver runs a job when it is due), replication, connections.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "model/store/state_partition.h"

namespace sharelock {

/// One entry of a request, with the partition of the state topic that its key is mapped to (see coordinator_key.h).
struct RequestedEntry {
  SharePartitionKey key;
  std::int32_t state_partition = 0;
  StateEntry entry;

  friend bool operator==(const RequestedEntry&, const RequestedEntry&) = default;
};

/// A request: entries of one kind for one group (SC-6).
struct StateRequest {
  GroupId group;
  std::vector<RequestedEntry> entries;
  bool topic_without_partitions = false;  ///< Its list of topics is empty, or names one without partitions.
};

/// The answer to one entry. It may be given once the state partition's high watermark is at `released_at`.
struct AnsweredEntry {
  SharePartitionKey key;
  std::int32_t state_partition = 0;
  StateResult result;
  Offset released_at = 0;
};

/// A periodic job of the coordinator. It is run again only after its last round finished (SC-68).
struct CoordinatorJob {
  enum class Kind : std::uint8_t { prune, cold_snapshot } kind;
  std::int32_t generation;  ///< How often the share feature had been switched on.

  friend bool operator==(const CoordinatorJob&, const CoordinatorJob&) = default;
};

namespace store_effect {

/// A record was appended.
struct RecordAppended {
  std::int32_t state_partition;
  Offset offset;
};
/// `run` the job after this time.
struct JobArmed {
  CoordinatorJob job;
  TimeMs delay;
};
/// Records below `to` are to be deleted, then `pruned` is to be called; if that fails nothing, the next round tries
/// again.
struct PruneIssued {
  std::int32_t state_partition;
  Offset to;
};

}  // namespace store_effect

using StoreEffect = std::variant<store_effect::RecordAppended, store_effect::JobArmed, store_effect::PruneIssued>;
using StoreOutbox = std::vector<StoreEffect>;

class ShareCoordinator {
 public:
  ShareCoordinator(const ShareCoordinatorConfiguration& configuration, std::int32_t state_partitions,
                   StatePartition::Log log = StatePartition::Log::retained)
      : configuration_{configuration}, partitions_(static_cast<std::size_t>(state_partitions), StatePartition{log}) {}

  const StatePartition& partition(std::int32_t index) const { return partitions_[static_cast<std::size_t>(index)]; }
  StatePartition& partition(std::int32_t index) { return partitions_[static_cast<std::size_t>(index)]; }
  std::int32_t partition_count() const { return static_cast<std::int32_t>(partitions_.size()); }
  const std::optional<Topics>& topics() const { return topics_; }

  /// Handles a whole request: each entry is an operation of its own, in order (SC-6). Answers are in order of the keys.
  ///
  /// In the releases a request with nothing in it gets no answers and no error (SC-7), and entries of one key share the
  /// last one's answer (SC-8).
  std::vector<AnsweredEntry> handle(const StateRequest& request, TimeMs now, const Profile& profile, StoreOutbox& out);
  /// Handles one entry. NOT_COORDINATOR if its shard is not loaded.
  AnsweredEntry handle(const RequestedEntry& entry, TimeMs now, const Profile& profile, StoreOutbox& out);

  /// An election: this broker leads the state partition from now on.
  void load(std::int32_t state_partition, const Profile& profile, StoreOutbox& out);
  /// A resignation. It also forgets how far the log was pruned (SC-65).
  void unload(std::int32_t state_partition);
  /// Configuration for shards that are loaded from now on.
  void configure(const ShareCoordinatorConfiguration& configuration) { configuration_ = configuration; }

  /// New cluster metadata. Keys of deleted topics go (SC-48), in the shards that are loaded only (SC-49, CV-9).
  void metadata_changed(const Topics& topics, std::span<const TopicId> deleted, const Profile& profile,
                        StoreOutbox& out);
  /// The share feature was switched on (share version 1 or above) or off.
  void share_feature(bool enabled, StoreOutbox& out);

  /// Runs a round of a job that is due, or nothing if it must not run any more. True if `round_finished` is to be
  /// called when what the round asked for was committed, deleted, or failed.
  bool run(const CoordinatorJob& job, TimeMs now, const Profile& profile, StoreOutbox& out);
  void round_finished(const CoordinatorJob& job, StoreOutbox& out);
  /// One round of the cold job on one shard.
  void snapshot_cold(std::int32_t state_partition, TimeMs now, StoreOutbox& out);
  /// Records below `to` were deleted.
  void pruned(std::int32_t state_partition, Offset to);

  friend bool operator==(const ShareCoordinator&, const ShareCoordinator&) = default;

 private:
  void append(std::int32_t state_partition, std::vector<StateRecord> records, StoreOutbox& out);
  void forget_pruned(std::int32_t state_partition);
  void clean_up(std::int32_t state_partition, const Profile& profile, StoreOutbox& out);

  ShareCoordinatorConfiguration configuration_;
  std::vector<StatePartition> partitions_;
  std::optional<Topics> topics_;
  std::vector<std::pair<std::int32_t, Offset>> pruned_;  ///< Offset of the last deletion, by state partition.
  bool enabled_ = false;
  std::int32_t generation_ = 0;
};

}  // namespace sharelock
