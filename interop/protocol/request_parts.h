// The structured parts of requests: log batches, acknowledgements, outcomes of hand-overs.
#pragma once

#include "interop/protocol/json_fields.h"
#include "interop/protocol/kafka_line.h"
#include "interop/protocol/request.h"

namespace sharelock::interop {

// All of them throw BadInput where the protocol does not allow what is there.

std::vector<LogBatch> parse_log(simdjson::dom::array items);
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
