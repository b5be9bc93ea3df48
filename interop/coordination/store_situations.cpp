// What a comparison of the share coordinator should have met.
#include <array>

#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

bool is(JsonElement request, std::string_view op) {
  return text(request, "op") == op;
}

/// Some entry was answered with that error.
bool answered(JsonElement answer, std::string_view error) {
  if (const auto results = field(answer, "results"))
    for (const JsonElement result : results->get_array())
      if (text(result, "error") == error) return true;
  return false;
}

bool wrote(JsonElement answer, std::string_view type) {
  if (const auto records = field(answer, "records"))
    for (const JsonElement record : records->get_array())
      if (text(record, "type") == type) return true;
  return false;
}

bool is_empty_list(JsonElement object, std::string_view name) {
  const auto list = field(object, name);
  return list && list->get_array().size() == 0;
}

constexpr std::array situations{
    PartSituation{"INVALID_REQUEST", "3.5 rows 1 to 5",
                  [](JsonElement, JsonElement answer) { return answered(answer, "INVALID_REQUEST"); }},
    PartSituation{"FENCED_LEADER_EPOCH", "3.5 row 6",
                  [](JsonElement, JsonElement answer) { return answered(answer, "FENCED_LEADER_EPOCH"); }},
    PartSituation{"FENCED_STATE_EPOCH", "3.5 row 7",
                  [](JsonElement, JsonElement answer) { return answered(answer, "FENCED_STATE_EPOCH"); }},
    PartSituation{"UNKNOWN_TOPIC_OR_PARTITION", "3.5 row 8",
                  [](JsonElement, JsonElement answer) { return answered(answer, "UNKNOWN_TOPIC_OR_PARTITION"); }},
    PartSituation{"NOT_COORDINATOR", "RT-9",
                  [](JsonElement, JsonElement answer) { return answered(answer, "NOT_COORDINATOR"); }},
    PartSituation{"a request with nothing to answer", "SC-7",
                  [](JsonElement request, JsonElement answer) {
                    return field(request, "entries") && is_empty_list(answer, "results");
                  }},
    PartSituation{
        "a write that is an update", "SC-25",
        [](JsonElement request, JsonElement answer) { return is(request, "shard.write") && wrote(answer, "update"); }},
    PartSituation{"a write that is a snapshot", "SC-25",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, "shard.write") && wrote(answer, "snapshot");
                  }},
    PartSituation{
        "a read that raises the leader epoch", "SC-31",
        [](JsonElement request, JsonElement answer) { return is(request, "shard.read") && field(answer, "records"); }},
    PartSituation{"a read that writes nothing", "SC-31",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, "shard.read") && answered(answer, "NONE") && !field(answer, "records");
                  }},
    PartSituation{"a delete of what is there", "SC-45",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, "shard.delete") && wrote(answer, "tombstone");
                  }},
    PartSituation{"a topic's state goes with it", "SC-48",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, "shard.metadata") && wrote(answer, "tombstone");
                  }},
    PartSituation{"the cold job writes snapshots", "SC-60",
                  [](JsonElement request, JsonElement answer) {
                    return (is(request, "shard.cold") || is(request, "shard.advance")) && wrote(answer, "snapshot");
                  }},
    PartSituation{"the log is pruned", "SC-65",
                  [](JsonElement, JsonElement answer) { return field(answer, "events").has_value(); }},
    PartSituation{"an election", "RT-10", [](JsonElement request, JsonElement) { return is(request, "shard.load"); }},
    PartSituation{"a failed append", "RT-7",
                  [](JsonElement request, JsonElement) { return is(request, "shard.revert"); }},
    PartSituation{"a combination", "BC", [](JsonElement request, JsonElement) { return is(request, "combine"); }},
};

}  // namespace

std::span<const PartSituation> store_situations() {
  return situations;
}

}  // namespace sharelock::interop
