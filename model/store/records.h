// The records of the state topic (SC-5): what the share coordinator writes to its log.
#pragma once

#include <variant>

#include "model/store/share_partition_key.h"
#include "model/store/state_batches.h"

namespace sharelock {

/// ShareSnapshot: the complete state of a key; it replaces everything. Also the state that a shard holds in memory
/// (Kafka's ShareGroupOffset).
struct ShareSnapshot {
  std::int32_t snapshot_epoch = 0;  ///< Number of this snapshot; nothing fences on it.
  std::int32_t state_epoch = 0;
  std::int32_t leader_epoch = 0;
  std::int32_t instance = 0;                  ///< Profile `ideal` (Switch::earlier_instance_writes); otherwise 0.
  Offset start_offset = 0;                    ///< -1: not decided yet.
  std::int32_t delivery_complete_count = -1;  ///< Finished offsets from the start offset on; -1: unknown.
  TimeMs created = 0;
  TimeMs written = 0;  ///< Time of the last snapshot, not of the last update (SC-52).
  StateBatches batches;

  friend bool operator==(const ShareSnapshot&, const ShareSnapshot&) = default;
};

/// ShareUpdate: an increment on top of the current state. It carries no state epoch and no times.
struct ShareUpdate {
  std::int32_t snapshot_epoch = 0;
  std::int32_t leader_epoch = 0;  ///< -1: unchanged.
  std::int32_t instance = 0;
  Offset start_offset = 0;  ///< -1: unchanged.
  std::int32_t delivery_complete_count = -1;
  StateBatches batches;

  friend bool operator==(const ShareUpdate&, const ShareUpdate&) = default;
};

/// A snapshot without value: the key no longer exists. There is none for updates.
struct Tombstone {
  friend bool operator==(const Tombstone&, const Tombstone&) = default;
};

struct StateRecord {
  SharePartitionKey key;
  std::variant<ShareSnapshot, ShareUpdate, Tombstone> value;

  friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

}  // namespace sharelock
