#include "interop/coordination/persister_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "interop/coordination/persister_world.h"
#include "interop/coordination/state_json.h"

namespace sharelock::interop {
namespace {

using namespace std::string_view_literals;

/// In ascending order.
const std::vector<std::string>& groups() {
  static const std::vector<std::string> names{"a:b", "g1", "g2"};
  return names;
}
constexpr std::array topics{"T1"sv, "T2"sv};
constexpr std::array retriable_errors{"COORDINATOR_NOT_AVAILABLE"sv, "COORDINATOR_LOAD_IN_PROGRESS"sv,
                                      "NOT_COORDINATOR"sv, "UNKNOWN_TOPIC_OR_PARTITION"sv};
constexpr std::array final_errors{
    "FENCED_LEADER_EPOCH"sv,    "FENCED_STATE_EPOCH"sv,           "INVALID_REQUEST"sv,   "GROUP_ID_NOT_FOUND"sv,
    "UNKNOWN_SERVER_ERROR"sv,   "CLUSTER_AUTHORIZATION_FAILED"sv, "NETWORK_EXCEPTION"sv, "REQUEST_TIMED_OUT"sv,
    "NOT_LEADER_OR_FOLLOWER"sv, "COORDINATOR_NOT_AVAILABLE"sv};

class Drawer {
 public:
  explicit Drawer(Chance chance) : chance_{chance} {}

  Life life(std::uint32_t requests) {
    add(birth());
    while (life_.size() <= requests) add(next());
    return std::move(life_);
  }

 private:
  void add(std::string request) {
    const JsonElement parsed = parser_.parse(request);
    if (world_)
      world_->handle(parsed, answer_);
    else
      world_.emplace(parsed, groups());
    life_.push_back(std::move(request));
  }

  std::string birth() {
    constexpr std::array<std::int64_t, 4> counts{1, 1, 2, 3};
    constexpr std::array<std::uint32_t, 4> troubles{5, 25, 70, 95};
    constexpr std::array<std::int64_t, 3> most_calls{2, 5, 60};
    partitions_ = chance_.pick(counts);
    trouble_ = chance_.pick(troubles);
    calls_left_ = chance_.pick(most_calls);
    return fmt::format(
        R"({{"op":"persister.new","topicIds":{{"T1":"PDRMQYnrLx571dR-RG_Owg","T2":"o9gRc2EQ5XgbzM6mlnYuYQ"}},)"
        R"("numPartitions":{},"now":{},{}}})",
        partitions_, chance_.happens({1, 3}) ? 0 : 1'700'000'000'000, metadata());
  }

  /// Which brokers are alive, and which of them leads what of the state topic.
  std::string metadata() {
    std::string alive;
    for (int node = 1; node <= 3; ++node)
      if (chance_.happens({9, 10})) alive += fmt::format("{}{}", alive.empty() ? "" : ",", node);
    if (chance_.happens({1, 20})) alive.clear();
    if (chance_.happens({1, 3})) return fmt::format(R"("nodes":[{}])", alive);
    std::string leaders;
    for (std::int64_t i = 0; i < partitions_; ++i) {
      const std::string leader = chance_.happens({1, 4}) ? "null" : std::to_string(chance_.between(1, 3));
      leaders += (i == 0 ? "" : ",") + leader;
    }
    return fmt::format(R"("nodes":[{}],"leaders":[{}])", alive, leaders);
  }

  std::string next() {
    constexpr std::array<std::uint32_t, 6> weights{22, 33, 30, 11, 2, 2};
    switch (chance_.weighted(weights)) {
      case 0:
        if (calls_left_-- > 0) return call();
        break;
      case 2:
        if (const auto* request = some_request()) return answer(*request);
        break;
      case 3:
        return advance();
      case 4:
        return fmt::format(R"({{"op":"persister.metadata",{}}})", metadata());
      case 5: {
        constexpr std::array states{"up"sv, "up"sv, "connecting"sv, "failed"sv, "unauthenticated"sv};
        return fmt::format(R"({{"op":"persister.node","node":{},"connection":"{}"}})", chance_.between(1, 3),
                           chance_.pick(states));
      }
      default:
        break;
    }
    const bool idle = !world_->persister().can_send();
    if (idle && world_->next_backoff() && chance_.happens({2, 3})) return advance();
    return fmt::format(R"({{"op":"persister.send","draw":{},"jitter":{}}})", chance_.between(0, 5), jitter());
  }

  std::int64_t jitter() { return chance_.happens({1, 4}) ? 1000 : chance_.between(800, 1199); }

  std::string advance() {
    const TimeMs due = world_->next_backoff().value_or(100);
    const std::array<TimeMs, 6> times{due, due, due + 5000, std::max<TimeMs>(0, due - 1), 30'000, 30'001};
    return fmt::format(R"({{"op":"persister.advance","ms":{}}})", chance_.pick(times));
  }

  std::string call() {
    constexpr std::array<std::uint32_t, 5> by_verb{12, 50, 20, 9, 9};
    constexpr std::array<std::uint32_t, 3> by_group{1, 6, 3};
    const std::string_view verb = state_verbs[chance_.weighted(by_verb)];
    std::string text = fmt::format(R"({{"op":"persister.call","api":"{}","group":"{}","entries":[)", verb,
                                   groups()[chance_.weighted(by_group)]);
    const bool many = chance_.happens({1, 3});
    const std::size_t first = chance_.below(topics.size());
    const std::size_t named = many && chance_.happens({1, 2}) ? 2 : 1;
    for (std::size_t i = 0; i < named; ++i) {
      text += fmt::format(R"({}{{"topic":"{}","partitions":[)", i == 0 ? "" : ",", topics[(first + i) % topics.size()]);
      const std::int64_t at = chance_.between(0, 2);
      const std::int64_t count = many ? chance_.between(1, 3) : 1;
      for (std::int64_t j = 0; j < count; ++j)
        text += fmt::format(R"({}{{"partition":{}{}}})", j == 0 ? "" : ",", (at + j) % 3, entry(verb));
      text += "]}";
    }
    return text + "]}";
  }

  /// What an entry has beside its key.
  std::string entry(std::string_view verb) {
    if (verb == "initialize")
      return fmt::format(R"(,"stateEpoch":{},"startOffset":{})", chance_.between(0, 5), chance_.between(-1, 9));
    if (verb == "write")
      return fmt::format(
          R"(,"stateEpoch":{},"leaderEpoch":{},"startOffset":{},"deliveryCompleteCount":{},"batches":{})",
          chance_.between(0, 5), chance_.between(0, 5), chance_.between(-1, 9), chance_.between(-1, 9), batches());
    return verb == "delete" ? "" : fmt::format(R"(,"leaderEpoch":{})", chance_.between(-1, 5));
  }

  std::string batches() {
    std::string list;
    for (std::int64_t i = chance_.between(0, 2), at = chance_.between(0, 9); i > 0; --i, at += 10)
      list += fmt::format("{}[{},{},{},{}]", list.empty() ? "" : ",", at, at + chance_.between(0, 9),
                          chance_.pick(std::array{0, 2, 4}), chance_.between(1, 5));
    return "[" + list + "]";
  }

  /// One that is on its way; mostly the oldest.
  const PersisterWorld::Open* some_request() {
    std::vector<const PersisterWorld::Open*> sent;
    for (const PersisterWorld::Open& request : world_->open())
      if (request.sent) sent.push_back(&request);
    if (sent.empty()) return nullptr;
    return chance_.happens({2, 3}) ? sent.front() : sent[chance_.below(sent.size())];
  }

  std::string answer(const PersisterWorld::Open& request) {
    std::string text = fmt::format(R"({{"op":"persister.answer","which":{},"jitter":{},)", request.id, jitter());
    if (chance_.happens({trouble_, 400})) {
      constexpr std::array failures{"disconnected"sv, "disconnected"sv, "timedOut"sv, "version"sv, "authentication"sv};
      return text + fmt::format(R"("failed":"{}"}})", chance_.pick(failures));
    }
    if (chance_.happens({1, 60})) return text + R"("empty":true})";
    return text + (request.is_lookup ? coordinators() : results(request)) + "}";
  }

  std::string error() {
    if (chance_.happens({trouble_, 100})) return std::string{chance_.pick(retriable_errors)};
    return std::string{chance_.happens({1, 8}) ? chance_.pick(final_errors) : "NONE"sv};
  }

  std::string coordinators() {
    const std::string one = fmt::format(R"({{"error":"{}","node":{}}})", error(), chance_.between(1, 3));
    return fmt::format(R"("coordinators":[{}{}])", one, chance_.happens({1, 40}) ? R"(,{"node":2})" : "");
  }

  /// One result for each key, as a share coordinator gives it; sometimes one is missing or not asked for.
  std::string results(const PersisterWorld::Open& request) {
    std::vector<SharePartitionKey> keys = request.keys;
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    if (chance_.happens({1, 20})) keys.erase(keys.begin() + static_cast<std::ptrdiff_t>(chance_.below(keys.size())));
    if (chance_.happens({1, 20})) keys.push_back({GroupId{1}, TopicId{1}, 7});
    std::string list;
    for (const SharePartitionKey& key : keys)
      list +=
          fmt::format(R"({}{{"topic":"{}","partitions":[{{"partition":{},"error":"{}"{}}}]}})", list.empty() ? "" : ",",
                      world_->topics().name(key.topic), key.partition, error(), data(state_verbs[request.kind]));
    return R"("results":[)" + list + "]";
  }

  std::string data(std::string_view verb) {
    if (verb == "read")
      return fmt::format(R"(,"stateEpoch":{},"startOffset":{},"batches":{})", chance_.between(0, 5),
                         chance_.between(-1, 9), batches());
    if (verb != "summary") return "";
    return fmt::format(R"(,"stateEpoch":{},"leaderEpoch":{},"startOffset":{},"deliveryCompleteCount":{})",
                       chance_.between(0, 5), chance_.between(0, 5), chance_.between(-1, 9), chance_.between(-1, 9));
  }

  Chance chance_;
  std::int64_t partitions_ = 1;  ///< Of the state topic.
  std::int64_t calls_left_ = 0;  ///< In a life of few calls one can fail until it is given up.
  std::uint32_t trouble_ = 0;    ///< How many of a hundred results call for another attempt.
  simdjson::dom::parser parser_;
  std::optional<PersisterWorld> world_;
  Life life_;
  std::string answer_;
};

}  // namespace

Life draw_persister_life(Chance chance, std::uint32_t requests) {
  return Drawer{chance}.life(requests);
}

}  // namespace sharelock::interop
