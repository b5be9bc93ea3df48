#include "interop/broker/broker_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "interop/broker/scripted_broker.h"

namespace sharelock::interop {
namespace {

using namespace std::string_view_literals;

constexpr std::array members{"m1"sv, "m2"sv, "m3"sv};
constexpr std::array groups{"g"sv, "g"sv, "g"sv, "h"sv};
constexpr std::array partitions{"t-0"sv, "t-1"sv, "u-0"sv, "t-2"sv};
constexpr std::array errors{
    "NOT_LEADER_OR_FOLLOWER"sv,    "FENCED_LEADER_EPOCH"sv, "FENCED_STATE_EPOCH"sv,  "UNKNOWN_TOPIC_OR_PARTITION"sv,
    "GROUP_ID_NOT_FOUND"sv,        "KAFKA_STORAGE_ERROR"sv, "OFFSET_OUT_OF_RANGE"sv, "INVALID_REQUEST"sv,
    "COORDINATOR_NOT_AVAILABLE"sv, "NOT_COORDINATOR"sv,     "UNKNOWN_SERVER_ERROR"sv};

/// What a life is mostly about. More than one may hold.
struct Theme {
  bool errors = false;
  bool remote = false;
  bool async = false;
  bool dead_letters = false;
  bool crowded = false;  ///< Several groups and members, sessions that come and go.
};

class BrokerDrawer {
 public:
  BrokerDrawer(Chance chance, const Profile& profile) : chance_{chance}, profile_{profile}, model_{line(), profile} {}

  Life life(std::uint32_t requests) {
    draw_theme();
    add(reset());
    for (std::int64_t i = chance_.between(1, 3); i > 0; --i) add(create());
    while (life_.size() <= requests) add(next());
    return std::move(life_);
  }

 private:
  bool has(Switch id) const { return profile_.has(id); }
  KafkaLine line() const { return has(Switch::dead_letter_queue) ? KafkaLine::v4_4 : KafkaLine::v4_3; }

  void draw_theme() {
    theme_.errors = chance_.happens({1, 3});
    theme_.remote = chance_.happens({1, 3});
    theme_.async = has(Switch::async_log_reads) && chance_.happens({1, 3});
    theme_.dead_letters = has(Switch::dead_letter_queue) && chance_.happens({1, 4});
    theme_.crowded = chance_.happens({1, 3});
  }

  void add(std::string request) {
    answer_.clear();
    model_.handle(parser_.parse(request), answer_);
    life_.push_back(std::move(request));
  }

  std::string reset() {
    const auto mode = [&](std::uint32_t automatic) { return chance_.happens({automatic, 4}) ? "auto"sv : "manual"sv; };
    std::string text = fmt::format(
        R"({{"op":"reset","dump":"hash","maxLocks":{},"limit":{},"lockMs":{},"autoOffsetReset":"{}","reads":"{}","writes":"{}","draw":{},"remoteMaxWaitMs":{},"maxSessions":{})",
        chance_.pick(std::array{2, 4, 8, 20, 200}), chance_.pick(std::array{2, 3, 5}),
        chance_.pick(std::array{100, 1000, 30'000}), chance_.happens({3, 4}) ? "earliest" : "latest", mode(3), mode(2),
        chance_.between(0, 5), chance_.pick(std::array{100, 1000, 30'000}), chance_.pick(std::array{1, 3, 2000}));
    if (theme_.async) text += R"(,"logReads":"manual")";
    if (theme_.dead_letters) text += fmt::format(R"(,"dlq":true,"dlqs":"{}")", mode(2));
    if (chance_.happens({1, 12})) text += R"(,"actions":"manual")";
    return text + "}";
  }

  std::string next() {
    if (chance_.happens({3, 10}))
      if (auto outcome = complete()) return *outcome;
    const std::array<std::uint32_t, 18> weights{30,
                                                16,
                                                16,
                                                10,
                                                theme_.crowded ? 5u : 2u,
                                                theme_.crowded ? 4u : 1u,
                                                theme_.crowded ? 3u : 1u,
                                                3,
                                                theme_.errors ? 6u : 1u,
                                                theme_.errors ? 8u : 0u,
                                                theme_.remote ? 8u : 1u,
                                                3,
                                                2,
                                                2,
                                                2,
                                                2,
                                                theme_.errors ? 3u : 0u,
                                                1};
    switch (chance_.weighted(weights)) {
      case 0:
        return fetch(true);
      case 1:
        return append(true);
      case 2:
        return acknowledge(true);
      case 3:
        return advance();
      case 4:
        return session();
      case 5:
        return release();
      case 6:
        return fmt::format(R"({{"op":"disconnect","conn":"c{}"}})", chance_.between(1, 3));
      case 7:
        return high_watermark(true);
      case 8:
        return role();
      case 9:
        return fail();
      case 10:
        return move("tier");
      case 11:
        return move("logStart");
      case 12:
        return check(true);
      case 13:
        return R"({"op":"actions"})";
      case 14:
        return configure();
      case 15:
        return create();
      case 16:
        return store();
      default:
        return rare();
    }
  }

  // ----- Who and what

  std::string who() {
    group_ = theme_.crowded ? chance_.pick(groups) : groups[0];
    return fmt::format(R"("group":"{}","member":"{}")", group_, chance_.pick(members));
  }

  std::string_view some_partition() {
    std::vector<std::string_view> hosted;
    for (const auto& named : model_.world().partitions())
      if (named.hosted) hosted.push_back(named.name);
    return hosted.empty() ? partitions[0] : chance_.pick(std::span<const std::string_view>{hosted});
  }

  const SegmentedLog* log_of(std::string_view name) {
    const HostedLog* hosted = model_.world().log(name);
    return hosted == nullptr ? nullptr : &hosted->log;
  }

  std::string list() {
    std::string text;
    std::array<bool, partitions.size()> named{};
    for (std::int64_t i = chance_.between(1, 3); i > 0; --i) {
      const std::size_t drawn = chance_.below(partitions.size());
      if (named[drawn] || (model_.world().log(partitions[drawn]) == nullptr && !chance_.happens({1, 12}))) continue;
      named[drawn] = true;
      text += fmt::format(R"({}"{}")", text.empty() ? "" : ",", partitions[drawn]);
    }
    return text;
  }

  // ----- Requests

  std::string create() {
    const std::string_view name = chance_.pick(partitions);
    if (model_.world().log(name) != nullptr) return fetch(true);
    return fmt::format(R"({{"op":"create","tp":"{}","epoch":{},"base":{}}})", name, chance_.between(0, 3),
                       chance_.happens({1, 8}) ? 5 : 0);
  }

  std::string append(bool may_have_other) {
    const std::string_view name = some_partition();
    const SegmentedLog* log = log_of(name);
    if (log == nullptr) return create();
    Offset end = log->end();
    std::string text = fmt::format(R"({{"op":"append","tp":"{}","batches":[)", name);
    for (std::int64_t i = chance_.between(1, 3); i > 0; --i) {
      if (chance_.happens({1, 12})) end += chance_.between(1, 3);
      text.append(batch(end)).append(i > 1 ? "," : "");
    }
    text += ']';
    if (chance_.happens({1, 5})) text += R"(,"hw":false)";
    if (log->can_roll() && chance_.happens({1, 10})) text += R"(,"roll":true)";
    return text + other(may_have_other) + "}";
  }

  std::string batch(Offset& end) {
    const Offset base = end;
    const Offset last = base + chance_.pick(std::array{0, 0, 1, 2, 4, 9});
    end = last + 1;
    if (chance_.happens({1, 12})) {
      end = base + 1;
      return fmt::format(R"({{"b":{},"l":{},"pid":7,"ctrl":"{}"}})", base, base,
                         chance_.happens({1, 2}) ? "abort" : "commit");
    }
    if (chance_.happens({1, 8})) return fmt::format(R"({{"b":{},"l":{},"pid":7,"txn":true}})", base, last);
    if (chance_.happens({1, 8})) return fmt::format(R"({{"b":{},"l":{},"offsets":[{}]}})", base, last, last);
    if (chance_.happens({1, 2})) return fmt::format("[{},{}]", base, last);
    return fmt::format("[{},{},{}]", base, last, chance_.pick(std::array{61, 80, 100, 300, 1000}));
  }

  std::string fetch(bool may_have_other) {
    std::string text = fmt::format(R"({{"op":"fetch",{},"partitions":[{}],"maxWaitMs":{})", who(), list(),
                                   chance_.pick(std::array{0, 50, 100, 500, 1000, 60'000}));
    if (chance_.happens({1, 2}))
      text += fmt::format(R"(,"minBytes":{})", chance_.pick(std::array{0, 2, 61, 100, 400, 2000}));
    if (chance_.happens({1, 2}))
      text += fmt::format(R"(,"maxBytes":{})", chance_.pick(std::array{1, 2, 3, 61, 70, 100, 150, 300, 1000}));
    if (chance_.happens({1, 2}))
      text += fmt::format(R"(,"maxRecords":{})", chance_.pick(std::array{1, 2, 3, 5, 10, 0}));
    if (chance_.happens({1, 4})) text += fmt::format(R"(,"batchSize":{})", chance_.pick(std::array{1, 2, 5}));
    if (chance_.happens({1, 3})) text += R"(,"mode":"RL")";
    if (chance_.happens({1, 5})) text += R"(,"isolation":"read_committed")";
    if (chance_.happens({1, 2})) text += fmt::format(R"(,"epoch":{})", chance_.between(0, 6));
    return text + other(may_have_other) + "}";
  }

  /// Something that is in flight, or nearly.
  std::string acknowledge(bool may_have_other) {
    std::vector<const SharePartitionCache::Object*> objects;
    for (const auto& [id, object] : model_.world().manager().cache().objects())
      if (object.cached) objects.push_back(&object);
    if (objects.empty()) return fetch(may_have_other);
    std::string text;
    const auto& first = *objects[chance_.below(objects.size())];
    std::string member{chance_.pick(members)};
    text = acknowledgement(first, &member);
    const auto& second = *objects[chance_.below(objects.size())];
    if (second.key.group == first.key.group && second.key != first.key && chance_.happens({1, 4}))
      text.append(",").append(acknowledgement(second, nullptr));
    return fmt::format(R"({{"op":"acknowledge","group":"{}","member":"{}","acks":[{}]{}}})",
                       model_.world().groups.name_of(first.key.group.value()), member, text, other(may_have_other));
  }

  std::string acknowledgement(const SharePartitionCache::Object& object, std::string* member) {
    const SharePartition& partition = object.partition;
    const auto& window = partition.window();
    std::vector<const InFlightBatch*> held;
    for (auto at = window.first(); at != InFlightWindow::none; at = window.next(at)) held.push_back(&window[at]);
    Offset first = std::max<Offset>(0, partition.start_offset() - 1);
    Offset last = partition.end_offset() + 1;
    if (!held.empty() && chance_.happens({7, 8})) {
      const InFlightBatch& batch = *held[chance_.below(held.size())];
      first = batch.first;
      last = batch.last;
      const MemberId owner = batch.by_offset ? window.state(window.floor(first), first).owner() : batch.whole.owner();
      if (owner != nobody && member != nullptr && chance_.happens({7, 8}))
        *member = model_.world().members.name_of(owner.value());
    }
    if (chance_.happens({1, 3})) first = last = chance_.between(first, last);
    constexpr std::string_view letters = "AAARRJGW";
    std::string types;
    types.push_back(letters[chance_.below(letters.size())]);
    if (last > first && last - first < 8 && chance_.happens({1, 3}))
      while (static_cast<Offset>(types.size()) < last - first + 1)
        types.push_back(letters[chance_.below(letters.size())]);
    return fmt::format(R"({{"tp":"{}","batches":[[{},{},"{}"]]}})",
                       model_.world().name_of(TopicIdPartition{object.key.topic, object.key.partition}), first, last,
                       types);
  }

  std::string advance() {
    return fmt::format(R"({{"op":"advance","ms":{}}})", chance_.pick(std::array{1, 10, 50, 100, 450, 1000, 30'000}));
  }

  std::string session() {
    return fmt::format(R"({{"op":"session",{},"epoch":{},"partitions":[{}],"conn":"c{}"}})", who(),
                       chance_.pick(std::array{0, 0, 0, 1, 2}), list(), chance_.between(1, 3));
  }

  std::string release() { return fmt::format(R"({{"op":"release",{}}})", who()); }

  std::string high_watermark(bool may_have_other) {
    const std::string_view name = some_partition();
    const SegmentedLog* log = log_of(name);
    if (log == nullptr) return create();
    const Offset to = chance_.happens({2, 3}) ? log->end() : chance_.between(log->start, log->end());
    std::string text = fmt::format(R"({{"op":"hw","tp":"{}","to":{})", name, to);
    if (chance_.happens({1, 4})) text += fmt::format(R"(,"stable":{})", chance_.between(log->start, to));
    return text + other(may_have_other) + "}";
  }

  std::string role() {
    constexpr std::array roles{"leader"sv, "leader"sv, "follower"sv, "offline"sv, "moved"sv, "deleted"sv};
    const std::string_view name = some_partition();
    const HostedLog* hosted = model_.world().log(name);
    if (hosted == nullptr) return create();
    const bool heals = hosted->role != PartitionRole::leader && chance_.happens({2, 3});
    return fmt::format(R"({{"op":"role","tp":"{}","to":"{}","epoch":{}}})", name,
                       heals ? "leader"sv : chance_.pick(roles), hosted->epoch + chance_.between(0, 1));
  }

  std::string fail() {
    constexpr std::array places{"read"sv, "throw"sv, "end"sv, "lookup"sv, "remote"sv};
    const std::string_view place = chance_.pick(places);
    if (chance_.happens({1, 2}))
      return fmt::format(R"({{"op":"fail","tp":"{}","read":null,"throw":null,"end":null,"{}":null}})", some_partition(),
                         place == "remote" ? "remote" : "lookup");
    return fmt::format(R"({{"op":"fail","tp":"{}","{}":"{}"}})", some_partition(), place, chance_.pick(errors));
  }

  std::string move(std::string_view op) {
    const std::string_view name = some_partition();
    const SegmentedLog* log = log_of(name);
    if (log == nullptr) return create();
    const Offset from = op == "tier" ? log->local_start : log->start;
    return fmt::format(R"({{"op":"{}","tp":"{}","to":{}}})", op, name, chance_.between(from, log->high_watermark));
  }

  std::string check(bool may_have_other) {
    const bool of_group = chance_.happens({1, 2});
    return fmt::format(R"({{"op":"check","key":"{}{}"{}}})", of_group ? "g:" : "", some_partition(),
                       other(may_have_other));
  }

  std::string configure() {
    switch (chance_.below(4)) {
      case 0:
        return fmt::format(R"({{"op":"config","draw":{}}})", chance_.between(0, 5));
      case 1:
        if (theme_.async)
          return fmt::format(R"({{"op":"config","logReads":"{}"}})", chance_.happens({1, 2}) ? "auto" : "manual");
        return fmt::format(R"({{"op":"config","lockMs":{}}})", chance_.pick(std::array{100, 1000, 30'000}));
      case 2:
        if (has(Switch::limit_dynamic))
          return fmt::format(R"({{"op":"config","maxLocks":{},"limit":{}}})", chance_.pick(std::array{2, 4, 200}),
                             chance_.pick(std::array{2, 3, 5}));
        [[fallthrough]];
      default:
        return fmt::format(R"({{"op":"config","writes":"{}","reads":"{}"}})",
                           chance_.happens({1, 2}) ? "auto" : "manual", chance_.happens({3, 4}) ? "auto" : "manual");
    }
  }

  std::string store() {
    return fmt::format(R"({{"op":"store","sp":"{}:{}","read":{}}})", chance_.pick(groups), some_partition(), read());
  }

  std::string rare() {
    switch (chance_.below(4)) {
      case 0:
        return R"({"op":"feature","enabled":false})";
      case 1: {
        const std::string_view name = some_partition();
        const SegmentedLog* log = log_of(name);
        if (log == nullptr) return create();
        // At the begin of a log batch: batches that overlap are in no log.
        const Offset to = log->position(chance_.between(log->start, log->end())).message_offset;
        return fmt::format(R"({{"op":"truncate","tp":"{}","to":{}}})", name, to < log->start ? log->end() : to);
      }
      case 2:
        return fmt::format(R"({{"op":"aborted","tp":"{}","list":[[{},{},7]]}})", some_partition(),
                           chance_.between(0, 10), chance_.between(10, 30));
      default:
        return chance_.happens({1, 2}) ? R"({"op":"fire","lock":0})" : R"({"op":"fire","timer":0})";
    }
  }

  // ----- Outcomes of what is outstanding

  std::string read() {
    if (chance_.happens({1, theme_.errors ? 3u : 12u})) return fmt::format(R"("{}")", chance_.pick(errors));
    const Offset start = chance_.between(-1, 6);
    std::string batches;
    Offset at = std::max<Offset>(start, 0);
    for (std::int64_t i = start < 0 ? 0 : chance_.between(0, 3); i > 0; --i) {
      at += chance_.pick(std::array{0, 0, 0, 2});
      const Offset last = at + chance_.between(0, 3);
      batches += fmt::format(R"({}[{},{},"{}",{}])", batches.empty() ? "" : ",", at, last,
                             chance_.pick(std::array{"AV"sv, "AV"sv, "AK"sv, "AR"sv}), chance_.between(1, 2));
      at = last + 1;
    }
    return fmt::format(R"({{"epoch":{},"S":{},"batches":[{}]}})", chance_.between(0, 2), start, batches);
  }

  std::string result() {
    return chance_.happens({1, theme_.errors ? 3u : 10u}) ? fmt::format(R"(,"result":"{}")", chance_.pick(errors)) : "";
  }

  std::optional<std::string> complete() {
    using Kind = BrokerWorld::HandOver::Kind;
    BrokerWorld& world = model_.world();
    const std::size_t outstanding = world.hand_overs.size() + world.log_reads.size() + world.remote_reads.size();
    if (outstanding == 0) return std::nullopt;
    std::size_t drawn = chance_.below(outstanding);
    if (drawn < world.hand_overs.size()) {
      const auto& each = world.hand_overs[drawn];
      if (each.kind == Kind::read)
        return fmt::format(R"({{"op":"completeRead","which":{},"read":{}{}}})", each.id, read(), other(true));
      return fmt::format(R"({{"op":"{}","which":{}{}}})", each.kind == Kind::write ? "completeWrite" : "completeDlq",
                         each.id, result());
    }
    drawn -= world.hand_overs.size();
    const auto failure = [&](std::string_view name) {
      return chance_.happens({1, 8}) ? fmt::format(R"(,"{}":"{}")", name, chance_.pick(errors)) : "";
    };
    if (drawn < world.log_reads.size())
      return fmt::format(R"({{"op":"completeLogRead","which":{}{}{}}})", world.log_reads[drawn].id.value(),
                         failure("exception"), other(true));
    drawn -= world.log_reads.size();
    return fmt::format(R"({{"op":"completeRemote","which":{}{}}})", world.remote_reads[drawn].id.value(),
                       failure("error"));
  }

  /// What another thread does in the first log read of a request.
  std::string other(bool wanted) {
    if (!wanted || !chance_.happens({1, 6})) return "";
    std::string text;
    for (std::int64_t i = chance_.between(1, 2); i > 0; --i) {
      constexpr std::array<std::uint32_t, 7> weights{4, 3, 3, 3, 2, 1, 1};
      std::string request;
      switch (chance_.weighted(weights)) {
        case 0:
          request = fetch(false);
          break;
        case 1:
          request = append(false);
          break;
        case 2:
          request = acknowledge(false);
          break;
        case 3:
          request = advance();
          break;
        case 4:
          request = check(false);
          break;
        case 5:
          request = release();
          break;
        default:
          request = theme_.errors ? fail() : high_watermark(false);
      }
      // Only what the protocol allows there.
      if (request.starts_with(R"({"op":"create")")) continue;
      text.append(text.empty() ? "" : ",").append(request);
    }
    return text.empty() ? "" : fmt::format(R"(,"during":[{}])", text);
  }

  Chance chance_;
  Profile profile_;
  ScriptedBroker model_;
  Theme theme_;
  Life life_;
  std::string_view group_;
  simdjson::dom::parser parser_;
  std::string answer_;
};

}  // namespace

Life draw_broker_life(Chance chance, const Profile& profile, std::uint32_t requests) {
  return BrokerDrawer{chance, profile}.life(requests);
}

}  // namespace sharelock::interop
