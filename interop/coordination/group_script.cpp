#include "interop/coordination/group_script.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "interop/coordination/group_world.h"

namespace sharelock::interop {
namespace {

using namespace std::string_view_literals;

// Names and ids for which Java's hash tables enumerate in ascending order.
constexpr std::array groups{"g"sv, "h"sv};
constexpr std::array members{"m0"sv, "m1"sv, "m2"sv, "m3"sv, "m4"sv, "m5"sv};
constexpr std::array topics{"T0"sv, "T1"sv};
constexpr std::string_view absent_topic = "T9";
constexpr std::array racks{"r1"sv, "r2"sv};
constexpr std::string_view other_client = "other";

LifeNames all_names() {
  LifeNames names;
  for (const auto name : groups) names.groups.add(name);
  for (const auto name : members) names.members.add(name);
  for (const auto name : topics) names.topics.add(name);
  names.topics.add(absent_topic);
  for (const auto name : racks) names.racks.add(name);
  names.clients.add(other_client);
  return names;
}

class GroupDrawer {
 public:
  GroupDrawer(Chance chance, const Profile& profile) : chance_{chance}, profile_{profile}, names_{all_names()} {}

  Life life(std::uint32_t requests) {
    add(birth());
    busy_ = chance_.happens({2, 3});
    while (life_.size() <= requests) add(next());
    return std::move(life_);
  }

 private:
  void add(std::string request) {
    const JsonElement parsed = parser_.parse(request);
    answer_.clear();
    if (!world_) world_.emplace(parsed, names_, profile_);
    world_->handle(parsed, answer_);
    life_.push_back(std::move(request));
  }

  std::string birth() {
    std::string created = fmt::format(R"("T0":{})", chance_.between(1, 4));
    if (chance_.happens({2, 3})) created += fmt::format(R"(,"T1":{})", chance_.between(1, 3));
    return fmt::format(
        R"({{"op":"group.new","now":{},"topicIds":{{"T0":"AAAAAAAAAAAAAAABAAAAAQ","T1":"AAAAAAAAAAAAAAAC973vfg"}},)"
        R"("metadata":{{"create":{{{}}}}},"config":{{"group.share.max.size":{},)"
        R"("group.share.initialize.retry.interval.ms":{},"group.share.assignment.interval.ms":{}}}}})",
        chance_.happens({1, 2}) ? 0 : 1'700'000'000'000, created, chance_.pick(std::array{2, 3, 5, 200}),
        chance_.pick(std::array{1, 6000, 30'000}), chance_.pick(std::array{0, 1000, 5000, 15'000}));
  }

  std::string next() {
    group_ = chance_.pick(groups);
    // In some lives groups are mostly empty, so that they can be altered and deleted.
    const std::array<std::uint32_t, 11> weights{
        busy_ ? 50u : 25u, 14, 14, 5, 3, 3, busy_ ? 2u : 6u, busy_ ? 3u : 8u, busy_ ? 1u : 6u, busy_ ? 2u : 6u,
        busy_ ? 1u : 4u};
    switch (chance_.weighted(weights)) {
      case 0:
        return heartbeat();
      case 1:
        return fmt::format(
            R"({{"op":"group.advance","ms":{}}})",
            chance_.pick(std::array{1, 500, 999, 1000, 4999, 5000, 6000, 10'000, 30'000, 44'999, 45'001}));
      case 2:
        return outcome();
      case 3:
        return metadata();
      case 4:
        return R"({"op":"group.load"})";
      case 5:
        return heartbeat(-1);
      case 6:
        return alter();
      case 7:
        return fmt::format(R"({{"op":"group.deleteOffsets","group":"{}","topics":[{}]}})", group_, list(true));
      case 8:
        return fmt::format(R"({{"op":"group.completeDeleteOffsets","group":"{}","topics":[{}]}})", group_, list(false));
      case 9:
        return fmt::format(R"({{"op":"group.deleteRequests","group":"{}"}})", group_);
      default:
        return fmt::format(R"({{"op":"group.deleteGroup","group":"{}"}})", group_);
    }
  }

  std::string heartbeat(std::optional<std::int64_t> wanted = {}) {
    const std::string_view member = chance_.pick(members);
    const GroupMember* known = world_->find(group_, member);
    const std::int64_t epoch = wanted ? *wanted : drawn_epoch(known);
    std::string text =
        fmt::format(R"({{"op":"group.heartbeat","group":"{}","member":"{}","epoch":{})", group_, member, epoch);
    if (epoch == 0)
      text += R"(,"topics":[)" + subscription() + "]";
    else if (chance_.happens({1, 4}))
      text += R"(,"topics":[)" + (chance_.happens({1, 8}) ? std::string{} : subscription()) + "]";
    if (chance_.happens({1, 8})) text += fmt::format(R"(,"rack":"{}")", chance_.pick(racks));
    if (chance_.happens({1, 12})) text += fmt::format(R"(,"clientId":"{}")", other_client);
    return text + "}";
  }

  std::int64_t drawn_epoch(const GroupMember* known) {
    if (!known) return chance_.happens({5, 6}) ? 0 : chance_.between(1, 4);
    constexpr std::array<std::uint32_t, 5> weights{75, 8, 8, 5, 4};
    const std::int64_t epoch = known->current.epoch;
    const std::array<std::int64_t, 5> epochs{epoch, 0, known->current.previous_epoch, epoch + 1, epoch - 1};
    return std::max<std::int64_t>(0, epochs[chance_.weighted(weights)]);
  }

  std::string subscription() {
    const std::string drawn = list(chance_.happens({1, 4}));
    return drawn.empty() ? R"("T0")" : drawn;
  }

  std::string list(bool with_absent) {
    std::string text;
    for (const std::string_view topic : topics)
      if (chance_.happens({2, 3})) text += fmt::format(R"({}"{}")", text.empty() ? "" : ",", topic);
    if (with_absent && chance_.happens({1, 2})) text += fmt::format(R"({}"{}")", text.empty() ? "" : ",", absent_topic);
    return text;
  }

  /// The outcome of an initialisation, mostly of what is under way.
  std::string outcome() {
    const ShareGroup* group = world_->find(group_);
    const bool failed = chance_.happens({1, 5});
    std::string text;
    if (group && group->delivery())
      for (const auto& [topic, partitions] : group->delivery()->topics.initialising)
        if (chance_.happens({3, 4}) && !partitions.empty())
          text += fmt::format(R"({}"{}":[{}])", text.empty() ? "" : ",", world_->name_of(topic),
                              fmt::join(partitions, ","));
    if (text.empty() || chance_.happens({1, 20}))
      text = fmt::format(R"("{}":[{}])", chance_.pick(topics), chance_.between(0, 3));
    return fmt::format(R"({{"op":"group.{}","group":"{}","topics":{{{}}}}})", failed ? "uninitialized" : "initialized",
                       group_, text);
  }

  std::string metadata() {
    std::string created;
    std::string grown;
    std::string deleted;
    for (const std::string_view topic : topics) {
      if (!chance_.happens({1, 2})) continue;
      const std::int32_t partitions = world_->partitions_of(topic);
      if (partitions == 0)
        created += fmt::format(R"({}"{}":{})", created.empty() ? "" : ",", topic, chance_.between(1, 4));
      else if (chance_.happens({2, 3}))
        grown += fmt::format(R"({}"{}":{})", grown.empty() ? "" : ",", topic, partitions + chance_.between(1, 2));
      else
        deleted += fmt::format(R"({}"{}")", deleted.empty() ? "" : ",", topic);
    }
    return fmt::format(R"({{"op":"group.metadata","create":{{{}}},"grow":{{{}}},"delete":[{}]}})", created, grown,
                       deleted);
  }

  std::string alter() {
    std::string text;
    for (const std::string_view topic : {topics[0], topics[1], absent_topic}) {
      if (!chance_.happens({1, 2})) continue;
      std::string offsets;
      for (std::int64_t partition = chance_.happens({1, 15}) ? -1 : 0; partition < 5; ++partition)
        if (chance_.happens({1, 3}))
          offsets += fmt::format(R"({}"{}":{})", offsets.empty() ? "" : ",", partition, chance_.between(0, 100));
      text += fmt::format(R"({}"{}":{{{}}})", text.empty() ? "" : ",", topic, offsets);
    }
    return fmt::format(R"({{"op":"group.alter","group":"{}","topics":{{{}}}}})", group_, text);
  }

  Chance chance_;
  Profile profile_;
  LifeNames names_;
  std::optional<GroupWorld> world_;
  Life life_;
  std::string_view group_;
  bool busy_ = true;
  simdjson::dom::parser parser_;
  std::string answer_;
};

}  // namespace

Life draw_group_life(Chance chance, const Profile& profile, std::uint32_t requests) {
  return GroupDrawer{chance, profile}.life(requests);
}

}  // namespace sharelock::interop
