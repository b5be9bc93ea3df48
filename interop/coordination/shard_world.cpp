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
  if (const auto metadata = field(request, "metadata")) change_metadata(metadata_change(*metadata));
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

Step ShardWorld::decode(JsonElement request) {
  const std::string_view verb = text(request, "op").substr(std::string_view{"shard."}.size());
  Work known = work(verb, request);
  if (!known) return nobodys_request;
  return [this, work = std::move(known)](std::string* answer) {
    told_ = answer != nullptr;
    records_.clear();
    touched_.clear();
    events_.clear();
    if (answer) *answer = '{';
    const bool is_loaded = work(answer);
    if (!answer) return;
    if (is_loaded)
      append_common(*answer);
    else
      *answer += R"("exception":"NotCoordinatorException")";
    *answer += '}';
  };
}

ShardWorld::Work ShardWorld::work(std::string_view verb, JsonElement request) {
  if (verb == "advance")
    return [this, by = number(request, "ms")](std::string*) {
      advance(by);
      return true;
    };
  if (verb == "metadata")
    return [this, change = metadata_change(request)](std::string*) {
      change_metadata(change);
      return true;
    };
  if (verb == "dump")
    return [this](std::string* answer) {
      if (answer) append_dump(*answer);
      return true;
    };
  if (verb == "new") return [](std::string*) { return true; };
  if (std::ranges::find(state_verbs, verb) == state_verbs.end()) return log_work(verb, request);
  return field(request, "entries") ? several_entries(verb, request) : one_entry(verb, request);
}

/// What is done with one shard and its log.
ShardWorld::Work ShardWorld::log_work(std::string_view verb, JsonElement request) {
  const std::int32_t shard = integer(request, "shard", 0);
  if (shard < 0 || shard >= coordinator_.partition_count()) return nullptr;
  if (verb == "cold")
    return [this, shard](std::string*) {
      if (!coordinator_.partition(shard).is_loaded()) return false;
      StoreOutbox out;
      coordinator_.snapshot_cold(shard, now_, out);
      settle(out);
      return true;
    };
  if (verb == "prune") {
    const auto given = field(request, "to");
    return [this, shard, to = given ? std::optional<Offset>{given->get_int64()} : std::nullopt](std::string* answer) {
      const std::optional<Offset> pruned = prune(shard, to);
      if (answer) *answer += pruned ? fmt::format(R"("to":{},)", *pruned) : R"("to":null,)";
      return true;
    };
  }
  if (verb == "load") {
    const auto given = field(request, "recordsPerSnapshot");
    return [this, shard, limit = given ? std::optional{integer(request, "recordsPerSnapshot", 0)} : std::nullopt](
               std::string* answer) {
      load(shard, limit);
      if (answer) append_dump(*answer);
      return true;
    };
  }
  if (verb == "unload")
    return [this, shard](std::string*) {
      coordinator_.unload(shard);
      return true;
    };
  if (verb == "revert")
    return [this, shard, operations = static_cast<std::size_t>(number(request, "operations"))](std::string* answer) {
      if (!coordinator_.partition(shard).is_loaded()) return false;
      const Offset to = revert(shard, operations);
      if (answer) {
        *answer += fmt::format(R"("to":{},)", to);
        append_dump(*answer);
      }
      return true;
    };
  if (verb == "log")
    return [this, shard](std::string* answer) {
      if (answer) append_log(*answer, shard);
      return true;
    };
  return nullptr;
}

/// One of the five requests, straight to the shard.
ShardWorld::Work ShardWorld::one_entry(std::string_view verb, JsonElement request) {
  const TopicId topic = field(request, "topic") ? topics_.id(text(request, "topic")) : no_topic;
  const GroupId group = field(request, "group") ? group_id(text(request, "group")) : no_group;
  return [this, entry = requested(verb, {group, topic}, request)](std::string* answer) {
    if (!coordinator_.partition(entry.state_partition).is_loaded()) return false;
    StoreOutbox out;
    const AnsweredEntry result = coordinator_.handle(entry, now_, profile_, out);
    settle(out);
    if (answer) append_results(*answer, std::span{&result, 1});
    return true;
  };
}

/// One of the five requests, through the service.
ShardWorld::Work ShardWorld::several_entries(std::string_view verb, JsonElement request) {
  const GroupId group = field(request, "group") ? group_id(text(request, "group")) : no_group;
  const simdjson::dom::array topics = request["entries"].get_array();
  StateRequest whole{group, {}, topics.size() == 0};
  for (const JsonElement topic : topics) {
    const TopicId id = field(topic, "topic") ? topics_.id(text(topic, "topic")) : no_topic;
    const simdjson::dom::array partitions = topic["partitions"].get_array();
    // SC-7: initialise does not look for topics without partitions.
    if (partitions.size() == 0 && verb != "initialize") whole.topic_without_partitions = true;
    for (const JsonElement entry : partitions) whole.entries.push_back(requested(verb, {group, id}, entry));
  }
  return [this, whole](std::string* answer) {
    StoreOutbox out;
    const std::vector<AnsweredEntry> results = coordinator_.handle(whole, now_, profile_, out);
    settle(out);
    if (answer) append_results(*answer, results);
    return true;
  };
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

ShardWorld::MetadataChange ShardWorld::metadata_change(JsonElement request) const {
  MetadataChange change;
  for (const std::string_view kind : {"create", "grow"})
    if (const auto topics = field(request, kind))
      for (const auto topic : topics->get_object())
        change.partitions.emplace_back(topics_.id(topic.key),
                                       static_cast<std::int32_t>(std::int64_t{topic.value.get_int64()}));
  if (const auto topics = field(request, "delete"))
    for (const JsonElement topic : topics->get_array())
      change.deleted.push_back(topics_.id(std::string_view{topic.get_string()}));
  if (field(request, "shareVersion")) change.share_feature = number(request, "shareVersion") >= 1;
  return change;
}

void ShardWorld::change_metadata(const MetadataChange& change) {
  for (const auto& [topic, partitions] : change.partitions) image_.set(topic, partitions);
  for (const TopicId topic : change.deleted) image_.set(topic, 0);
  StoreOutbox out;
  coordinator_.metadata_changed(image_, change.deleted, profile_, out);
  if (change.share_feature) coordinator_.share_feature(*change.share_feature, out);
  settle(out);
}

void ShardWorld::load(std::int32_t shard, std::optional<std::int32_t> records_per_snapshot) {
  if (records_per_snapshot) configuration_.records_per_snapshot = *records_per_snapshot;
  coordinator_.configure(configuration_);
  StoreOutbox out;
  coordinator_.load(shard, profile_, out);
}

std::optional<Offset> ShardWorld::prune(std::int32_t shard, std::optional<Offset> to) {
  StatePartition& partition = coordinator_.partition(shard);
  if (!to && partition.is_loaded()) to = partition.shard().redundant_offset();
  if (to) partition.prune(*to);
  return to;
}

Offset ShardWorld::revert(std::int32_t shard, std::size_t operations) {
  StatePartition& partition = coordinator_.partition(shard);
  const std::size_t newest = partition.boundaries().size() - 1;
  const Offset to = partition.boundaries()[newest - std::min(newest, operations)];
  partition.revert(to);
  return to;
}

void ShardWorld::settle(StoreOutbox& out) {
  for (const StoreEffect& effect : out) {
    if (const auto* record = std::get_if<store_effect::RecordAppended>(&effect)) {
      if (!told_) continue;
      if (!records_.empty()) records_ += ',';
      append_record(records_, record->state_partition, record->offset);
      touched_.push_back(coordinator_.partition(record->state_partition).record(record->offset).key);
    } else if (const auto* armed = std::get_if<store_effect::JobArmed>(&effect)) {
      timers_.push_back({now_ + armed->delay, armed_++, armed->job});
    } else {
      const auto& [shard, to] = std::get<store_effect::PruneIssued>(effect);
      coordinator_.pruned(shard, to);
      if (!told_) continue;
      events_ += fmt::format(R"({}{{"at":{},"event":"prune","shard":{},"to":{}}})", events_.empty() ? "" : ",", now_,
                             shard, to);
    }
  }
}

}  // namespace sharelock::interop
