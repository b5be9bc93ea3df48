// What the oracle shows of share groups, written from the model.
#include <fmt/format.h>

#include <iterator>

#include "interop/coordination/assignor_requests.h"
#include "interop/coordination/group_world.h"

namespace sharelock::interop {
namespace {

std::string or_null(std::string_view name) {
  if (name.empty()) return "null";
  std::string quoted;
  append_quoted(quoted, name);
  return quoted;
}

}  // namespace

void GroupWorld::append_topics(std::string& out, const TopicPartitions& topics) const {
  append_partitions(out, topics, [this](TopicId id) { return name_of(id); });
}

void GroupWorld::append_topics(std::string& out, const std::optional<TopicPartitions>& topics) const {
  if (topics)
    append_topics(out, *topics);
  else
    out += "null";
}

void GroupWorld::append_initialise(std::string& out, const InitialiseRequest* request) const {
  out += R"(,"initialize":)";
  if (!request) {
    out += "null";
    return;
  }
  out += request->topics.empty() ? std::string{R"({"stateEpoch":null,"topics":{)"}
                                 : fmt::format(R"({{"stateEpoch":{},"topics":{{)", request->state_epoch);
  const char* topic_separator = "";
  for (const auto& [topic, offsets] : request->topics) {
    fmt::format_to(std::back_inserter(out), R"({}"{}":{{)", topic_separator, name_of(topic));
    topic_separator = ",";
    const char* separator = "";
    for (const auto& [partition, offset] : offsets) {
      fmt::format_to(std::back_inserter(out), R"({}"{}":{})", separator, partition, offset);
      separator = ",";
    }
    out += '}';
  }
  out += "}}";
}

void GroupWorld::append_groups(std::string& out) const {
  out += R"(,"groups":[)";
  for (const auto& [id, group] : coordinator_.groups()) {
    if (out.back() != '[') out += ',';
    append_group(out, id, group);
  }
  out += ']';
}

void GroupWorld::append_group(std::string& out, GroupId id, const ShareGroup& group) const {
  fmt::format_to(std::back_inserter(out), R"({{"group":"{}","state":"{}","groupEpoch":{},"assignmentEpoch":{},)",
                 names_.groups.name(id.value()), group.is_empty() ? "Empty" : "Stable", group.epoch(),
                 group.assignment_epoch());
  if (profile_.has(Switch::assignment_interval))
    fmt::format_to(std::back_inserter(out), R"("assignmentTimestamp":{},)", group.assignment_timestamp());
  out += R"("members":{)";
  for (const auto& [member, state] : group.members()) {
    if (out.back() != '{') out += ',';
    append_member(out, id, member, state);
  }
  out += R"(},"target":{)";
  for (const auto& [member, partitions] : group.target()) {
    fmt::format_to(std::back_inserter(out), R"({}"{}":)", out.back() == '{' ? "" : ",",
                   names_.members.name(member.value()));
    append_topics(out, partitions);
  }
  out += '}';
  if (group.delivery()) append_delivery(out, *group.delivery());
  out += '}';
}

void GroupWorld::append_member(std::string& out, GroupId group, MemberId id, const GroupMember& member) const {
  const auto& [rack, client, topics] = member.metadata;
  fmt::format_to(std::back_inserter(out),
                 R"("{}":{{"epoch":{},"previousEpoch":{},"rack":{},"clientId":"{}","topics":[)",
                 names_.members.name(id.value()), member.current.epoch, member.current.previous_epoch,
                 or_null(names_.racks.name(rack.value())), names_.clients.name(client.value()));
  for (const TopicName topic : topics)
    fmt::format_to(std::back_inserter(out), R"({}"{}")", topic == *topics.begin() ? "" : ",",
                   names_.topics.name(topic.value()));
  out += R"(],"assigned":)";
  append_topics(out, member.current.assigned);
  const auto timer = timers_.find({group, id});
  out += timer == timers_.end() ? R"(,"session":null})" : fmt::format(R"(,"session":{}}})", timer->second);
}

void GroupWorld::append_delivery(std::string& out, const DeliveryStates& states) const {
  out += R"(,"initializing":{)";
  for (const auto& [topic, partitions] : states.topics.initialising)
    fmt::format_to(std::back_inserter(out), R"({}"{}":[[{}],{}])", out.back() == '{' ? "" : ",", name_of(topic),
                   fmt::join(partitions, ","), states.recorded_at);
  out += R"(},"initialized":{)";
  for (const auto& [topic, state] : states.topics.initialised)
    fmt::format_to(std::back_inserter(out), R"({}"{}":[{}])", out.back() == '{' ? "" : ",", name_of(topic),
                   fmt::join(state.partitions, ","));
  out += R"(},"deleting":[)";
  for (const TopicId topic : states.topics.deleting)
    fmt::format_to(std::back_inserter(out), R"({}"{}")", out.back() == '[' ? "" : ",", name_of(topic));
  out += ']';
}

}  // namespace sharelock::interop
