// What is asked of a share partition, and what it answers.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <span>

#include "model/log/log_batch.h"
#include "model/partition/outbox.h"

namespace sharelock {

/// KIP-1206. Batch-optimised acquires whole batches; record-limit never more than the maximum.
enum class AcquireMode : std::uint8_t { batch_optimized, record_limit };

enum class Isolation : std::uint8_t { read_uncommitted, read_committed };

/// Names the fetch that holds the fetch lock. Value 0 is none.
using FetchId = Strong<struct FetchIdTag, std::uint64_t>;

/// One fetch for one share partition (SP-40): who asks, how much, and what the log returned.
struct AcquireRequest {
  AcquireMode mode = AcquireMode::batch_optimized;
  std::int32_t batch_size = 500;
  std::int32_t max_records = 500;
  Offset fetch_offset = 0;              ///< The offset that the log was read from.
  std::span<const LogBatch> batches{};  ///< What the log returned, in order.
  Isolation isolation = Isolation::read_uncommitted;
  std::span<const AbortedTransaction> aborted{};  ///< Looked at under read_committed only.
};

/// A run of acquired offsets with equal delivery count.
struct AcquiredRange {
  Offset first;
  Offset last;
  std::int32_t delivery_count;

  friend bool operator==(const AcquiredRange&, const AcquiredRange&) = default;
};
using AcquiredRanges = boost::container::small_vector<AcquiredRange, 8>;

/// How a call ended that Kafka's class may abort half-way: what it changed before that stays changed.
struct Outcome {
  KafkaError error = KafkaError::none;
  bool aborted = false;

  static constexpr Outcome abort() { return {KafkaError::unknown_server_error, true}; }
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// What a fetch got of one share partition (SP-61).
struct Acquired {
  AcquiredRanges ranges;
  std::int64_t count = 0;  ///< What it takes from the request's max records.
  Outcome outcome;
};

/// The ids of the protocol (SP-72). Other values reach the class too and are answered with INVALID_REQUEST.
enum class AcknowledgeType : std::int8_t { gap = 0, accept = 1, release = 2, reject = 3, renew = 4 };

/// A range to acknowledge: one type for all of it, or one for each offset.
struct AcknowledgementBatch {
  Offset first;
  Offset last;
  std::span<const AcknowledgeType> types;
};

/// The answer to a hand-over, as far as its form goes (SP-21, SP-124).
enum class AnswerForm : std::uint8_t {
  well_formed,
  equal_topic_id,  ///< Well-formed, but the topic id is an equal object, not the same one (V-9).
  malformed,       ///< Absent, or about another topic or partition, or about several.
  threw            ///< The call to the persister itself failed, with `error`.
};

struct WriteAnswer {
  AnswerForm form = AnswerForm::well_formed;
  KafkaError error = KafkaError::none;
};

/// A batch as it was persisted. The state is an id that may be none of RecordState's, or one that this version does not
/// know.
struct PersistedBatch {
  Offset first;
  Offset last;
  std::int8_t state;
  std::int16_t delivery_count;
};

struct ReadAnswer {
  AnswerForm form = AnswerForm::well_formed;
  KafkaError error = KafkaError::none;
  std::int32_t state_epoch = 0;
  Offset start_offset = 0;  ///< -1: the share partition is not initialised (SP-22).
  std::span<const PersistedBatch> batches{};
};

/// Where an offset lies in the log's files (SP-163).
struct LogPosition {
  Offset message_offset = 0;
  Offset segment_base_offset = -1;
  std::int32_t position_in_segment = -1;

  friend bool operator==(const LogPosition&, const LogPosition&) = default;
};

}  // namespace sharelock
