#include "interop/coordination/group_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "interop/coordination/topic_id_text.h"

namespace sharelock::interop {
namespace {

std::int64_t configured(JsonElement request, std::string_view name, std::int64_t fallback) {
  const auto all = field(request, "config");
  const auto value = all ? field(*all, name) : std::nullopt;
  if (!value) return fallback;
  if (value->is_int64()) return value->get_int64();
  const std::string_view digits = value->get_string();
  std::int64_t number = fallback;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

ShareGroupConfiguration configuration_of(JsonElement request) {
  const ShareGroupConfiguration defaults;
  return {static_cast<std::int32_t>(configured(request, "group.share.max.size", defaults.members_max)),
          configured(request, "group.share.session.timeout.ms", defaults.session_timeout),
          configured(request, "group.share.heartbeat.interval.ms", defaults.heartbeat_interval),
          configured(request, "group.share.assignment.interval.ms", defaults.assignment_interval),
          configured(request, "group.share.initialize.retry.interval.ms", defaults.initialise_retry_interval),
          configured(request, "offsets.commit.timeout.ms", defaults.write_timeout)};
}

}  // namespace

GroupWorld::GroupWorld(JsonElement request, const LifeNames& names, const Profile& profile)
    : names_{names}, profile_{profile}, configuration_{configuration_of(request)}, now_{number(request, "now", 0)} {
  for (const auto topic : request["topicIds"].get_object())
    hashes_.emplace(topic_name(topic.key), hash_of_topic_id(std::string_view{topic.value.get_string()}));
  if (const auto metadata = field(request, "metadata")) change_metadata(*metadata);
}

const GroupMember* GroupWorld::find(std::string_view group, std::string_view member) const {
  const ShareGroup* known = find(group);
  return known ? known->find(member_id(member)) : nullptr;
}

std::int32_t GroupWorld::partitions_of(std::string_view topic) const {
  const ClusterTopic* known = image_.find(topic_name(topic));
  return known ? known->partitions : 0;
}

TopicNames GroupWorld::topic_names(JsonElement list) const {
  TopicNames names;
  for (const JsonElement name : list.get_array()) names.insert(topic_name(std::string_view{name.get_string()}));
  return names;
}

TopicPartitions GroupWorld::topic_partitions(JsonElement by_topic) const {
  TopicPartitions topics;
  for (const auto topic : by_topic.get_object())
    for (const JsonElement partition : topic.value.get_array())
      topics[topic_id(topic.key)].insert(static_cast<std::int32_t>(std::int64_t{partition.get_int64()}));
  return topics;
}

std::string GroupWorld::timer_key(GroupId group, MemberId member) const {
  return fmt::format("session-timeout-{}-{}", names_.groups.name(group.value()), names_.members.name(member.value()));
}

void GroupWorld::handle(JsonElement request, std::string& answer) {
  records_.clear();
  events_.clear();
  const std::string_view verb = text(request, "op").substr(std::string_view{"group."}.size());
  if (verb == "initialized" && !find(text(request, "group"))) {
    answer += R"({"exception":"NullPointerException"})";  // GC-48b
    return;
  }
  std::string shown;
  const KafkaError error = execute(verb, request, shown);
  if (error == KafkaError::unknown_server_error) {
    answer += R"({"exception":"NoSuchElementException"})";  // AS-14
    return;
  }
  answer += fmt::format(R"({{"error":"{}"{})", sharelock::name_of(error), shown);
  if (!records_.empty()) answer += R"(,"records":[)" + records_ + "]";
  if (!events_.empty()) answer += R"(,"events":[)" + events_ + "]";
  if (!records_.empty() || !events_.empty() || verb == "heartbeat" || verb == "load" || verb == "dump")
    append_groups(answer);
  answer += '}';
}

KafkaError GroupWorld::execute(std::string_view verb, JsonElement request, std::string& shown) {
  if (verb == "heartbeat") return heartbeat(request, shown);
  if (verb == "alter") return alter(request, shown);
  if (verb == "deleteOffsets") return begin_delete_offsets(request, shown);
  if (verb == "deleteRequests") return begin_delete_group(request, shown);
  GroupOutbox out;
  KafkaError error = KafkaError::none;
  if (verb == "deleteGroup") error = coordinator_.delete_group(group_id(text(request, "group")), around(), out);
  if (verb == "initialized")
    coordinator_.initialised(group_id(text(request, "group")), topic_partitions(request["topics"]), around(), out);
  if (verb == "uninitialized")
    coordinator_.not_initialised(group_id(text(request, "group")), topic_partitions(request["topics"]), around(), out);
  settle(out);
  if (verb == "completeDeleteOffsets") complete_delete_offsets(request);
  if (verb == "advance") advance(number(request, "ms"));
  if (verb == "metadata") change_metadata(request);
  if (verb == "load") load();
  return error;
}

KafkaError GroupWorld::heartbeat(JsonElement request, std::string& shown) {
  HeartbeatRequest heartbeat{group_id(text(request, "group")),
                             member_id(text(request, "member")),
                             static_cast<std::int32_t>(number(request, "epoch")),
                             {},
                             {},
                             {}};
  if (const auto topics = field(request, "topics")) heartbeat.topics = topic_names(*topics);
  if (const auto rack = field(request, "rack"))
    heartbeat.rack = RackId{names_.racks.rank(std::string_view{rack->get_string()})};
  const auto client = field(request, "clientId");
  heartbeat.client = ClientId{names_.clients.rank(client ? std::string_view{client->get_string()} : usual_client)};
  GroupOutbox out;
  const HeartbeatAnswer answer = coordinator_.heartbeat(heartbeat, around(), out);
  settle(out);
  if (answer.error != KafkaError::none) return answer.error;
  shown += fmt::format(R"(,"memberEpoch":{},"heartbeatIntervalMs":{},"assignment":)", answer.epoch,
                       answer.heartbeat_interval);
  append_topics(shown, answer.assignment);
  append_initialise(shown, answer.initialise ? &*answer.initialise : nullptr);
  return KafkaError::none;
}

KafkaError GroupWorld::alter(JsonElement request, std::string& shown) {
  std::map<TopicName, std::map<std::int32_t, Offset>> topics;
  for (const auto topic : request["topics"].get_object()) {
    auto& offsets = topics[topic_name(topic.key)];
    for (const auto partition : topic.value.get_object())
      offsets[std::stoi(std::string{partition.key})] = partition.value.get_int64();
  }
  GroupOutbox out;
  const AlterOffsetsAnswer answer = coordinator_.alter_offsets(group_id(text(request, "group")), topics, around(), out);
  settle(out);
  if (answer.error != KafkaError::none) return answer.error;
  shown += R"(,"results":{)";
  for (const auto& [topic, results] : answer.results) {
    shown += fmt::format(R"({}"{}":{{)", topic == answer.results.begin()->first ? "" : ",",
                         names_.topics.name(topic.value()));
    for (const auto& [partition, error] : results)
      shown += fmt::format(R"({}"{}":"{}")", partition == results.begin()->first ? "" : ",", partition,
                           sharelock::name_of(error));
    shown += '}';
  }
  shown += '}';
  append_initialise(shown, &answer.initialise);
  return KafkaError::none;
}

KafkaError GroupWorld::begin_delete_offsets(JsonElement request, std::string& shown) {
  std::vector<TopicName> topics;
  for (const JsonElement name : request["topics"].get_array())
    topics.push_back(topic_name(std::string_view{name.get_string()}));
  GroupOutbox out;
  const DeleteOffsetsAnswer answer =
      coordinator_.begin_delete_offsets(group_id(text(request, "group")), topics, around(), out);
  settle(out);
  shown += R"(,"errors":{)";
  for (const auto& [topic, error] : answer.errors)
    shown += fmt::format(R"({}"{}":"{}")", topic == answer.errors.begin()->first ? "" : ",",
                         names_.topics.name(topic.value()), sharelock::name_of(error));
  shown += R"(},"delete":)";
  append_topics(shown, answer.remove);
  return answer.error;
}

void GroupWorld::complete_delete_offsets(JsonElement request) {
  std::vector<TopicId> topics;
  for (const JsonElement name : request["topics"].get_array())
    topics.push_back(topic_id(std::string_view{name.get_string()}));
  GroupOutbox out;
  coordinator_.complete_delete_offsets(group_id(text(request, "group")), topics, around(), out);
  settle(out);
}

KafkaError GroupWorld::begin_delete_group(JsonElement request, std::string& shown) {
  GroupOutbox out;
  const DeleteGroupAnswer answer = coordinator_.begin_delete_group(group_id(text(request, "group")), around(), out);
  settle(out);
  shown += R"(,"delete":)";
  append_topics(shown, answer.remove);
  return answer.error;
}

void GroupWorld::advance(TimeMs by) {
  const TimeMs target = now_ + by;
  for (;;) {
    const auto next = std::ranges::min_element(timers_, {}, [](const auto& timer) { return timer.second.at; });
    if (next == timers_.end() || next->second.at > target) break;
    const auto [key, timer] = *next;
    timers_.erase(next);
    now_ = std::max(now_, timer.at);
    events_ += fmt::format(R"({}{{"at":{},"timer":"{}"}})", events_.empty() ? "" : ",", now_, key);
    GroupOutbox out;
    coordinator_.session_expired(timer.group, timer.member, around(), out);
    settle(out);
  }
  now_ = target;
}

void GroupWorld::change_metadata(JsonElement request) {
  TopicNames changed;
  std::vector<TopicId> deleted;
  for (const std::string_view kind : {"create", "grow"})
    if (const auto topics = field(request, kind))
      for (const auto topic : topics->get_object()) {
        const TopicName name = topic_name(topic.key);
        const auto partitions = static_cast<std::int32_t>(std::int64_t{topic.value.get_int64()});
        image_.set(name, {topic_id(topic.key), partitions, hashes_.at(name)});
        changed.insert(name);
      }
  if (const auto topics = field(request, "delete"))
    for (const JsonElement topic : topics->get_array()) {
      const std::string_view name = topic.get_string();
      image_.erase(topic_name(name));
      deleted.push_back(topic_id(name));
      changed.insert(topic_name(name));
    }
  coordinator_.topics_changed(changed);
  GroupOutbox out;
  if (!deleted.empty()) coordinator_.topics_deleted(deleted, around(), out);
  settle(out);
}

void GroupWorld::load() {
  timers_.clear();
  GroupOutbox out;
  coordinator_ = ShareGroupCoordinator::loaded(log_, around(), out);
  settle(out);
}

void GroupWorld::settle(GroupOutbox& out) {
  constexpr std::array kinds{"ShareGroupMetadata",
                             "ShareGroupMemberMetadata",
                             "ShareGroupTargetAssignmentMetadata",
                             "ShareGroupTargetAssignmentMember",
                             "ShareGroupCurrentMemberAssignment",
                             "ShareGroupStatePartitionMetadata"};
  for (GroupEffect& effect : out) {
    if (auto* written = std::get_if<group_effect::RecordWritten>(&effect)) {
      const GroupRecord& record = written->record;
      records_ += fmt::format(R"({}"{}{}")", records_.empty() ? "" : ",", record.is_tombstone() ? "-" : "",
                              kinds[static_cast<std::size_t>(record.kind)]);
      log_.push_back(std::move(written->record));
    } else if (const auto* armed = std::get_if<group_effect::SessionArmed>(&effect)) {
      timers_.insert_or_assign(timer_key(armed->group, armed->member),
                               SessionTimer{now_ + armed->timeout, armed->group, armed->member});
    } else {
      const auto& [group, member] = std::get<group_effect::SessionCancelled>(effect);
      timers_.erase(timer_key(group, member));
    }
  }
}

}  // namespace sharelock::interop
