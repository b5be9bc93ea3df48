#include "cli/run_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "base/input_error.h"
#include "checker/claims/all_claims.h"
#include "model/world/tell.h"

namespace sharelock::cli {
namespace {

constexpr std::size_t story_lines_max = 60;

/// The last lines of what happened; equal lines of one moment are told once.
class Storyteller {
 public:
  explicit Storyteller(const WorldSettings& settings) : settings_{settings} {}

  void listen(const Taken& taken) {
    for (const Observation& seen : taken.observations) {
      std::optional<Told> told = tell(seen, settings_);
      if (!told) continue;
      lines_.push_back({taken.at, std::move(told->who), std::move(told->what)});
      if (lines_.size() <= story_lines_max) continue;
      lines_.pop_front();
      ++left_out_;
    }
  }
  void write(RunResult& result) const {
    result.story.assign(lines_.begin(), lines_.end());
    result.story_left_out = left_out_;
  }

 private:
  const WorldSettings& settings_;
  std::deque<StoryLine> lines_;
  std::uint64_t left_out_ = 0;
};

/// How much of what there was.
class Counter {
 public:
  void count(const Observations& observations) {
    for (const Observation& observation : observations)
      std::visit(overloaded{
                     [&](const seen::Appended& seen) { produced_ += seen.last - seen.first + 1; },
                     [&](const seen::Delivered& seen) {
                       const Offset records = seen.last - seen.first + 1;
                       delivered_ += records;
                       if (seen.delivery_count > 1) again_ += records;
                     },
                     [&](const seen::LockHandled&) { ++expired_; },
                     [&](const seen::StoreAnswered& seen) { failed_ += seen.error != KafkaError::none; },
                     [&](const seen::LeaderMoved&) { ++moves_; },
                     [](const auto&) {},
                 },
                 observation);
  }
  void write(RunResult& result) const {
    const auto add = [&](std::string what, Offset count) {
      result.counts.emplace_back(std::move(what), static_cast<std::uint64_t>(count));
    };
    add("offsets written", produced_);
    add("records delivered", delivered_);
    add("of them again", again_);
    add("locks expired", expired_);
    if (failed_ > 0) add("store requests failed", failed_);
    if (moves_ > 0) add("leader changes", moves_);
  }

 private:
  Offset produced_ = 0;
  Offset delivered_ = 0;
  Offset again_ = 0;
  Offset expired_ = 0;
  Offset failed_ = 0;
  Offset moves_ = 0;
};

std::string command_of(const RunRequest& request) {
  std::string command = fmt::format("sharelock run {} --seed {}", request.file, request.seed);
  if (request.profile != "4.4") command += " --profile " + request.profile;
  for (const std::string& assignment : request.switches) command += " --set " + assignment;
  return command;
}

/// What is left undone, for a run that did not finish in time.
std::string unfinished(const PartitionWorld& world, GroupId id) {
  const Group& group = world.group(id);
  if (group.cached() == nullptr) return "no share partition is loaded: nobody fetches";
  const SharePartition& partition = group.cached()->partition;
  const Offset start = partition.start_offset();
  std::string text = fmt::format("the start offset stays at {}, the log ends at {}", start, world.log().end());
  for_each_state(partition.window(), start, start, [&](Offset, Offset, const InFlightState& state) {
    static constexpr std::array states{"available", "acquired", "acknowledged", "archiving", "archived"};
    text += fmt::format("; {} is {}{}", start, states[static_cast<std::size_t>(state.state())],
                        state.is_pending() ? ", its write is not answered" : "");
  });
  return text;
}

ClaimBroken describe(const Violation& violation, const WorldSettings& settings) {
  const auto& claims = all_claims();
  const auto claim = std::ranges::find(claims, violation.claim, &ClaimInfo::id);
  const bool several = settings.groups.size() > 1;
  return {std::string{violation.claim}, claim == claims.end() ? std::string{} : std::string{claim->sentence},
          several && violation.group != no_group ? settings.of(violation.group).name : std::string{}, violation.what};
}

/// After plot and storm every group finishes (PROG): who does not, and why.
std::optional<ClaimBroken> not_finished(const PartitionWorld& world) {
  const WorldSettings& settings = world.settings();
  for (std::uint32_t index = 1; index <= world.group_count(); ++index) {
    const GroupId id{index};
    const ShareInstance* instance = world.group(id).cached();
    const Offset start = instance == nullptr ? 0 : instance->partition.start_offset();
    if (world.log().first_visible(start, world.log().end() - 1, settings.of(id).isolation) >= world.log().end())
      continue;
    return ClaimBroken{"PROG", "when nothing goes wrong any more, every record is finished in bounded time",
                       settings.groups.size() > 1 ? settings.of(id).name : "", unfinished(world, id)};
  }
  return ClaimBroken{"END", "every request is answered", "", "a request to the store was never answered"};
}

}  // namespace

Profile profile_of(const RunRequest& request) {
  const std::optional<ProfileName> name = profile_named(request.profile);
  if (!name)
    throw InputError{{}, "unknown profile '" + request.profile + "'", suggest(request.profile, all_profile_names())};
  Profile profile{*name};
  for (const std::string& assignment : request.switches)
    if (const std::string wrong = set_switch(profile, assignment); !wrong.empty()) throw InputError{{}, wrong};
  return profile;
}

RunResult run_scenario(const Scenario& scenario, const RunRequest& request) {
  RunResult result{
      .scenario = scenario.name, .why = scenario.why, .profile = request.profile, .switches = request.switches};
  result.seed = request.seed;
  result.claims = all_claims().size();
  Simulation simulation{scenario, request.seed};
  ClaimSet claims{scenario.world.groups.size()};
  Storyteller story{scenario.world};
  Counter counter;
  const SimulationOutcome outcome = simulation.run([&](const Taken& taken) {
    story.listen(taken);
    counter.count(taken.observations);
    const std::optional<Violation> violation = claims.judge(taken.world, taken.at, taken.observations);
    if (violation) result.broken = describe(*violation, scenario.world);
    return !violation;
  });
  if (outcome.reason == StopReason::time_over) result.broken = not_finished(simulation.world());
  const Expectation& expect = scenario.expect;
  const std::optional<ProfileName> profile = profile_named(request.profile);
  const bool here = expect.on.empty() || std::ranges::find(expect.on, *profile) != expect.on.end();
  result.verdict = result.broken ? RunResult::Verdict::violated : RunResult::Verdict::held;
  result.expected =
      here && (result.broken ? std::ranges::find(expect.violated, result.broken->id) != expect.violated.end()
                             : !expect.violated.empty());
  for (std::size_t i = 0; i < all_faults().size(); ++i)
    if (const Ratio odds = simulation.odds()[i]; odds.part > 0)
      result.weather.emplace_back(
          all_faults()[i]->name, fmt::format("{}/{}, struck {} times", odds.part, odds.whole, simulation.strikes()[i]));
  story.write(result);
  counter.write(result);
  result.steps = outcome.steps;
  result.simulated_ms = outcome.ended_at;
  result.digest = outcome.digest.text();
  result.replay = command_of(request);
  return result;
}

}  // namespace sharelock::cli
