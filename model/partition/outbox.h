// What a call on a share partition did and what it asks for, as one ordered list: its order is the order of Kafka's
// events. Drivers decide when, and whether, what is asked for happens.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "model/partition/in_flight_state.h"
#include "model/protocol/kafka_error.h"
#include "model/strong.h"

namespace sharelock {

/// Something handed over to the persister or the dead-letter queue, to be answered later; unique within the life of one
/// share partition, in order of issue.
using HandOverId = Strong<struct HandOverIdTag, std::uint32_t>;
/// Names an asynchronous request (initialise, acknowledge, release) in its completion; the caller chooses it.
using RequestId = Strong<struct RequestIdTag, std::uint64_t>;

/// One entry of a write: the state of a range of offsets (SP-120).
struct StateBatch {
  Offset first;
  Offset last;
  RecordState state;
  std::int32_t delivery_count;

  friend bool operator==(const StateBatch&, const StateBatch&) = default;
};

/// An acquisition lock as the timer sees it. It is handed back when it fires.
struct AcquisitionLock {
  LockId id;
  MemberId owner;
  Offset first;
  Offset last;
  TimeMs expires_at;

  friend bool operator==(const AcquisitionLock&, const AcquisitionLock&) = default;
};

/// Why a record goes to the dead-letter queue (SP-134).
enum class DeadLetterCause : std::uint8_t { rejected, exceeded };

/// Why a write was issued decides what its answer does.
enum class WriteKind : std::uint8_t {
  acknowledge,  ///< SP-85: the answer confirms or rolls back, and a caller waits for it.
  release,      ///< The same for a session that ended (SP-90).
  expiry,       ///< SP-92: whatever the answer, the start offset may advance.
  dead_letter,  ///< SP-133, phase 2: the same, and fetches are woken.
  archive,      ///< Profile `ideal`: records archived in memory are written and passed.
  start         ///< Profile `ideal`: the start offset that was resolved; until it is stored, the load waits (CV-1).
};

namespace effect {

/// The persisted state is wanted (SP-20).
struct ReadIssued {
  HandOverId id;
  std::int32_t leader_epoch;
};
/// A persister write was issued (SP-120). `batch_count` entries of Outbox::batches from `first_batch` on.
struct WriteIssued {
  HandOverId id;
  WriteKind kind;
  std::int32_t state_epoch;
  std::int32_t leader_epoch;
  Offset start_offset;
  std::int64_t delivery_complete_count;
  std::uint32_t first_batch;
  std::uint32_t batch_count;
};
/// A range was handed to the dead-letter queue (SP-133).
struct DeadLetterIssued {
  HandOverId id;
  Offset first;
  Offset last;
  std::int32_t delivery_count;
  DeadLetterCause cause;
};
/// Waiting fetches of this share partition are to be checked (SP-165).
struct FetchesWoken {};
/// An offset of the log was looked up (SP-22).
struct OffsetLookedUp {
  enum class Kind : std::uint8_t { earliest, latest, timestamp } kind;
};
/// An asynchronous request is answered.
struct RequestDone {
  RequestId request;
  KafkaError error;
};
/// A lock started; the timer is to fire it at its expiry.
struct LockStarted {
  AcquisitionLock lock;
};
/// The timer is to forget a lock.
struct LockCancelled {
  LockId id;
};
/// An unlock by a fetch that did not hold the fetch lock changed nothing (profile `ideal`, SP-33).
struct UnlockRefused {};

}  // namespace effect

using Effect = std::variant<effect::ReadIssued, effect::WriteIssued, effect::DeadLetterIssued, effect::FetchesWoken,
                            effect::OffsetLookedUp, effect::RequestDone, effect::LockStarted, effect::LockCancelled,
                            effect::UnlockRefused>;

/// The ordered list. Lent by the caller and reused, so that a call allocates nothing once it has grown.
struct Outbox {
  std::vector<Effect> effects;
  std::vector<StateBatch> batches;

  void clear() {
    effects.clear();
    batches.clear();
  }
  std::span<const StateBatch> batches_of(const effect::WriteIssued& write) const {
    return std::span{batches}.subspan(write.first_batch, write.batch_count);
  }
};

}  // namespace sharelock
