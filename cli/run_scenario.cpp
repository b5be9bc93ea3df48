#include "cli/run_scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/input_error.h"
#include "cli/story.h"
#include "reports/words.h"
#include "scenarios/plan_file.h"
#include "sim/stuck.h"

namespace sharelock::cli {
namespace {

std::string command_of(const RunRequest& request) {
  return fmt::format("sharelock run {} --seed {}{}", request.file, request.seed, profile_options(request));
}

ClaimBroken describe(const Violation& violation, const WorldSettings& settings) {
  const auto claim = std::ranges::find(all_claims(), violation.claim, &ClaimInfo::id);
  const bool several = settings.groups.size() > 1 && violation.group != no_group;
  return {std::string{claim->id}, std::string{claim->sentence},
          several ? settings.of(violation.group).name : std::string{}, violation.what};
}

RunResult begin(const Scenario& scenario, const RunRequest& request) {
  RunResult result{
      .scenario = scenario.name, .why = scenario.why, .profile = request.profile, .switches = request.switches};
  result.seed = request.seed;
  result.claims = all_claims().size();
  result.replay = command_of(request);
  return result;
}

/// Verdict and expectation, once it is known what was broken and what was met.
void conclude(RunResult& result, const Scenario& scenario, const SituationCounts* met) {
  const Expectation& expect = scenario.expect;
  const bool wanted_here = wants_violation(expect, *profile_named(result.profile));
  const auto is_named = [&](const std::string& claim) {
    return std::ranges::find(expect.violated, claim) != expect.violated.end();
  };
  result.verdict = result.broken ? RunResult::Verdict::violated : RunResult::Verdict::held;
  result.expected = wanted_here && (!result.broken || is_named(result.broken->id));
  if (met == nullptr) return;
  for (std::size_t i = 0; i < all_situations().size(); ++i) {
    const std::string name{all_situations()[i].name};
    if (met->counts()[i] > 0) result.met.emplace_back(name, met->counts()[i]);
    const bool wanted = std::ranges::find(expect.sometimes, name) != expect.sometimes.end();
    if (wanted && met->counts()[i] == 0) result.never_met.push_back(name);
  }
  if (!result.broken && !result.never_met.empty()) result.verdict = RunResult::Verdict::never_seen;
}

std::vector<std::vector<std::string>> names_of(const std::vector<std::vector<Switch>>& sets) {
  std::vector<std::vector<std::string>> names;
  for (const std::vector<Switch>& set : sets) {
    names.emplace_back();
    for (const Switch id : set) names.back().emplace_back(all_switches()[static_cast<std::size_t>(id)].name);
  }
  return names;
}

/// Where a plan that breaks `claim` is played.
Stage stage_of(const Scenario& scenario, std::string_view claim) {
  const auto info = std::ranges::find(all_claims(), claim, &ClaimInfo::id);
  if (info == all_claims().end() || info->promise == Promise::always) return {scenario.world};
  return settling_stage(scenario);
}

}  // namespace

Stage settling_stage(const Scenario& scenario) {
  return {scenario.world, [&](PartitionWorld& world, TimeMs& now, const ReplayWatcher& watch) {
            Simulation calm{scenario, std::move(world), now};
            calm.name_steps();
            Stuck stuck{scenario.world.members.size()};
            const SimulationOutcome outcome = calm.run([&](const Taken& taken) {
              return watch({taken.at, taken.step, taken.world, taken.observations}) && !stuck.notices(taken);
            });
            world = calm.world();
            now = outcome.ended_at;
          }};
}

Profile profile_of(const std::string& name, const std::vector<std::string>& switches) {
  const std::optional<ProfileName> known = profile_named(name);
  if (!known) throw InputError{{}, fmt::format("unknown profile '{}'", name), suggest(name, all_profile_names())};
  Profile profile{*known};
  for (const std::string& assignment : switches)
    if (const std::string wrong = set_switch(profile, assignment); !wrong.empty()) throw InputError{{}, wrong};
  return profile;
}

std::string profile_options(const RunRequest& request) {
  std::string options;
  if (request.profile != "4.4") options += fmt::format(" --profile {}", request.profile);
  for (const std::string& assignment : request.switches) options += fmt::format(" --set {}", assignment);
  return options;
}

RunResult run_scenario(const Scenario& scenario, const RunRequest& request, Plan* plan) {
  RunResult result = begin(scenario, request);
  Simulation simulation{scenario, request.seed};
  if (plan != nullptr) simulation.name_steps();
  ClaimSet claims{scenario.world.groups.size()};
  Storyteller story{scenario.world};
  Counter counter{scenario.world.groups.size()};
  SituationCounts met;
  const SimulationOutcome outcome = simulation.run([&](const Taken& taken) {
    if (plan != nullptr) plan->push_back({taken.at, taken.step});
    story.listen(taken.at, taken.observations);
    counter.count(taken.observations);
    met.count(taken.observations, taken.world);
    const std::optional<Violation> violation = claims.judge(taken.world, taken.at, taken.observations);
    if (violation) result.broken = describe(*violation, scenario.world);
    return !violation;
  });
  if (outcome.reason != StopReason::stopped)
    if (const auto violation = claims.judge_end(simulation.world(), outcome.ended_at))
      result.broken = describe(*violation, scenario.world);
  conclude(result, scenario, &met);
  for (std::size_t i = 0; i < all_faults().size(); ++i)
    if (const Ratio odds = simulation.odds()[i]; odds.part > 0)
      result.weather.emplace_back(all_faults()[i]->name, fmt::format("{}/{}, struck {}", odds.part, odds.whole,
                                                                     counted(simulation.strikes()[i], "time")));
  story.write(result);
  counter.write(result);
  result.steps = outcome.steps;
  result.simulated_ms = outcome.ended_at;
  result.digest = outcome.digest.text();
  return result;
}

RunResult explain(const Scenario& scenario, const RunRequest& request, Plan& plan) {
  RunResult result = run_scenario(scenario, request, &plan);
  if (!result.broken) return result;
  const std::string claim = result.broken->id;
  const Stage stage = stage_of(scenario, claim);
  if (const ReplayOutcome again = replay(stage, plan); !again.violation || again.violation->claim != claim) {
    if (stage.settle) return result;
    throw std::logic_error{"the plan of a violation, replayed, does not show it"};
  }
  const RunResult told = explain_plan(scenario, request, plan, claim);
  result.broken = told.broken;
  result.story = told.story;
  result.story_left_out = told.story_left_out;
  result.shrunk_from = told.shrunk_from;
  result.shrunk_to = told.shrunk_to;
  result.repaired_by = told.repaired_by;
  return result;
}

RunResult explain_plan(const Scenario& scenario, const RunRequest& request, Plan& plan, const std::string& claim) {
  const Stage stage = stage_of(scenario, claim);
  const std::size_t steps = plan.size();
  plan = shrink(std::move(plan), stage, claim);
  RunResult told = tell_plan(scenario, request, plan, claim);
  told.shrunk_from = steps;
  told.shrunk_to = plan.size();
  told.repaired_by = names_of(repairs(stage, plan, claim));
  return told;
}

void keep_plan(const std::string& path, const RunRequest& request, const std::string& claim, const Plan& plan) {
  PlanFile file{.profile = request.profile,
                .switches = request.switches,
                .claim = claim,
                .scenario_name = request.file,
                .scenario = request.text,
                .steps = {}};
  for (const PlannedStep& step : plan) file.steps.emplace_back(step.at, step.step);
  write_plan(path, file);
}

RunResult tell_plan(const Scenario& scenario, const RunRequest& request, const Plan& plan, std::string_view claim,
                    const std::function<void(const Replayed&)>& listen) {
  RunResult result = begin(scenario, request);
  Storyteller story{scenario.world};
  Counter counter{scenario.world.groups.size()};
  Digest digest;
  const ReplayOutcome outcome = replay(stage_of(scenario, claim), plan, [&](const Replayed& replayed) {
    story.listen(replayed.at, replayed.observations);
    counter.count(replayed.observations);
    result.simulated_ms = replayed.at;
    digest.add({static_cast<std::uint64_t>(replayed.at), static_cast<std::uint64_t>(replayed.step.kind),
                replayed.observations.size()});
    if (listen) listen(replayed);
  });
  if (outcome.violation) result.broken = describe(*outcome.violation, scenario.world);
  if (outcome.in_the_end) story.end(outcome.ended_at);
  conclude(result, scenario, nullptr);
  story.write(result);
  counter.write(result);
  result.steps = outcome.steps_taken;
  result.digest = digest.text();
  return result;
}

bool wants_violation(const Expectation& expect, ProfileName profile) {
  return !expect.violated.empty() && (expect.on.empty() || std::ranges::find(expect.on, profile) != expect.on.end());
}

bool as_expected(const RunResult& result) {
  return result.verdict != RunResult::Verdict::never_seen && result.broken.has_value() == result.expected;
}

}  // namespace sharelock::cli
