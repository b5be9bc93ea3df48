// What is asked of the share coordinator about one key, and what it answers: one entry of each of the five requests.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "model/protocol/kafka_error.h"
#include "model/store/records.h"

namespace sharelock {

/// InitializeShareGroupState: begin anew at an offset.
struct InitializeEntry {
  std::int32_t state_epoch = 0;
  Offset start_offset = -1;  ///< -1: to be decided by whoever reads.

  friend bool operator==(const InitializeEntry&, const InitializeEntry&) = default;
};

/// WriteShareGroupState. A request of version 0 has no delivery-complete count: -1.
struct WriteEntry {
  std::int32_t state_epoch = 0;
  std::int32_t leader_epoch = 0;
  std::int32_t instance = 0;  ///< Which share partition of this leader epoch writes; only `ideal` looks at it.
  Offset start_offset = -1;
  std::int32_t delivery_complete_count = -1;
  StateBatches batches;

  friend bool operator==(const WriteEntry&, const WriteEntry&) = default;
};

/// ReadShareGroupState: raises the leader epoch.
struct ReadEntry {
  std::int32_t leader_epoch = 0;
  std::int32_t instance = 0;

  friend bool operator==(const ReadEntry&, const ReadEntry&) = default;
};

/// ReadShareGroupStateSummary: for describing groups. The leader epoch is carried and never looked at (SC-35).
struct SummaryEntry {
  std::int32_t leader_epoch = 0;

  friend bool operator==(const SummaryEntry&, const SummaryEntry&) = default;
};

/// DeleteShareGroupState.
struct DeleteEntry {
  friend bool operator==(const DeleteEntry&, const DeleteEntry&) = default;
};

/// One entry of one request; a request holds entries of one kind.
using StateEntry = std::variant<InitializeEntry, WriteEntry, ReadEntry, SummaryEntry, DeleteEntry>;

/// What a read returns beside its error.
struct ReadState {
  std::int32_t state_epoch = 0;
  Offset start_offset = 0;
  StateBatches batches;

  friend bool operator==(const ReadState&, const ReadState&) = default;
};

/// What a summary returns beside its error; these values for a key that is not initialised (SC-36).
struct Summary {
  std::int32_t state_epoch = 0;
  std::int32_t leader_epoch = 0;
  Offset start_offset = -1;
  std::int32_t delivery_complete_count = -1;

  friend bool operator==(const Summary&, const Summary&) = default;
};

/// The answer to one entry. `data` holds something only for reads and summaries without error.
struct StateResult {
  KafkaError error = KafkaError::none;
  std::variant<std::monostate, ReadState, Summary> data;

  friend bool operator==(const StateResult&, const StateResult&) = default;
};

}  // namespace sharelock
