// The answers of the oracle's protocol, typed: what an operation gave, and what happened on the way.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "interop/protocol/kafka_line.h"
#include "model/partition/outbox.h"
#include "model/partition/requests.h"

namespace sharelock::interop {

/// Counts reads, writes and hand-overs to the dead-letter queue together, from 0 since the reset, in order of issue.
using PendingId = std::int64_t;

namespace event {

struct ReadIssued {
  PendingId id;
  std::int32_t leader_epoch;
};
/// `batch_count` entries of Answer::batches from `first_batch` on.
struct WriteIssued {
  PendingId id;
  std::int32_t state_epoch;
  std::int32_t leader_epoch;
  Offset start_offset;
  std::int64_t delivery_complete_count;
  std::uint32_t first_batch;
  std::uint32_t batch_count;
};
struct DeadLetterIssued {
  PendingId id;
  Offset first;
  Offset last;
  std::int32_t delivery_count;
  DeadLetterCause cause;
};
struct FetchesWoken {};
struct LockFired {
  AcquisitionLock lock;
};
struct RequestDone {
  std::int64_t request;
  KafkaError error;
};
struct OffsetLookedUp {
  effect::OffsetLookedUp::Kind kind;
};
/// The handler of a lock threw.
struct TimerAborted {
  KafkaError error;
};

}  // namespace event

using Event = std::variant<event::ReadIssued, event::WriteIssued, event::DeadLetterIssued, event::FetchesWoken,
                           event::LockFired, event::RequestDone, event::OffsetLookedUp, event::TimerAborted>;

namespace result {

struct Nothing {};
struct Version {
  KafkaLine line;
};
/// An asynchronous request and whether it is done when the answer is written.
struct Started {
  std::int64_t request;
  bool done;
};
struct Locked {
  bool locked;
};
struct NextOffset {
  Offset offset;
};
struct CanAcquire {
  bool can;
};
struct Acquired {
  AcquiredRanges ranges;
  std::int64_t count = 0;
  std::optional<std::span<const LogBatch>> slice{};  ///< The log batches that the response would carry.
};
struct Metadata {
  std::optional<LogPosition> position;
};
struct Advanced {
  TimeMs now;
  std::int64_t fired;
};
struct Fired {
  std::int64_t fired;
};
struct WriteCompleted {
  PendingId id;
};
struct DeadLetterCompleted {
  PendingId id;
};
struct Drained {
  std::int64_t completed;
};

}  // namespace result

using Result = std::variant<result::Nothing, result::Version, result::Started, result::Locked, result::NextOffset,
                            result::CanAcquire, result::Acquired, result::Metadata, result::Advanced, result::Fired,
                            result::WriteCompleted, result::DeadLetterCompleted, result::Drained>;

/// Reused from answer to answer, so that a long run allocates nothing for it.
struct Answer {
  std::optional<std::string> refusal;  ///< BadInput: nothing else counts then.
  Result result;
  std::optional<Outcome> error;  ///< `aborted`: the call threw.
  std::vector<Event> events;
  std::vector<StateBatch> batches;  ///< Of the writes among the events.

  void clear() {
    refusal.reset();
    result = result::Nothing{};
    error.reset();
    events.clear();
    batches.clear();
  }
};

}  // namespace sharelock::interop
