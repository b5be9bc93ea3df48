// What a comparison of the share fetch path should have met.
#include <array>

#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

template <class Is>
bool some_event(JsonElement answer, std::string_view kind, Is&& is) {
  if (const auto events = field(answer, "events"))
    for (const JsonElement event : events->get_array())
      if (text(event, "e") == kind && is(event)) return true;
  return false;
}

bool happened(JsonElement answer, std::string_view kind) {
  return some_event(answer, kind, [](JsonElement) { return true; });
}

template <class Is>
bool some_part(JsonElement answer, std::string_view kind, Is&& is) {
  return some_event(answer, kind, [&](JsonElement event) {
    const auto parts = field(event, "parts");
    if (!parts) return false;
    for (const JsonElement part : parts->get_array())
      if (is(part)) return true;
    return false;
  });
}

bool acquired(JsonElement part) {
  const auto ranges = field(part, "acquired");
  return ranges && ranges->get_array().size() > 0;
}

bool during(JsonElement answer) {
  const auto ran = field(answer["result"], "during");
  return ran && bool{ran->get_bool()};
}

template <class Is>
bool answered(JsonElement answer, Is&& is) {
  return field(answer, "result") && is(answer);
}

constexpr std::array situations{
    PartSituation{"a fetch acquires at once", "SP-162",
                  [](JsonElement request, JsonElement answer) {
                    return text(request, "op") == "fetch" && some_part(answer, "respond", acquired);
                  }},
    PartSituation{"a waiting fetch acquires when it is checked", "SP-165",
                  [](JsonElement request, JsonElement answer) {
                    return text(request, "op") != "fetch" && text(request, "op") != "advance" &&
                           some_part(answer, "respond", acquired);
                  }},
    PartSituation{"a fetch times out", "SP-167",
                  [](JsonElement, JsonElement answer) {
                    return some_event(answer, "fire", [](JsonElement event) {
                      return field(event, "req").has_value() && !field(event, "remote");
                    });
                  }},
    PartSituation{"a lock expires", "SP-92",
                  [](JsonElement, JsonElement answer) {
                    return some_event(answer, "fire", [](JsonElement event) { return field(event, "sp").has_value(); });
                  }},
    PartSituation{"bytes are split by chance", "SP-166",
                  [](JsonElement, JsonElement answer) { return happened(answer, "draw"); }},
    PartSituation{"an object is replaced", "SP-150",
                  [](JsonElement, JsonElement answer) {
                    return some_event(answer, "create", [](JsonElement event) {
                      return text(event, "sp").find('#') != std::string_view::npos;
                    });
                  }},
    PartSituation{"an object is removed", "SP-150",
                  [](JsonElement, JsonElement answer) { return happened(answer, "remove"); }},
    PartSituation{"a fetch is answered with an error", "SP-167",
                  [](JsonElement, JsonElement answer) {
                    return some_part(answer, "respond",
                                     [](JsonElement part) { return field(part, "error").has_value(); });
                  }},
    PartSituation{"an acknowledgement fails", "SP-85",
                  [](JsonElement, JsonElement answer) {
                    return some_part(answer, "acked",
                                     [](JsonElement part) { return field(part, "error").has_value(); });
                  }},
    PartSituation{"the log start moved", "SP-95",
                  [](JsonElement, JsonElement answer) {
                    return some_part(answer, "log", [](JsonElement part) {
                      const auto error = field(part, "error");
                      return error && std::string_view{error->get_string()} == "OFFSET_OUT_OF_RANGE";
                    });
                  }},
    PartSituation{"a log read throws", "SP-163",
                  [](JsonElement, JsonElement answer) {
                    return some_event(answer, "log",
                                      [](JsonElement event) { return field(event, "throws").has_value(); });
                  }},
    PartSituation{"a remote read is scheduled", "SP-163",
                  [](JsonElement, JsonElement answer) { return happened(answer, "remote"); }},
    PartSituation{"a remote read is given up", "SP-163",
                  [](JsonElement, JsonElement answer) { return happened(answer, "cancelRemote"); }},
    PartSituation{"remote reads reach their limit", "SP-163",
                  [](JsonElement, JsonElement answer) {
                    return some_event(answer, "fire",
                                      [](JsonElement event) { return field(event, "remote").has_value(); });
                  }},
    PartSituation{"a remote read without bytes to spare", "D-22",
                  [](JsonElement, JsonElement answer) {
                    return some_part(answer, "log", [](JsonElement part) {
                      return number(part, "bytes") == 0 && !field(part, "error") && number(part, "max") > 0 &&
                             number(part, "offset") == 0 && !field(part, "remote");
                    });
                  }},
    PartSituation{"a log read goes on by itself", "V-7",
                  [](JsonElement, JsonElement answer) { return happened(answer, "logRead"); }, KafkaLine::v4_4},
    PartSituation{"a log read that went on ends", "V-7",
                  [](JsonElement request, JsonElement answer) {
                    return text(request, "op") == "completeLogRead" &&
                           answered(answer, [](JsonElement) { return true; });
                  },
                  KafkaLine::v4_4},
    PartSituation{
        "another thread acts in a log read", "SP-163",
        [](JsonElement, JsonElement answer) { return answered(answer, [](JsonElement all) { return during(all); }); }},
    PartSituation{"another thread waits for a fetch that is tried", "SP-163",
                  [](JsonElement, JsonElement answer) { return happened(answer, "blocked"); }},
    PartSituation{"a record goes to the dead-letter queue", "SP-133",
                  [](JsonElement, JsonElement answer) { return happened(answer, "dlq"); }, KafkaLine::v4_4},
    PartSituation{"a session is released", "SP-90",
                  [](JsonElement request, JsonElement answer) {
                    return text(request, "op") == "release" && !field(answer, "error");
                  }},
    PartSituation{"a request fails as a whole", "SP-76",
                  [](JsonElement request, JsonElement answer) {
                    return text(request, "op") == "acknowledge" && field(answer, "error");
                  }},
};

}  // namespace

std::span<const PartSituation> broker_situations() {
  return situations;
}

}  // namespace sharelock::interop
