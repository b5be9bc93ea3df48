// The requests of the oracle's protocol (interop/kafka/share-partition/PROTOCOL.md), decoded: one struct per operation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/log/log_batch.h"
#include "model/partition/requests.h"
#include "model/partition/surroundings.h"
#include "model/strong.h"

namespace sharelock::interop {

/// What an answer shows of the state (protocol 2.3).
enum class DumpMode : std::uint8_t { full, text, both, hash, brief, none };

/// When writes, or hand-overs to the dead-letter queue, are completed (protocol 3).
enum class Completion : std::uint8_t { manual, automatic, in_line };

/// Names a fetch that takes the fetch lock: a number of the NameTable.
using FetchNumber = std::uint32_t;

/// The initial state of a new share partition.
enum class InitialState : std::uint8_t { empty, initializing, active, failed, fenced };

/// The end of a persister read, a persister write or a hand-over, as the script says (protocol 1.6).
struct HandOverOutcome {
  AnswerForm form = AnswerForm::well_formed;
  KafkaError error = KafkaError::none;
  std::int32_t state_epoch = 0;
  Offset start_offset = 0;
  std::vector<PersistedBatch> batches;

  bool failed() const { return form == AnswerForm::threw || error != KafkaError::none; }
};

namespace op {

/// Changes of the configuration; what is absent stays as it is.
struct Configure {
  std::optional<std::int32_t> max_locks;
  std::optional<std::int32_t> limit;
  std::optional<std::int32_t> lock_ms;
  std::optional<bool> renew;
  std::optional<bool> dlq;  ///< Shorthand for the two that follow; they win over it.
  std::optional<bool> dlq_feature;
  std::optional<std::optional<std::string>> dlq_topic;
  std::optional<AutoOffsetReset> auto_offset_reset;
  std::optional<OffsetLookup> earliest;
  std::optional<OffsetLookup> latest;
  std::optional<OffsetLookup> timestamp;
  std::optional<Completion> writes;
  std::optional<Completion> dlqs;
  std::optional<bool> metrics;
  std::optional<DumpMode> dump;
};
struct Reset {
  Configure configuration;
  InitialState state = InitialState::empty;
  std::int32_t leader_epoch = 0;
  TimeMs now = 0;
};
struct ShowState {};
struct Initialize {
  std::optional<HandOverOutcome> read;  ///< Completes the read that this very call issues.
};
struct CompleteRead {
  std::int64_t which = -1;
  HandOverOutcome read;
};
struct Lock {
  FetchNumber fetch;
};
struct Unlock {
  FetchNumber fetch;
};
struct NextFetchOffset {};
struct CanAcquire {};
struct Acquire {
  /// `malformed` is refused only after the class acquired: the one refusal that leaves something behind.
  enum class Slice : std::uint8_t { no, yes, malformed };

  MemberId member;
  AcquireMode mode = AcquireMode::batch_optimized;
  std::int32_t batch_size = 500;
  std::int32_t max_records = 500;
  Offset fetch_offset = 0;
  std::vector<LogBatch> log;
  std::vector<AbortedTransaction> aborted;
  Isolation isolation = Isolation::read_uncommitted;
  Slice slice = Slice::no;
};
struct Acknowledge {
  /// A range; its types are `type_count` entries of `types` from `first_type` on.
  struct Batch {
    Offset first;
    Offset last;
    std::uint32_t first_type;
    std::uint32_t type_count;
  };
  MemberId member;
  std::vector<Batch> batches;
  std::vector<AcknowledgeType> types;
};
struct Release {
  MemberId member;
};
struct MoveLogStart {
  Offset offset;
};
struct Advance {
  TimeMs amount = 0;
  bool absolute = false;  ///< `amount` is the time to move to, not how far to move.
  bool fire = true;       ///< Due locks fire on the way.
};
struct Fire {
  std::optional<std::int32_t> index;
  std::int32_t count = 1;
};
struct CompleteWrite {
  std::int64_t which = -1;
  HandOverOutcome result;
};
struct CompleteDeadLetter {
  std::int64_t which = -1;
  HandOverOutcome result;
};
struct Drain {};
struct Fence {};
struct SetFetchMetadata {
  Offset at;
  LogPosition position;
};
struct GetFetchMetadata {
  Offset at;
};
/// What cannot be executed as it stands. It is answered with BadInput and changes nothing.
struct Refused {
  std::optional<std::string> op;  ///< Its name, if the line got as far as having one.
  std::string message;
};

}  // namespace op

/// One line of the protocol.
struct Request {
  using Operation =
      std::variant<op::Reset, op::Configure, op::ShowState, op::Initialize, op::CompleteRead, op::Lock, op::Unlock,
                   op::NextFetchOffset, op::CanAcquire, op::Acquire, op::Acknowledge, op::Release, op::MoveLogStart,
                   op::Advance, op::Fire, op::CompleteWrite, op::CompleteDeadLetter, op::Drain, op::Fence,
                   op::SetFetchMetadata, op::GetFetchMetadata, op::Refused>;

  std::string id;                ///< JSON text that the answer repeats; empty if there is none.
  std::optional<DumpMode> show;  ///< For this answer only.
  Operation operation;
};

/// The name of an operation in the protocol. Precondition: it was not refused.
std::string_view name_of(const Request::Operation& operation);

/// The names of all operations, in the order of the alternatives of Request::Operation.
std::span<const std::string_view> all_operation_names();

}  // namespace sharelock::interop
