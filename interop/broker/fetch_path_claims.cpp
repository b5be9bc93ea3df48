#include "interop/broker/fetch_path_claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "interop/broker/scripted_broker.h"
#include "model/partition/for_each_state.h"

namespace sharelock::interop {
namespace {

using namespace std::string_view_literals;

/// A read that goes on by itself has the fetch's locks, whatever the fetch believes meanwhile.
bool waits_for_read(const BrokerWorld& world, FetchId fetch) {
  return std::ranges::any_of(world.log_reads, [&](const auto& read) { return read.fetch == fetch; });
}

/// A segment that is rolled changes how far apart two positions are, without new data.
bool is_heard_of(Json request) {
  const std::string_view op = request["op"].get_string().value();
  bool rolls = false;
  if (request["roll"].get(rolls) == simdjson::SUCCESS && rolls) return false;
  static constexpr std::array silent{"fail"sv,  "tier"sv,     "config"sv,   "aborted"sv, "role"sv,
                                     "store"sv, "truncate"sv, "logStart"sv, "feature"sv};
  return std::ranges::find(silent, op) == silent.end();
}

/// It may put the end of a log, or the high watermark, before what was tiered.
bool ends_by_hand(const std::string& request) {
  return request.find(R"("op":"hw")") != std::string::npos || request.find(R"("op":"truncate")") != std::string::npos;
}

bool acquires(const std::string& events) {
  return events.find(R"("acquired":[[)") != std::string::npos;
}

/// A key whose check would serve a fetch, as `serves(events)` says, where nothing comes that may check it. Fetches that
/// do not count, as `counts(fetch)` says, do not wait for it.
template <class Waits, class Serves>
std::optional<WatchKey> served_by_check(const BrokerWorld& world, Waits&& counts, Serves&& serves) {
  const bool something_comes = world.manager().actions() > 0 || !world.hand_overs.empty() || !world.log_reads.empty() ||
                               !world.remote_reads.empty();
  if (something_comes) return std::nullopt;
  for (const WatchKey& key : world.manager().watched().keys()) {
    const std::vector<FetchId> waiting = world.manager().watched().waiting(key);
    if (waiting.empty() || !std::ranges::all_of(waiting, counts)) continue;
    BrokerWorld checked = world;
    checked.modes.log_reads = Completing::automatic;
    checked.events.clear();
    checked.check(key);
    if (serves(checked.events)) return key;
  }
  return std::nullopt;
}

bool was_told(const BrokerWorld& world, const SharePartitionKey& key, Offset offset, const InFlightState& state) {
  return std::ranges::any_of(world.told(), [&](const BrokerWorld::Told& told) {
    return told.key == key && told.member == state.owner() && told.range.delivery_count == state.delivery_count() &&
           told.range.first <= offset && offset <= told.range.last;
  });
}

}  // namespace

std::optional<std::string> broken_lock(const BrokerWorld& world) {
  const SharePartitionManager& manager = world.manager();
  for (const auto& [id, object] : manager.cache().objects()) {
    const FetchId holder = object.partition.fetch_lock();
    if (holder == FetchId{} || waits_for_read(world, holder)) continue;
    const ShareFetch* fetch = manager.find(holder);
    if (fetch == nullptr || fetch->answered)
      return fmt::format("the fetch lock of {} is held by fetch {}, which is over", world.name_of(id), holder.value());
    if (std::ranges::find(fetch->held, id, &HeldPartition::object) == fetch->held.end())
      return fmt::format("fetch {} holds the fetch lock of {} and does not know it", holder.value(), world.name_of(id));
  }
  for (const auto& [id, fetch] : manager.fetches()) {
    if (fetch.answered || waits_for_read(world, id)) continue;
    for (const HeldPartition& held : fetch.held)
      if (manager.cache()[held.object].partition.fetch_lock() != id)
        return fmt::format("fetch {} believes to hold the fetch lock of {}", id.value(), world.name_of(held.object));
  }
  return std::nullopt;
}

std::optional<std::string> missed_wake(const BrokerWorld& world) {
  const auto key = served_by_check(
      world, [](FetchId) { return true; }, acquires);
  if (!key) return std::nullopt;
  return fmt::format("a fetch that waits for {} would acquire something", world.name_of(*key));
}

std::optional<std::string> misleading_memory(const BrokerWorld& world) {
  BrokerWorld forgetful = world;
  forgetful.manager().forget_reads();
  const auto takes_anything = [&](FetchId id) { return world.manager().find(id)->parameters.bytes_min <= 1; };
  const auto key = served_by_check(forgetful, takes_anything, [](const std::string& events) {
    return acquires(events) || events.find(R"({"e":"remote")") != std::string::npos;
  });
  if (!key) return std::nullopt;
  return fmt::format("a fetch that waits for {} would be served if it were read anew", world.name_of(*key));
}

std::optional<std::string> untold_acquisition(const BrokerWorld& world) {
  for (const auto& [id, object] : world.manager().cache().objects()) {
    if (!object.cached) continue;
    std::optional<std::string> found;
    const SharePartition& partition = object.partition;
    for_each_state(partition.window(), partition.start_offset(), partition.end_offset(),
                   [&](Offset first, Offset last, const InFlightState& state) {
                     if (state.state() != RecordState::acquired || state.is_pending()) return;
                     for (Offset offset = first; offset <= last && !found; ++offset)
                       if (!was_told(world, object.key, offset, state))
                         found = fmt::format("offset {} of {} is held by a member to whom no answer said so", offset,
                                             world.name_of(id));
                   });
    if (found) return found;
  }
  return std::nullopt;
}

std::optional<BrokenLife> judge_broker_life(const Life& life, const Profile& profile) {
  ScriptedBroker broker{profile.has(Switch::dead_letter_queue) ? KafkaLine::v4_4 : KafkaLine::v4_3, profile};
  simdjson::dom::parser parser;
  bool by_hand = false;  // A log may be as no log is.
  bool unheard = false;  // A fetch that waits may wait for something that it cannot hear of.
  for (std::size_t i = 0; i < life.size(); ++i) {
    const Json request = parser.parse(life[i]);
    std::string answer;
    unheard = (unheard && !broker.world().fetches().empty()) || !is_heard_of(request);
    by_hand = by_hand || ends_by_hand(life[i]);
    broker.handle(request, answer);
    if (auto what = broken_lock(broker.world())) return BrokenLife{"LOCK", *std::move(what), i};
    if (auto what = untold_acquisition(broker.world())) return BrokenLife{"TOLD", *std::move(what), i};
    if (unheard) continue;
    if (auto what = missed_wake(broker.world())) return BrokenLife{"WAKE", *std::move(what), i};
    if (by_hand) continue;
    if (auto what = misleading_memory(broker.world())) return BrokenLife{"PROG", *std::move(what), i};
  }
  return std::nullopt;
}

Life shortened(Life life, const BrokenLife& broken, const Profile& profile) {
  life.resize(broken.request + 1);
  for (std::size_t left_out = life.size() - 1; left_out-- > 1;) {  // The first request is the reset.
    Life shorter = life;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(left_out));
    const auto still = judge_broker_life(shorter, profile);
    if (still && still->claim == broken.claim && still->request + 1 == shorter.size()) life = std::move(shorter);
  }
  return life;
}

}  // namespace sharelock::interop
