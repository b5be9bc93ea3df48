#include "interop/coordination/session_script.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "interop/coordination/session_world.h"

namespace sharelock::interop {
namespace {

using namespace std::string_view_literals;

constexpr std::array groups{"g1"sv, "g2"sv};
constexpr std::array members{"m1"sv, "m2"sv, "m3"sv};
constexpr std::array connections{"c1"sv, "c2"sv, "c3"sv, "c4"sv, "c5"sv};
constexpr std::array topics{"T1"sv, "T2"sv};

LifeNames all_names() {
  LifeNames names;
  for (const auto name : groups) names.groups.add(name);
  for (const auto name : members) names.members.add(name);
  for (const auto name : connections) names.connections.add(name);
  return names;
}

class SessionDrawer {
 public:
  explicit SessionDrawer(Chance chance) : chance_{chance}, names_{all_names()} {}

  Life life(std::uint32_t requests) {
    add(fmt::format(
        R"({{"op":"session.new","maxEntries":{},"topicIds":{{"T1":"_T_rPJJQt5dKm1KLaWNjIQ","T2":"pGG1XvVbe-r9gJqanpJbeQ"}}}})",
        chance_.pick(std::array{0, 1, 2, 2, 3, 4, 10})));
    while (life_.size() <= requests) add(next());
    return std::move(life_);
  }

 private:
  void add(std::string request) {
    const JsonElement parsed = parser_.parse(request);
    answer_.clear();
    if (!world_) world_.emplace(parsed, names_);
    world_->handle(parsed, answer_);
    life_.push_back(std::move(request));
  }

  std::string next() {
    constexpr std::array<std::uint32_t, 6> weights{55, 20, 12, 6, 6, 1};
    const std::string who = draw_member();
    switch (chance_.weighted(weights)) {
      case 0:
        return fetch(who);
      case 1:
        return world_->last_context(group_, member_) ? respond(who) : fetch(who);
      case 2:
        return fmt::format(R"({{"op":"session.ack",{},"epoch":{}}})", who, epoch());
      case 3:
        return fmt::format(R"({{"op":"session.release",{}}})", who);
      case 4:
        return fmt::format(R"({{"op":"session.disconnect","connection":"{}"}})", chance_.pick(connections));
      default:
        return chance_.happens({1, 2}) ? R"({"op":"session.clear"})" : R"({"op":"session.dump"})";
    }
  }

  std::string draw_member() {
    group_ = chance_.pick(groups);
    member_ = chance_.pick(members);
    return fmt::format(R"("group":"{}","member":"{}")", group_, member_);
  }

  const ShareSession* session() const {
    const ShareSessionKey key{GroupId{names_.groups.rank(group_)}, MemberId{names_.members.rank(member_)}};
    const auto found = world_->cache().sessions().find(key);
    return found == world_->cache().sessions().end() ? nullptr : &found->second;
  }

  std::int64_t epoch() {
    constexpr std::array<std::uint32_t, 6> weights{70, 10, 8, 4, 4, 4};
    const std::int64_t expected = session() ? session()->epoch : 0;
    const std::array<std::int64_t, 6> epochs{
        expected, 0, -1, expected + 1, expected - 1, chance_.happens({1, 2}) ? -2 : 2'147'483'647};
    return epochs[chance_.weighted(weights)];
  }

  std::string fetch(const std::string& who) {
    const std::int64_t carried = epoch();
    std::string text = fmt::format(R"({{"op":"session.fetch",{},"epoch":{},"fetch":[{}],"connection":"{}")", who,
                                   carried, list(true), chance_.pick(connections));
    if (chance_.happens({1, 3})) text += R"(,"forget":[)" + list(false) + "]";
    if (chance_.happens({1, 8})) text += R"(,"acks":true)";
    return text + "}";
  }

  std::string list(bool may_be_nameless) {
    std::string text;
    std::array<bool, 6> named{};
    for (std::int64_t i = chance_.between(0, 5); i > 0; --i) {
      const std::size_t drawn = chance_.below(named.size());
      if (named[drawn] && !chance_.happens({1, 30})) continue;
      named[drawn] = true;
      text += fmt::format(R"({}["{}",{}{}])", text.empty() ? "" : ",", topics[drawn % 2], drawn / 2,
                          may_be_nameless && chance_.happens({1, 10}) ? ",false" : "");
    }
    return text;
  }

  /// Anything that a fetch may find for the partitions of the last request.
  std::string respond(const std::string& who) {
    constexpr std::array errors{"NONE"sv, "NONE"sv, "NONE"sv, "NOT_LEADER_OR_FOLLOWER"sv,
                                "UNKNOWN_TOPIC_OR_PARTITION"sv};
    std::string text;
    for (const RequestedPartition& asked : world_->last_context(group_, member_)->partitions) {
      if (chance_.happens({1, 8})) continue;
      text += fmt::format(R"({}["{}",{},{},"{}"])", text.empty() ? "" : ",", world_->name_of(asked.what.topic),
                          asked.what.partition, chance_.happens({1, 3}), chance_.pick(errors));
    }
    return fmt::format(R"({{"op":"session.respond",{},"partitions":[{}]}})", who, text);
  }

  Chance chance_;
  LifeNames names_;
  std::optional<SessionWorld> world_;
  Life life_;
  std::string_view group_;
  std::string_view member_;
  simdjson::dom::parser parser_;
  std::string answer_;
};

}  // namespace

Life draw_session_life(Chance chance, std::uint32_t requests) {
  return SessionDrawer{chance}.life(requests);
}

}  // namespace sharelock::interop
