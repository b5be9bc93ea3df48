// One run of one scenario: the simulator drives, the claims judge, and what is worth telling is kept.
#pragma once

#include <string>
#include <vector>

#include "checker/shrink.h"
#include "checker/situations.h"
#include "reports/run_result.h"
#include "scenarios/scenario_reader.h"
#include "sim/simulation.h"

namespace sharelock::cli {

/// How a scenario is to be run; what the command to repeat it has to say.
struct RunRequest {
  std::string file;
  std::string profile = "4.4";
  std::vector<std::string> switches;
  std::uint64_t seed = 1;
  std::string text{};  ///< Of the file.
};

/// What `expect:` and `sometimes:` may name.
inline ScenarioWords scenario_words() {
  return {all_claim_ids(), all_situation_names()};
}

/// The profile of that name, with switches set.
/// @throws InputError  for a name or a switch that does not exist.
Profile profile_of(const std::string& name, const std::vector<std::string>& switches);

/// The part of a command that sets profile and switches, with a blank before each option; empty for the defaults.
std::string profile_options(const RunRequest& request);

/// The world of a scenario, and how it heals and settles by the rules of the scenario. Steps are handed on by name.
Stage settling_stage(const Scenario& scenario);

/// Runs and judges. `plan`, if not null, gets every step.
RunResult run_scenario(const Scenario& scenario, const RunRequest& request, Plan* plan = nullptr);

/// The same for a violation that was found: the plan is recorded, shortened, told, and the switches that cause it are
/// looked for. What was only too slow, and is finished if it is given more time, is not shortened.
RunResult explain(const Scenario& scenario, const RunRequest& request, Plan& plan);

/// Shortens a plan that breaks `claim`, tells it, and looks for the switches that cause it.
RunResult explain_plan(const Scenario& scenario, const RunRequest& request, Plan& plan, const std::string& claim);

/// Writes a plan with all that `replay` needs. `claim`: what it breaks; empty: nothing.
void keep_plan(const std::string& path, const RunRequest& request, const std::string& claim, const Plan& plan);

/// Plays a plan that breaks `claim` (empty: none) and tells it. If the claim promises `eventually`, the world settles
/// after the plan by the rules of the scenario. `listen` may be empty; it hears every step of the plan.
RunResult tell_plan(const Scenario& scenario, const RunRequest& request, const Plan& plan, std::string_view claim,
                    const std::function<void(const Replayed&)>& listen = {});

/// Whether a scenario is meant to break a claim on that profile.
bool wants_violation(const Expectation& expect, ProfileName profile);

/// Whether the result is what the scenario asks for.
bool as_expected(const RunResult& result);

}  // namespace sharelock::cli
