#include "interop/coordination/shard_script.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>

#include "interop/coordination/shard_world.h"

namespace sharelock::interop {
namespace {

using namespace std::string_view_literals;

/// In ascending order. One needs two bytes in UTF-8, one holds the separator of coordinator keys (SC-1).
const std::vector<std::string>& groups() {
  static const std::vector<std::string> names{"a:b", "g1", "g2", "grün"};
  return names;
}
constexpr std::array topics{"T1"sv, "T2"sv, "T3"sv};
constexpr std::array topic_ids{"PDRMQYnrLx571dR-RG_Owg"sv, "o9gRc2EQ5XgbzM6mlnYuYQ"sv, "FsbpyS2ZvzWMLgcYgizkfA"sv,
                               "AAAAAAAAAAAAAAAAAAAAAQ"sv, "hSrEThMSmjF5UNA1sKj05A"sv, "x8nE0UeRUZdBPk8E5wIYhQ"sv};
constexpr std::array rpcs{"initialize"sv, "write"sv, "read"sv, "summary"sv, "delete"sv};

class Drawer {
 public:
  Drawer(Chance chance, const Profile& profile) : chance_{chance}, profile_{profile} {}

  Life life(std::uint32_t requests) {
    add(birth());
    while (life_.size() <= requests) add(next());
    return std::move(life_);
  }

  std::string batches(Offset near) {
    constexpr std::array<std::uint32_t, 5> lengths{20, 40, 25, 12, 3};
    constexpr std::array<std::int64_t, 5> counts{0, 1, 3, 6, 40};
    const std::int64_t count = counts[chance_.weighted(lengths)];
    std::string list = "[";
    Offset at = std::max<Offset>(0, near + chance_.between(-6, 8));
    for (std::int64_t i = 0; i < count; ++i) {
      // Mostly one after the other, as a share partition writes them; sometimes a gap, sometimes anywhere.
      if (chance_.happens({1, 4})) at += chance_.between(1, 6);
      if (chance_.happens({1, 8})) at = std::max<Offset>(0, near + chance_.between(-10, 30));
      const Offset last = at + (chance_.happens({1, 3}) ? 0 : chance_.between(0, 9));
      constexpr std::array<std::int64_t, 4> states{0, 2, 3, 4};
      fmt::format_to(std::back_inserter(list), "{}[{},{},{},{}]", i == 0 ? "" : ",", at, last, chance_.pick(states),
                     chance_.between(1, 4));
      at = last + 1;
    }
    return list + "]";
  }

 private:
  void add(std::string request) {
    const JsonElement parsed = parser_.parse(request);
    if (world_)
      world_->handle(parsed, answer_);
    else
      world_.emplace(parsed, groups(), profile_);
    life_.push_back(std::move(request));
  }

  std::string birth() {
    constexpr std::array<std::int64_t, 5> shards{1, 1, 2, 3, 5};
    constexpr std::array<std::int64_t, 8> limits{0, 1, 2, 2, 3, 5, 8, 500};
    const std::uint64_t id = chance_.below(topic_ids.size() - 2);
    std::string text = fmt::format(
        R"({{"op":"shard.new","numPartitions":{},"recordsPerSnapshot":{},"coldMs":{},"pruneMs":{},"now":{},)"
        R"("topicIds":{{"T1":"{}","T2":"{}","T3":"{}"}})",
        chance_.pick(shards), chance_.pick(limits), 1000 * chance_.between(1, 5), 1000 * chance_.between(1, 5),
        chance_.happens({1, 5}) ? 0 : 1'700'000'000'000, topic_ids[id], topic_ids[id + 1], topic_ids[id + 2]);
    if (chance_.happens({19, 20}))
      text += fmt::format(R"(,"metadata":{{"create":{{"T1":{},"T2":{}}},"shareVersion":{}}})", chance_.between(1, 4),
                          chance_.between(1, 3), chance_.happens({2, 3}) ? 1 : 0);
    return text + (chance_.happens({9, 10}) ? "}" : R"(,"loaded":false})");
  }

  std::string next() {
    constexpr std::array<std::uint32_t, 13> weights{28, 34, 13, 4, 5, 8, 4, 4, 4, 3, 1, 2, 1};
    const std::size_t kind = chance_.weighted(weights);
    if (kind < rpcs.size()) return rpc(rpcs[kind]);
    const auto shard =
        static_cast<std::int32_t>(chance_.below(static_cast<std::uint64_t>(coordinator().partition_count())));
    const bool loaded = coordinator().partition(shard).is_loaded();
    if (kind == 5)
      return fmt::format(R"({{"op":"shard.advance","ms":{}}})", chance_.pick(std::array{1, 500, 1000, 4000, 9000}));
    if (kind == 6 && loaded) return fmt::format(R"({{"op":"shard.cold","shard":{}}})", shard);
    if (kind == 7 && loaded) return fmt::format(R"({{"op":"shard.prune","shard":{}}})", shard);
    if (kind == 9) return metadata();
    if (kind == 10 && loaded) return fmt::format(R"({{"op":"shard.unload","shard":{}}})", shard);
    if (kind == 11 && loaded)
      return fmt::format(R"({{"op":"shard.revert","shard":{},"operations":{}}})", shard, chance_.between(0, 5));
    if (kind == 12)
      return chance_.happens({1, 2}) ? R"({"op":"shard.dump"})"
                                     : fmt::format(R"({{"op":"shard.log","shard":{}}})", shard);
    if (chance_.happens({2, 3})) return fmt::format(R"({{"op":"shard.load","shard":{}}})", shard);
    return fmt::format(R"({{"op":"shard.load","shard":{},"recordsPerSnapshot":{}}})", shard, chance_.between(0, 4));
  }

  const ShareCoordinator& coordinator() const { return world_->coordinator(); }

  std::string metadata() {
    std::string text = R"({"op":"shard.metadata")";
    std::string created;
    std::string grown;
    std::string deleted;
    const auto comma = [](const std::string& list) { return list.empty() ? "" : ","; };
    for (const std::string_view topic : topics) {
      const std::int32_t partitions = world_->partitions_of(topic);
      if (!chance_.happens({1, 3})) continue;
      if (partitions == 0)
        created += fmt::format(R"({}"{}":{})", comma(created), topic, chance_.between(1, 4));
      else if (chance_.happens({1, 2}))
        grown += fmt::format(R"({}"{}":{})", comma(grown), topic, partitions + chance_.between(1, 2));
      else
        deleted += fmt::format(R"({}"{}")", comma(deleted), topic);
    }
    if (!created.empty()) text += R"(,"create":{)" + created + "}";
    if (!grown.empty()) text += R"(,"grow":{)" + grown + "}";
    if (!deleted.empty()) text += R"(,"delete":[)" + deleted + "]";
    if (chance_.happens({1, 2})) text += fmt::format(R"(,"shareVersion":{})", chance_.happens({2, 3}) ? 1 : 0);
    return text + "}";
  }

  std::string rpc(std::string_view verb) {
    constexpr std::array<std::uint32_t, 4> by_group{1, 6, 3, 1};
    const std::string& group = groups()[chance_.weighted(by_group)];
    if (!chance_.happens({1, 3})) {
      if (chance_.happens({1, 100}))
        return fmt::format(R"({{"op":"shard.{}","group":"{}","topic":null,"partition":0}})", verb, group);
      const auto topic = chance_.pick(topics);
      return fmt::format(R"({{"op":"shard.{}","group":"{}","topic":"{}",{}}})", verb, group, topic,
                         entry(verb, group, topic));
    }
    const std::string named = chance_.happens({1, 40}) ? "null" : '"' + (chance_.happens({1, 40}) ? "" : group) + '"';
    std::string text = fmt::format(R"({{"op":"shard.{}","group":{},"entries":[)", verb, named);
    const std::int64_t wanted = chance_.happens({1, 30}) ? 0 : chance_.between(1, 3);
    for (std::int64_t i = 0; i < wanted; ++i) {
      const auto topic = chance_.pick(topics);
      text += fmt::format(R"({}{{"topic":"{}","partitions":[)", i == 0 ? "" : ",", topic);
      const std::int64_t entries = chance_.happens({1, 40}) ? 0 : chance_.between(1, 3);
      for (std::int64_t j = 0; j < entries; ++j)
        text += fmt::format("{}{{{}}}", j == 0 ? "" : ",", entry(verb, group, topic));
      text += "]}";
    }
    return text + "]}";
  }

  /// The fields of an entry, near the boundaries at which the rules decide.
  std::string entry(std::string_view verb, std::string_view group, std::string_view topic) {
    const auto partition = static_cast<std::int32_t>(chance_.happens({1, 60}) ? -1 : chance_.between(0, 3));
    const KeyState* known = world_->find(group, topic, partition);
    const std::int64_t le = epoch(known ? known->fence_leader_epoch : 0);
    const std::int64_t se = epoch(known ? known->fence_state_epoch.value_or(0) : 0);
    const Offset s = known ? known->state.start_offset : 0;
    std::string text = fmt::format(R"("partition":{})", partition);
    if (verb == "initialize") {
      const std::array<Offset, 5> starts{-1, 0, s, chance_.between(0, 30), chance_.between(0, 1'000'000'000'000)};
      text += fmt::format(R"(,"stateEpoch":{},"startOffset":{})", se, chance_.pick(starts));
    } else if (verb == "write") {
      constexpr std::array<std::uint32_t, 4> moves{40, 40, 12, 8};
      const std::array<Offset, 4> starts{s, s + chance_.between(1, 9), s - chance_.between(1, 9), -1};
      text +=
          fmt::format(R"(,"leaderEpoch":{},"stateEpoch":{},"startOffset":{},"deliveryCompleteCount":{},"batches":{})",
                      le, se, std::max<Offset>(-1, starts[chance_.weighted(moves)]), chance_.between(-1, 20),
                      batches(std::max<Offset>(0, s)));
    } else if (verb != "delete") {
      text += fmt::format(R"(,"leaderEpoch":{})", le);
    }
    return text;
  }

  std::int64_t epoch(std::int64_t fence) {
    constexpr std::array<std::uint32_t, 6> weights{70, 12, 10, 4, 2, 2};
    const std::array<std::int64_t, 6> epochs{fence, fence + 1, fence - 1, -1, -2, fence + chance_.between(2, 5)};
    return epochs[chance_.weighted(weights)];
  }

  Chance chance_;
  const Profile& profile_;
  simdjson::dom::parser parser_;
  std::optional<ShardWorld> world_;
  Life life_;
  std::string answer_;
};

}  // namespace

Life draw_shard_life(Chance chance, const Profile& profile, std::uint32_t requests) {
  return Drawer{chance, profile}.life(requests);
}

Life draw_combinations(Chance chance, std::uint32_t requests) {
  const Profile any{ProfileName::v4_4};
  Life life;
  for (std::uint32_t i = 0; i < requests; ++i) {
    Drawer drawer{chance.fork(i), any};
    Chance starts = chance.fork("start").fork(i);
    const Offset near = starts.between(0, 50);
    life.push_back(fmt::format(R"({{"op":"combine","existing":{},"incoming":{},"startOffset":{}}})",
                               drawer.batches(near), drawer.batches(near + starts.between(-5, 5)),
                               starts.happens({1, 3}) ? -1 : near + starts.between(-9, 15)));
  }
  return life;
}

}  // namespace sharelock::interop
