// What a comparison of share sessions should have met.
#include <array>

#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

bool is(JsonElement request, JsonElement answer, std::string_view op, std::string_view error) {
  return text(request, "op") == op && text(answer, "error") == error;
}

bool is_fetch(JsonElement request, JsonElement answer, std::string_view error) {
  return is(request, answer, "session.fetch", error);
}

bool told(JsonElement answer, std::string_view event) {
  if (const auto events = field(answer, "events"))
    for (const JsonElement one : events->get_array())
      if (text(one, "event") == event) return true;
  return false;
}

bool has_elements(JsonElement object, std::string_view name) {
  const auto list = field(object, name);
  return list && list->get_array().size() > 0;
}

bool some_connection_is_stale(JsonElement answer) {
  for (const auto connection : answer["connections"].get_object())
    if (bool{connection.value.at(2).get_bool()}) return true;
  return false;
}

constexpr std::array situations{
    PartSituation{"a session is opened", "SP-181",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "NONE") && number(request, "epoch") == 0;
                  }},
    PartSituation{"a session goes on", "SP-181",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "NONE") && number(request, "epoch") > 0;
                  }},
    PartSituation{"a last request", "SP-181",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "NONE") && number(request, "epoch") == -1;
                  }},
    PartSituation{"acknowledgements in a first request", "SP-181",
                  [](JsonElement request, JsonElement answer) { return is_fetch(request, answer, "INVALID_REQUEST"); }},
    PartSituation{"the broker is full", "SP-180 SP-181",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "SHARE_SESSION_LIMIT_REACHED");
                  }},
    PartSituation{
        "no such session", "SP-181",
        [](JsonElement request, JsonElement answer) { return is_fetch(request, answer, "SHARE_SESSION_NOT_FOUND"); }},
    PartSituation{"a fetch with another epoch", "SP-181",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "INVALID_SHARE_SESSION_EPOCH");
                  }},
    PartSituation{"a first request that names a partition twice", "SP-181",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "exception:RuntimeException");
                  }},
    PartSituation{"an acknowledgement", "SP-182",
                  [](JsonElement request, JsonElement answer) { return is(request, answer, "session.ack", "NONE"); }},
    PartSituation{"an acknowledgement with another epoch", "SP-182",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "session.ack", "INVALID_SHARE_SESSION_EPOCH");
                  }},
    PartSituation{"partitions are forgotten", "SP-185",
                  [](JsonElement request, JsonElement answer) {
                    return is_fetch(request, answer, "NONE") && has_elements(request, "forget");
                  }},
    PartSituation{"a partition of a topic without name", "SP-181",
                  [](JsonElement, JsonElement answer) { return has_elements(answer, "erroneous"); }},
    PartSituation{"a response leaves a partition out", "SP-186",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "session.respond", "NONE") &&
                           answer["included"].get_array().size() < request["partitions"].get_array().size();
                  }},
    PartSituation{"a response is composed after the next request", "SP-186",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "session.respond", "INVALID_SHARE_SESSION_EPOCH");
                  }},
    PartSituation{
        "a session is released", "SP-181",
        [](JsonElement request, JsonElement answer) { return is(request, answer, "session.release", "NONE"); }},
    PartSituation{"a connection ends and its member leaves", "SP-189",
                  [](JsonElement, JsonElement answer) { return told(answer, "memberLeave"); }},
    PartSituation{"a group is empty", "SP-189",
                  [](JsonElement, JsonElement answer) { return told(answer, "groupEmpty"); }},
    PartSituation{
        "a stale connection ends", "SP-189",
        [](JsonElement, JsonElement answer) { return told(answer, "groupEmpty") && !told(answer, "memberLeave"); }},
    PartSituation{"a connection is stale", "SP-189",
                  [](JsonElement, JsonElement answer) { return some_connection_is_stale(answer); }},
    PartSituation{"all sessions are removed", "SP-150",
                  [](JsonElement request, JsonElement) { return text(request, "op") == "session.clear"; }},
};

}  // namespace

std::span<const PartSituation> session_situations() {
  return situations;
}

}  // namespace sharelock::interop
