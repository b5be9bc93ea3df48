// What the oracle shows after each request, written from the model: results, records, states, shards.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "interop/coordination/shard_world.h"
#include "interop/coordination/state_json.h"

namespace sharelock::interop {
namespace {

std::string or_null(const auto& value) {
  return value ? fmt::format("{}", *value) : "null";
}

void append_snapshot_fields(std::string& out, const ShareSnapshot& state) {
  fmt::format_to(std::back_inserter(out),
                 R"("snapshotEpoch":{},"stateEpoch":{},"leaderEpoch":{},"startOffset":{},"deliveryCompleteCount":{},)"
                 R"("createTimestamp":{},"writeTimestamp":{},"batches":)",
                 state.snapshot_epoch, state.state_epoch, state.leader_epoch, state.start_offset,
                 state.delivery_complete_count, state.created, state.written);
  append_batches(out, state.batches);
}

}  // namespace

void ShardWorld::append_results(std::string& answer, std::span<const AnsweredEntry> results) const {
  answer += R"("results":[)";
  for (const AnsweredEntry& one : results) {
    if (&one != &results.front()) answer += ',';
    const bool has_topic = one.key.topic != no_topic;
    append_state_result(answer, has_topic ? std::string_view{topics_.name(one.key.topic)} : std::string_view{},
                        one.key.partition, one.result);
  }
  answer += "],";
}

void ShardWorld::append_key(std::string& answer, const SharePartitionKey& key) const {
  answer += R"("key":[)";
  append_quoted(answer, key.group == no_group ? std::string_view{} : groups_[key.group.value() - 1]);
  answer += ',';
  append_quoted(answer, topics_.name(key.topic));
  fmt::format_to(std::back_inserter(answer), ",{}],", key.partition);
}

void ShardWorld::append_record(std::string& answer, std::int32_t shard, Offset offset) const {
  const StateRecord& record = coordinator_.partition(shard).record(offset);
  constexpr std::array kinds{"snapshot", "update", "tombstone"};
  fmt::format_to(std::back_inserter(answer), R"({{"shard":{},"offset":{},"type":"{}",)", shard, offset,
                 kinds[record.value.index()]);
  append_key(answer, record.key);
  if (const auto* snapshot = std::get_if<ShareSnapshot>(&record.value)) {
    append_snapshot_fields(answer, *snapshot);
  } else if (const auto* update = std::get_if<ShareUpdate>(&record.value)) {
    fmt::format_to(std::back_inserter(answer),
                   R"("snapshotEpoch":{},"leaderEpoch":{},"startOffset":{},"deliveryCompleteCount":{},"batches":)",
                   update->snapshot_epoch, update->leader_epoch, update->start_offset, update->delivery_complete_count);
    append_batches(answer, update->batches);
  } else {
    answer.pop_back();
  }
  answer += '}';
}

void ShardWorld::append_state(std::string& answer, std::int32_t shard, const SharePartitionKey& key) const {
  fmt::format_to(std::back_inserter(answer), R"({{"shard":{},)", shard);
  append_key(answer, key);
  const KeyState* known = coordinator_.partition(shard).shard().find(key);
  if (known == nullptr) {
    answer +=
        R"("initialized":false,"fenceLeaderEpoch":null,"fenceStateEpoch":null,"updateCount":null,"snapshotOffset":null})";
    return;
  }
  answer += R"("initialized":true,)";
  append_snapshot_fields(answer, known->state);
  fmt::format_to(std::back_inserter(answer),
                 R"(,"fenceLeaderEpoch":{},"fenceStateEpoch":{},"updateCount":{},"snapshotOffset":{}}})",
                 known->fence_leader_epoch, or_null(known->fence_state_epoch), or_null(known->update_count),
                 or_null(known->snapshot_offset));
}

void ShardWorld::append_dump(std::string& answer) const {
  answer += R"("dump":[)";
  const std::size_t begin = answer.size();
  for (std::int32_t i = 0; i < coordinator_.partition_count(); ++i) {
    if (!coordinator_.partition(i).is_loaded()) continue;
    coordinator_.partition(i).shard().for_each([&](const SharePartitionKey& key, const KeyState&) {
      if (answer.size() > begin) answer += ',';
      append_state(answer, i, key);
    });
  }
  answer += "],";
}

void ShardWorld::append_log(std::string& answer, std::int32_t shard) const {
  const StatePartition& partition = coordinator_.partition(shard);
  answer += R"("log":[)";
  for (Offset offset = partition.log_start(); offset < partition.log_end(); ++offset) {
    if (offset != partition.log_start()) answer += ',';
    append_record(answer, shard, offset);
  }
  answer += "],";
}

void ShardWorld::append_common(std::string& answer) const {
  if (!records_.empty()) answer += R"("records":[)" + records_ + "],";
  if (!events_.empty()) answer += R"("events":[)" + events_ + "],";

  std::vector<SharePartitionKey> keys = touched_;
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (!keys.empty()) answer += R"("states":[)";
  for (const SharePartitionKey& key : keys) {
    if (key != keys.front()) answer += ',';
    append_state(answer, state_partition(key), key);
  }
  if (!keys.empty()) answer += "],";

  answer += R"("shards":[)";
  for (std::int32_t i = 0; i < coordinator_.partition_count(); ++i) {
    const StatePartition& partition = coordinator_.partition(i);
    const auto redundant = partition.is_loaded() ? partition.shard().redundant_offset() : std::nullopt;
    fmt::format_to(std::back_inserter(answer), "{}[{},{},{},{}]", i == 0 ? "" : ",", partition.is_loaded(),
                   partition.log_start(), partition.log_end(), or_null(redundant));
  }
  answer += ']';
}

}  // namespace sharelock::interop
