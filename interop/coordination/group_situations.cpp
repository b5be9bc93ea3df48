// What a comparison of share groups should have met.
#include <array>

#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

bool is(JsonElement request, JsonElement answer, std::string_view op, std::string_view error = "NONE") {
  const auto answered = field(answer, "error");
  return text(request, "op") == op && answered && std::string_view{answered->get_string()} == error;
}

bool is_heartbeat(JsonElement request, JsonElement answer, std::string_view error = "NONE") {
  return is(request, answer, "group.heartbeat", error);
}

bool wrote(JsonElement answer, std::string_view record) {
  if (const auto records = field(answer, "records"))
    for (const JsonElement one : records->get_array())
      if (std::string_view{one.get_string()} == record) return true;
  return false;
}

bool has_groups(JsonElement answer, bool (*wanted)(JsonElement group)) {
  if (const auto groups = field(answer, "groups"))
    for (const JsonElement group : groups->get_array())
      if (wanted(group)) return true;
  return false;
}

bool is_empty(JsonElement object, std::string_view name) {
  const auto found = field(object, name);
  return !found || (found->is_array() ? found->get_array().size() == 0 : found->get_object().size() == 0);
}

bool threw(JsonElement answer, std::string_view exception) {
  const auto thrown = field(answer, "exception");
  return thrown && std::string_view{thrown->get_string()} == exception;
}

/// Some partition is to begin at 0.
bool begins_at_zero(JsonElement answer) {
  const auto initialise = field(answer, "initialize");
  if (!initialise) return false;
  for (const auto topic : (*initialise)["topics"].get_object())
    for (const auto partition : topic.value.get_object())
      if (std::int64_t{partition.value.get_int64()} == 0) return true;
  return false;
}

bool is_owed(JsonElement group) {
  return number(group, "groupEpoch") > number(group, "assignmentEpoch") && text(group, "state") == "Stable";
}

constexpr std::array situations{
    PartSituation{"a member joins", "GC-20",
                  [](JsonElement request, JsonElement answer) {
                    return is_heartbeat(request, answer) && number(request, "epoch") == 0;
                  }},
    PartSituation{"a member leaves", "GC-35",
                  [](JsonElement request, JsonElement answer) {
                    return is_heartbeat(request, answer) && number(request, "epoch") == -1;
                  }},
    PartSituation{"a heartbeat that changes nothing", "7.2",
                  [](JsonElement request, JsonElement answer) {
                    return is_heartbeat(request, answer) && !field(answer, "records");
                  }},
    PartSituation{
        "GROUP_ID_NOT_FOUND", "7.1 row 9",
        [](JsonElement request, JsonElement answer) { return is_heartbeat(request, answer, "GROUP_ID_NOT_FOUND"); }},
    PartSituation{"GROUP_MAX_SIZE_REACHED", "7.1 row 10",
                  [](JsonElement request, JsonElement answer) {
                    return is_heartbeat(request, answer, "GROUP_MAX_SIZE_REACHED");
                  }},
    PartSituation{
        "UNKNOWN_MEMBER_ID", "7.1 row 11",
        [](JsonElement request, JsonElement answer) { return is_heartbeat(request, answer, "UNKNOWN_MEMBER_ID"); }},
    PartSituation{
        "FENCED_MEMBER_EPOCH", "7.1 row 12 CV-11",
        [](JsonElement request, JsonElement answer) { return is_heartbeat(request, answer, "FENCED_MEMBER_EPOCH"); }},
    PartSituation{"the assignor fails", "GC-24 AS-14",
                  [](JsonElement, JsonElement answer) { return threw(answer, "NoSuchElementException"); }},
    PartSituation{"an assignment is owed", "GC-29",
                  [](JsonElement, JsonElement answer) { return has_groups(answer, is_owed); }},
    PartSituation{"the group epoch rises without a change of members", "GC-21 GC-22",
                  [](JsonElement request, JsonElement answer) {
                    return is_heartbeat(request, answer) && wrote(answer, "ShareGroupMetadata") &&
                           !wrote(answer, "ShareGroupMemberMetadata") && number(request, "epoch") > 0;
                  }},
    PartSituation{"a new target assignment", "GC-24",
                  [](JsonElement, JsonElement answer) { return wrote(answer, "ShareGroupTargetAssignmentMember"); }},
    PartSituation{"delivery state is to be initialised", "GC-45 GC-46",
                  [](JsonElement request, JsonElement answer) {
                    return is_heartbeat(request, answer) && field(answer, "initialize");
                  }},
    PartSituation{
        "added partitions begin at 0", "GC-47 CV-2",
        [](JsonElement request, JsonElement answer) { return is_heartbeat(request, answer) && begins_at_zero(answer); },
        KafkaLine::v4_4},
    PartSituation{"initialisation succeeds", "GC-48",
                  [](JsonElement request, JsonElement answer) { return is(request, answer, "group.initialized"); }},
    PartSituation{"initialisation fails", "GC-48",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "group.uninitialized") && field(answer, "records");
                  }},
    PartSituation{"initialisation succeeds for a group that is gone", "GC-48b",
                  [](JsonElement, JsonElement answer) { return threw(answer, "NullPointerException"); }},
    PartSituation{"a session expires", "GC-36",
                  [](JsonElement, JsonElement answer) { return field(answer, "events").has_value(); }},
    PartSituation{"a deleted topic's state goes", "GC-52",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "group.metadata") && field(answer, "records");
                  }},
    PartSituation{"fail-over", "GC-39",
                  [](JsonElement request, JsonElement answer) { return is(request, answer, "group.load"); }},
    PartSituation{"offsets are altered", "GC-60 GC-61",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "group.alter") && field(answer, "records");
                  }},
    PartSituation{
        "offsets of a group with members", "7.5",
        [](JsonElement request, JsonElement answer) { return is(request, answer, "group.alter", "NON_EMPTY_GROUP"); }},
    PartSituation{"offsets are deleted", "GC-65",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "group.deleteOffsets") && !is_empty(answer, "delete");
                  }},
    PartSituation{"deleting offsets fails for a topic", "GC-65",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "group.deleteOffsets") && !is_empty(answer, "errors");
                  }},
    PartSituation{"a group's delivery state is to be deleted", "GC-66",
                  [](JsonElement request, JsonElement answer) {
                    return is(request, answer, "group.deleteRequests") && !is_empty(answer, "delete");
                  }},
    PartSituation{"a group is deleted", "GC-68",
                  [](JsonElement request, JsonElement answer) { return is(request, answer, "group.deleteGroup"); }},
};

}  // namespace

std::span<const PartSituation> group_situations() {
  return situations;
}

}  // namespace sharelock::interop
