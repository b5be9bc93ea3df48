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
  if (const auto metadata = field(request, "metadata")) change_metadata(metadata_change(*metadata));
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

std::string GroupWorld::timer_text(const SessionTimer& timer) const {
  return fmt::format("session-timeout-{}-{}", names_.groups.name(timer.first.value()),
                     names_.members.name(timer.second.value()));
}

Step GroupWorld::decode(JsonElement request) {
  const std::string_view verb = text(request, "op").substr(std::string_view{"group."}.size());
  const bool always_shown = verb == "heartbeat" || verb == "load" || verb == "dump";
  // GC-48b: the class fails if there is no such group.
  std::optional<GroupId> needed;
  if (verb == "initialized") needed = group_id(text(request, "group"));
  return [this, always_shown, needed, work = work(verb, request)](std::string* answer) {
    told_ = answer != nullptr;
    records_.clear();
    events_.clear();
    if (needed && !coordinator_.find(*needed)) {
      if (answer) *answer += R"({"exception":"NullPointerException"})";
      return;
    }
    std::string shown;
    const KafkaError error = work(answer ? &shown : nullptr);
    if (!answer) return;
    if (error == KafkaError::unknown_server_error) {
      *answer += R"({"exception":"NoSuchElementException"})";  // AS-14
      return;
    }
    *answer += fmt::format(R"({{"error":"{}"{})", sharelock::name_of(error), shown);
    if (!records_.empty()) *answer += R"(,"records":[)" + records_ + "]";
    if (!events_.empty()) *answer += R"(,"events":[)" + events_ + "]";
    if (!records_.empty() || !events_.empty() || always_shown) append_groups(*answer);
    *answer += '}';
  };
}

GroupWorld::Work GroupWorld::work(std::string_view verb, JsonElement request) {
  const auto silently = [](auto act) -> Work {
    return [act](std::string*) {
      act();
      return KafkaError::none;
    };
  };
  if (verb == "heartbeat") return heartbeat(request);
  if (verb == "alter") return alter(request);
  if (verb == "deleteOffsets") return begin_delete_offsets(request);
  if (verb == "completeDeleteOffsets") return complete_delete_offsets(request);
  if (verb == "initialized" || verb == "uninitialized") return set_initialised(verb, request);
  if (verb == "deleteRequests")
    return [this, group = group_id(text(request, "group"))](std::string* shown) {
      return begin_delete_group(group, shown);
    };
  if (verb == "deleteGroup")
    return [this, group = group_id(text(request, "group"))](std::string*) {
      GroupOutbox out;
      const KafkaError error = coordinator_.delete_group(group, around(), out);
      settle(out);
      return error;
    };
  if (verb == "advance") return silently([this, by = number(request, "ms")] { advance(by); });
  if (verb == "metadata") return silently([this, change = metadata_change(request)] { change_metadata(change); });
  if (verb == "load") return silently([this] { load(); });
  return silently([] {});
}

GroupWorld::Work GroupWorld::set_initialised(std::string_view verb, JsonElement request) {
  return [this, initialised = verb == "initialized", group = group_id(text(request, "group")),
          topics = topic_partitions(request["topics"])](std::string*) {
    GroupOutbox out;
    if (initialised)
      coordinator_.initialised(group, topics, around(), out);
    else
      coordinator_.not_initialised(group, topics, around(), out);
    settle(out);
    return KafkaError::none;
  };
}

GroupWorld::Work GroupWorld::heartbeat(JsonElement request) {
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
  return [this, heartbeat](std::string* shown) {
    GroupOutbox out;
    const HeartbeatAnswer answer = coordinator_.heartbeat(heartbeat, around(), out);
    settle(out);
    if (answer.error != KafkaError::none || !shown) return answer.error;
    *shown += fmt::format(R"(,"memberEpoch":{},"heartbeatIntervalMs":{},"assignment":)", answer.epoch,
                          answer.heartbeat_interval);
    append_topics(*shown, answer.assignment);
    append_initialise(*shown, answer.initialise ? &*answer.initialise : nullptr);
    return KafkaError::none;
  };
}

GroupWorld::Work GroupWorld::alter(JsonElement request) {
  std::map<TopicName, std::map<std::int32_t, Offset>> topics;
  for (const auto topic : request["topics"].get_object()) {
    auto& offsets = topics[topic_name(topic.key)];
    for (const auto partition : topic.value.get_object())
      offsets[std::stoi(std::string{partition.key})] = partition.value.get_int64();
  }
  return [this, group = group_id(text(request, "group")), topics](std::string* shown) {
    GroupOutbox out;
    const AlterOffsetsAnswer answer = coordinator_.alter_offsets(group, topics, around(), out);
    settle(out);
    if (answer.error == KafkaError::none && shown) append_altered(*shown, answer);
    return answer.error;
  };
}

void GroupWorld::append_altered(std::string& out, const AlterOffsetsAnswer& answer) const {
  out += R"(,"results":{)";
  for (const auto& [topic, results] : answer.results) {
    out += fmt::format(R"({}"{}":{{)", topic == answer.results.begin()->first ? "" : ",",
                       names_.topics.name(topic.value()));
    for (const auto& [partition, error] : results)
      out += fmt::format(R"({}"{}":"{}")", partition == results.begin()->first ? "" : ",", partition,
                         sharelock::name_of(error));
    out += '}';
  }
  out += '}';
  append_initialise(out, &answer.initialise);
}

GroupWorld::Work GroupWorld::begin_delete_offsets(JsonElement request) {
  std::vector<TopicName> topics;
  for (const JsonElement name : request["topics"].get_array())
    topics.push_back(topic_name(std::string_view{name.get_string()}));
  return [this, group = group_id(text(request, "group")), topics](std::string* shown) {
    GroupOutbox out;
    const DeleteOffsetsAnswer answer = coordinator_.begin_delete_offsets(group, topics, around(), out);
    settle(out);
    if (!shown) return answer.error;
    *shown += R"(,"errors":{)";
    for (const auto& [topic, error] : answer.errors)
      *shown += fmt::format(R"({}"{}":"{}")", topic == answer.errors.begin()->first ? "" : ",",
                            names_.topics.name(topic.value()), sharelock::name_of(error));
    *shown += R"(},"delete":)";
    append_topics(*shown, answer.remove);
    return answer.error;
  };
}

GroupWorld::Work GroupWorld::complete_delete_offsets(JsonElement request) {
  std::vector<TopicId> topics;
  for (const JsonElement name : request["topics"].get_array())
    topics.push_back(topic_id(std::string_view{name.get_string()}));
  return [this, group = group_id(text(request, "group")), topics](std::string*) {
    GroupOutbox out;
    coordinator_.complete_delete_offsets(group, topics, around(), out);
    settle(out);
    return KafkaError::none;
  };
}

KafkaError GroupWorld::begin_delete_group(GroupId group, std::string* shown) {
  GroupOutbox out;
  const DeleteGroupAnswer answer = coordinator_.begin_delete_group(group, around(), out);
  settle(out);
  if (shown) append_topics(*shown += R"(,"delete":)", answer.remove);
  return answer.error;
}

void GroupWorld::advance(TimeMs by) {
  const TimeMs target = now_ + by;
  for (;;) {
    // Of those that are due together, the oracle takes the first by its text.
    const auto next = std::ranges::min_element(timers_, [&](const auto& a, const auto& b) {
      return a.second != b.second ? a.second < b.second : timer_text(a.first) < timer_text(b.first);
    });
    if (next == timers_.end() || next->second > target) break;
    const auto [timer, at] = *next;
    timers_.erase(next);
    now_ = std::max(now_, at);
    if (told_)
      events_ += fmt::format(R"({}{{"at":{},"timer":"{}"}})", events_.empty() ? "" : ",", now_, timer_text(timer));
    GroupOutbox out;
    coordinator_.session_expired(timer.first, timer.second, around(), out);
    settle(out);
  }
  now_ = target;
}

GroupWorld::MetadataChange GroupWorld::metadata_change(JsonElement request) const {
  MetadataChange change;
  for (const std::string_view kind : {"create", "grow"})
    if (const auto topics = field(request, kind))
      for (const auto topic : topics->get_object()) {
        const TopicName name = topic_name(topic.key);
        const auto partitions = static_cast<std::int32_t>(std::int64_t{topic.value.get_int64()});
        change.topics.emplace_back(name, ClusterTopic{topic_id(topic.key), partitions, hashes_.at(name)});
      }
  if (const auto topics = field(request, "delete"))
    for (const JsonElement topic : topics->get_array()) {
      const std::string_view name = topic.get_string();
      change.deleted.emplace_back(topic_name(name), topic_id(name));
    }
  return change;
}

void GroupWorld::change_metadata(const MetadataChange& change) {
  TopicNames changed;
  std::vector<TopicId> deleted;
  for (const auto& [name, topic] : change.topics) {
    image_.set(name, topic);
    changed.insert(name);
  }
  for (const auto& [name, topic] : change.deleted) {
    image_.erase(name);
    changed.insert(name);
    deleted.push_back(topic);
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
      if (told_)
        records_ += fmt::format(R"({}"{}{}")", records_.empty() ? "" : ",", record.is_tombstone() ? "-" : "",
                                kinds[static_cast<std::size_t>(record.kind)]);
      log_.push_back(std::move(written->record));
    } else if (const auto* armed = std::get_if<group_effect::SessionArmed>(&effect)) {
      timers_.insert_or_assign({armed->group, armed->member}, now_ + armed->timeout);
    } else {
      const auto& [group, member] = std::get<group_effect::SessionCancelled>(effect);
      timers_.erase({group, member});
    }
  }
}

}  // namespace sharelock::interop
