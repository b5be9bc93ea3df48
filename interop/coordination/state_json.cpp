#include "interop/coordination/state_json.h"

#include <fmt/format.h>

#include <iterator>

namespace sharelock::interop {

StateEntry state_entry(std::string_view verb, JsonElement entry) {
  const std::int32_t leader_epoch = integer(entry, "leaderEpoch", 0);
  const std::int32_t state_epoch = integer(entry, "stateEpoch", 0);
  if (verb == "initialize") return InitializeEntry{state_epoch, number(entry, "startOffset", -1)};
  if (verb == "write")
    return WriteEntry{state_epoch,
                      leader_epoch,
                      0,
                      number(entry, "startOffset", -1),
                      integer(entry, "deliveryCompleteCount", -1),
                      batches(entry, "batches")};
  if (verb == "read") return ReadEntry{leader_epoch, 0};
  if (verb == "summary") return SummaryEntry{leader_epoch};
  return DeleteEntry{};
}

void append_state_result(std::string& out, std::string_view topic, std::int32_t partition, const StateResult& result) {
  out += R"({"topic":)";
  if (topic.empty())
    out += "null";
  else
    append_quoted(out, topic);
  fmt::format_to(std::back_inserter(out), R"(,"partition":{},"error":"{}")", partition, name_of(result.error));
  if (const auto* read = std::get_if<ReadState>(&result.data)) {
    fmt::format_to(std::back_inserter(out), R"(,"stateEpoch":{},"startOffset":{},"batches":)", read->state_epoch,
                   read->start_offset);
    append_batches(out, read->batches);
  } else if (const auto* summary = std::get_if<Summary>(&result.data)) {
    fmt::format_to(
        std::back_inserter(out), R"(,"stateEpoch":{},"leaderEpoch":{},"startOffset":{},"deliveryCompleteCount":{})",
        summary->state_epoch, summary->leader_epoch, summary->start_offset, summary->delivery_complete_count);
  }
  out += '}';
}

}  // namespace sharelock::interop
