#include "interop/coordination/shard_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "interop/coordination/state_json.h"
#include "model/store/coordinator_key.h"

namespace sharelock::interop {
namespace {

ShareCoordinatorConfiguration configuration_of(JsonElement request) {
  return {integer(request, "recordsPerSnapshot", 500), number(request, "coldMs", 300'000),
          number(request, "pruneMs", 300'000)};
}

}  // namespace

ShardWorld::ShardWorld(JsonElement request, std::span<const std::string> groups, const Profile& profile)
    : groups_{groups},
      topics_{request},
      profile_{profile},
      configuration_{configuration_of(request)},
      coordinator_{configuration_, integer(request, "numPartitions", 1)},
      now_{number(request, "now", 0)} {
  if (const auto metadata = field(request, "metadata")) change_metadata(*metadata);
  const auto loaded = field(request, "loaded");
  if (loaded && !bool{loaded->get_bool()}) return;
  StoreOutbox out;
  for (std::int32_t i = 0; i < coordinator_.partition_count(); ++i) coordinator_.load(i, profile_, out);
}

GroupId ShardWorld::group_id(std::string_view name) const {
  const auto found = std::ranges::find(groups_, name);
  if (name.empty() || found == groups_.end()) return no_group;
  return GroupId{static_cast<std::uint32_t>(found - groups_.begin() + 1)};
}

std::int32_t ShardWorld::state_partition(const SharePartitionKey& key) const {
  if (key.topic == no_topic || coordinator_.partition_count() == 1) return 0;
  const std::string_view group = key.group == no_group ? std::string_view{} : groups_[key.group.value() - 1];
  return state_partition_of(coordinator_key(group, topics_.text(key.topic), key.partition),
                            coordinator_.partition_count());
}

const KeyState* ShardWorld::find(std::string_view group, std::string_view topic, std::int32_t partition) const {
  const SharePartitionKey key{group_id(group), topics_.id(topic), partition};
  const StatePartition& led = coordinator_.partition(state_partition(key));
  return led.is_loaded() ? led.shard().find(key) : nullptr;
}

RequestedEntry ShardWorld::requested(std::string_view verb, SharePartitionKey key, JsonElement entry) const {
  key.partition = static_cast<std::int32_t>(number(entry, "partition"));
  return {key, state_partition(key), state_entry(verb, entry)};
}

void ShardWorld::five_requests(std::string_view verb, JsonElement request, std::string& answer) {
  StoreOutbox out;
  const auto topic_of = [&](JsonElement element) {
    return field(element, "topic") ? topics_.id(text(element, "topic")) : no_topic;
  };
  const GroupId group = field(request, "group") ? group_id(text(request, "group")) : no_group;
  std::vector<AnsweredEntry> results;
  if (const auto topics = field(request, "entries")) {
    StateRequest whole{group, {}, std::size_t{topics->get_array().size()} == 0};
    for (const JsonElement topic : topics->get_array()) {
      const simdjson::dom::array partitions = topic["partitions"].get_array();
      // SC-7: initialise does not look for topics without partitions.
      if (partitions.size() == 0 && verb != "initialize") whole.topic_without_partitions = true;
      for (const JsonElement entry : partitions)
        whole.entries.push_back(requested(verb, {group, topic_of(topic)}, entry));
    }
    results = coordinator_.handle(whole, now_, profile_, out);
  } else {
    const RequestedEntry entry = requested(verb, {group, topic_of(request)}, request);
    if (!coordinator_.partition(entry.state_partition).is_loaded()) {
      answer += R"("exception":"NotCoordinatorException",)";
      return;
    }
    results.push_back(coordinator_.handle(entry, now_, profile_, out));
  }
  settle(out);
  append_results(answer, results);
}

void ShardWorld::handle(JsonElement request, std::string& answer) {
  const std::string_view verb = text(request, "op").substr(std::string_view{"shard."}.size());
  const std::int32_t shard = integer(request, "shard", 0);
  records_.clear();
  touched_.clear();
  events_.clear();
  answer.clear();
  if (shard < 0 || shard >= coordinator_.partition_count()) return;  // Nobody's request.
  answer += '{';
  const bool needs_shard = verb == "cold" || verb == "revert";
  if (needs_shard && !coordinator_.partition(shard).is_loaded()) {
    answer += R"("exception":"NotCoordinatorException",)";
  } else if (verb == "advance") {
    advance(number(request, "ms"));
  } else if (verb == "cold") {
    StoreOutbox out;
    coordinator_.snapshot_cold(shard, now_, out);
    settle(out);
  } else if (verb == "prune") {
    const auto to = field(request, "to");
    prune(shard, to ? std::optional<Offset>{to->get_int64()} : std::nullopt, answer);
  } else if (verb == "metadata") {
    change_metadata(request);
  } else if (verb == "load") {
    configuration_.records_per_snapshot = integer(request, "recordsPerSnapshot", configuration_.records_per_snapshot);
    coordinator_.configure(configuration_);
    StoreOutbox out;
    coordinator_.load(shard, profile_, out);
    append_dump(answer);
  } else if (verb == "unload") {
    coordinator_.unload(shard);
  } else if (verb == "revert") {
    revert(shard, static_cast<std::size_t>(number(request, "operations")), answer);
  } else if (verb == "dump") {
    append_dump(answer);
  } else if (verb == "log") {
    append_log(answer, shard);
  } else if (verb != "new") {
    five_requests(verb, request, answer);
  }
  if (answer.starts_with(R"({"exception")"))
    answer.pop_back();
  else
    append_common(answer);
  answer += '}';
}

void ShardWorld::advance(TimeMs by) {
  const TimeMs target = now_ + by;
  for (;;) {
    const auto next = std::ranges::min_element(timers_, {}, [](const Due& due) {
      return std::pair{due.at, due.order};
    });
    if (next == timers_.end() || next->at > target) break;
    const Due due = *next;
    timers_.erase(next);
    now_ = std::max(now_, due.at);
    StoreOutbox out;
    const bool ran = coordinator_.run(due.job, now_, profile_, out);
    settle(out);
    out.clear();
    if (ran) coordinator_.round_finished(due.job, out);
    settle(out);
  }
  now_ = target;
}

void ShardWorld::change_metadata(JsonElement request) {
  std::vector<TopicId> deleted;
  for (const std::string_view kind : {"create", "grow"})
    if (const auto topics = field(request, kind))
      for (const auto topic : topics->get_object())
        image_.set(topics_.id(topic.key), static_cast<std::int32_t>(std::int64_t{topic.value.get_int64()}));
  if (const auto topics = field(request, "delete"))
    for (const JsonElement topic : topics->get_array()) {
      deleted.push_back(topics_.id(std::string_view{topic.get_string()}));
      image_.set(deleted.back(), 0);
    }
  StoreOutbox out;
  coordinator_.metadata_changed(image_, deleted, profile_, out);
  if (field(request, "shareVersion")) coordinator_.share_feature(number(request, "shareVersion") >= 1, out);
  settle(out);
}

void ShardWorld::prune(std::int32_t shard, std::optional<Offset> to, std::string& answer) {
  const StatePartition& partition = coordinator_.partition(shard);
  if (!to && partition.is_loaded()) to = partition.shard().redundant_offset();
  if (to) coordinator_.partition(shard).prune(*to);
  answer += to ? fmt::format(R"("to":{},)", *to) : R"("to":null,)";
}

void ShardWorld::revert(std::int32_t shard, std::size_t operations, std::string& answer) {
  StatePartition& partition = coordinator_.partition(shard);
  const std::size_t newest = partition.boundaries().size() - 1;
  const Offset to = partition.boundaries()[newest - std::min(newest, operations)];
  partition.revert(to);
  answer += fmt::format(R"("to":{},)", to);
  append_dump(answer);
}

void ShardWorld::settle(StoreOutbox& out) {
  for (const StoreEffect& effect : out) {
    if (const auto* record = std::get_if<store_effect::RecordAppended>(&effect)) {
      if (!records_.empty()) records_ += ',';
      append_record(records_, record->state_partition, record->offset);
      touched_.push_back(coordinator_.partition(record->state_partition).record(record->offset).key);
    } else if (const auto* armed = std::get_if<store_effect::JobArmed>(&effect)) {
      timers_.push_back({now_ + armed->delay, armed_++, armed->job});
    } else {
      const auto& [shard, to] = std::get<store_effect::PruneIssued>(effect);
      coordinator_.pruned(shard, to);
      events_ += fmt::format(R"({}{{"at":{},"event":"prune","shard":{},"to":{}}})", events_.empty() ? "" : ",", now_,
                             shard, to);
    }
  }
}

}  // namespace sharelock::interop
