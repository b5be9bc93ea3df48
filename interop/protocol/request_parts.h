// The structured parts of requests: log batches, acknowledgements, outcomes of hand-overs.
#pragma once

#include "interop/protocol/json_fields.h"
#include "interop/protocol/kafka_line.h"
#include "interop/protocol/request.h"

namespace sharelock::interop {

// All of them throw BadInput where the protocol does not allow what is there.

std::vector<LogBatch> parse_log(simdjson::dom::array items);

/// A log batch with its size in a file, in bytes.
struct SizedLogBatch {
  LogBatch batch;
  std::int32_t bytes = 0;
};
/// As in parse_log, with an optional size: the third item of a list, or `size`. A batch is never smaller than what it
/// holds.
SizedLogBatch parse_sized_log_batch(Json value);

/// Pairs of first offset and producer id.
std::vector<AbortedTransaction> parse_aborted(simdjson::dom::array items);
/// Triples of first offset, last offset, types.
void parse_acknowledgements(simdjson::dom::array items, op::Acknowledge& into);
/// `ok`, an error name or an object; absent and null are success.
HandOverOutcome parse_outcome(const std::optional<Json>& value, KafkaLine line);
/// The result of an offset look-up: a number, an error name, or null for "no such offset".
OffsetLookup parse_lookup(Json value, KafkaLine line);
AutoOffsetReset parse_offset_reset(std::string_view text);

}  // namespace sharelock::interop
