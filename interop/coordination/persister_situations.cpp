// What a comparison of persisters should have met.
#include <algorithm>
#include <array>
#include <vector>

#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

/// Whether an event of that kind shows something.
bool any_event(JsonElement answer, std::string_view kind, const auto& shows) {
  const auto events = field(answer, "events");
  if (!events) return false;
  for (const JsonElement event : events->get_array())
    if (text(event, "e") == kind && shows(event)) return true;
  return false;
}

bool sends(JsonElement answer, std::string_view api) {
  return any_event(answer, "request", [&](JsonElement request) { return text(request, "api") == api; });
}

bool backs_off(JsonElement answer, std::int64_t attempt) {
  return any_event(answer, "backoff", [&](JsonElement event) { return number(event, "attempt") == attempt; });
}

bool reports(JsonElement answer, std::string_view error) {
  return any_event(answer, "done", [&](JsonElement done) {
    for (const JsonElement result : done["results"].get_array())
      if (text(result, "error") == error) return true;
    return false;
  });
}

bool gathers(JsonElement answer) {
  return any_event(answer, "request", [](JsonElement request) {
    const auto topics = field(request, "topics");
    return topics && (topics->get_array().size() > 1 || topics->at(0)["partitions"].get_array().size() > 1);
  });
}

bool writes_a_key_twice(JsonElement answer) {
  return any_event(answer, "request", [](JsonElement request) {
    const auto topics = field(request, "topics");
    if (!topics) return false;
    for (const JsonElement topic : topics->get_array()) {
      std::vector<std::int64_t> partitions;
      for (const JsonElement entry : topic["partitions"].get_array()) partitions.push_back(number(entry, "partition"));
      std::ranges::sort(partitions);
      if (std::ranges::adjacent_find(partitions) != partitions.end()) return true;
    }
    return false;
  });
}

bool sends_several(JsonElement answer) {
  return field(answer, "events") && std::ranges::count_if(answer["events"].get_array(), [](JsonElement event) {
                                      return text(event, "e") == "request";
                                    }) > 1;
}

bool some_request_waits(JsonElement answer) {
  const auto state = field(answer, "state");
  if (!state) return false;
  for (const JsonElement request : (*state)["requests"].get_array())
    if (!bool{request.at(2).get_bool()}) return true;
  return false;
}

bool is(JsonElement request, std::string_view op) {
  return text(request, "op") == op;
}

bool fails(JsonElement request, std::string_view how) {
  return is(request, "persister.answer") && field(request, "failed") && text(request, "failed") == how;
}

constexpr std::array situations{
    PartSituation{"a coordinator is looked up", "PE-2",
                  [](JsonElement, JsonElement answer) { return sends(answer, "lookup"); }},
    PartSituation{"an initialisation is sent", "PE-4",
                  [](JsonElement, JsonElement answer) { return sends(answer, "initialize"); }},
    PartSituation{"a write is sent", "PE-4", [](JsonElement, JsonElement answer) { return sends(answer, "write"); }},
    PartSituation{"a read is sent", "PE-4", [](JsonElement, JsonElement answer) { return sends(answer, "read"); }},
    PartSituation{"a summary is sent", "PE-4",
                  [](JsonElement, JsonElement answer) { return sends(answer, "summary"); }},
    PartSituation{"a deletion is sent", "PE-4",
                  [](JsonElement, JsonElement answer) { return sends(answer, "delete"); }},
    PartSituation{"several keys share a request", "PE-4",
                  [](JsonElement, JsonElement answer) { return gathers(answer); }},
    PartSituation{"a key is in a request twice", "PE-9",
                  [](JsonElement, JsonElement answer) { return writes_a_key_twice(answer); }},
    PartSituation{"an iteration sends several requests", "PE-4 PE-5",
                  [](JsonElement, JsonElement answer) { return sends_several(answer); }},
    PartSituation{"a first back-off", "PE-13", [](JsonElement, JsonElement answer) { return backs_off(answer, 1); }},
    PartSituation{"a last back-off", "PE-13", [](JsonElement, JsonElement answer) { return backs_off(answer, 4); }},
    PartSituation{"all attempts failed", "PE-13 PE-14",
                  [](JsonElement, JsonElement answer) {
                    return reports(answer, "NOT_COORDINATOR") || reports(answer, "COORDINATOR_LOAD_IN_PROGRESS");
                  }},
    PartSituation{"a call succeeds", "PE-1", [](JsonElement, JsonElement answer) { return reports(answer, "NONE"); }},
    PartSituation{"a final error", "5.4",
                  [](JsonElement, JsonElement answer) { return reports(answer, "FENCED_STATE_EPOCH"); }},
    PartSituation{"a disconnect", "PE-10",
                  [](JsonElement request, JsonElement) { return fails(request, "disconnected"); }},
    PartSituation{"a time-out", "PE-14", [](JsonElement request, JsonElement) { return fails(request, "timedOut"); }},
    PartSituation{"an unsupported version", "5.4",
                  [](JsonElement, JsonElement answer) { return reports(answer, "UNSUPPORTED_VERSION"); }},
    PartSituation{"a failed authentication", "5.4",
                  [](JsonElement, JsonElement answer) { return reports(answer, "SASL_AUTHENTICATION_FAILED"); }},
    PartSituation{"no usable answer", "PE-11 PE-12",
                  [](JsonElement, JsonElement answer) { return reports(answer, "UNKNOWN_SERVER_ERROR"); }},
    PartSituation{"a request waits for its connection", "PE-14",
                  [](JsonElement, JsonElement answer) { return some_request_waits(answer); }},
    PartSituation{"no broker is alive", "PE-2",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, "persister.send") && reports(answer, "COORDINATOR_NOT_AVAILABLE");
                  }},
};

}  // namespace

std::span<const PartSituation> persister_situations() {
  return situations;
}

}  // namespace sharelock::interop
