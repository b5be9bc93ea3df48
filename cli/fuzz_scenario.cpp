#include "cli/fuzz_scenario.h"

#include <fmt/format.h>

#include <chrono>

#include "cli/bounds_words.h"
#include "cli/possible_steps.h"
#include "cli/shorter_story.h"

namespace sharelock::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

}  // namespace

std::vector<std::string> never_taken(const fuzz::Outcome& outcome, const WorldSettings& world) {
  std::vector<std::string> names;
  for (std::size_t kind = 0; kind < step_kind_count; ++kind) {
    const StepForm& form = form_of(static_cast<StepKind>(kind));
    if (fault_of({.kind = form.kind}) || !is_possible(form.kind, world)) continue;
    if (outcome.taken[kind] == 0) names.emplace_back(form.name);
  }
  for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
    if (Spent{}.left(world.bounds, static_cast<FaultKind>(kind)) > 0 && outcome.taken[step_kind_count + kind] == 0)
      names.emplace_back(all_fault_kind_names()[kind]);
  return names;
}

Fuzzed fuzz_scenario(const Scenario& scenario, const FuzzRequest& request) {
  const Clock::time_point begun = Clock::now();
  const Stage stage = settling_stage(scenario);
  fuzz::Outcome outcome = fuzz::fuzz(stage, request.options);
  Fuzzed fuzzed{.result = {.scenario = scenario.name,
                           .why = scenario.why,
                           .profile = request.run.profile,
                           .switches = request.run.switches,
                           .seed = request.run.seed,
                           .bounds = words_for_bounds(scenario.world),
                           .past = request.options.past.size(),
                           .cases = outcome.progress.cases,
                           .steps = outcome.progress.steps,
                           .kept = outcome.progress.kept,
                           .traits = outcome.progress.traits,
                           .case_number = outcome.case_number,
                           .met = {},
                           .never_taken = never_taken(outcome, scenario.world),
                           .digest = outcome.digest.text()},
                .plan = std::move(outcome.plan),
                .corpus = fuzz::distilled(outcome.kept),
                .seconds = seconds_since(begun)};
  FuzzResult& result = fuzzed.result;
  for (std::size_t i = 0; i < all_situations().size(); ++i)
    result.met.emplace_back(all_situations()[i].name, outcome.met[i]);
  result.again = fmt::format("sharelock fuzz {} --seed {} --cases {}{}", request.run.file, request.run.seed,
                             result.cases - std::min(result.cases, result.past), profile_options(request.run));
  if (!outcome.violation) return fuzzed;
  const Clock::time_point found = Clock::now();
  result.story = explain_plan(scenario, request.run, fuzzed.plan, std::string{outcome.violation->claim});
  if (auto shorter = shorter_story(scenario, request.run, fuzzed.plan, std::string{outcome.violation->claim})) {
    fuzzed.plan = std::move(shorter->plan);
    result.story = std::move(shorter->story);
  }
  if (!result.story->broken) throw std::logic_error{"the plan of a violation, replayed, does not show it"};
  result.story->expected = false;  // What `expect:` says is about the plot.
  result.story->replay = result.again;
  fuzzed.shrink_seconds = seconds_since(found);
  return fuzzed;
}

}  // namespace sharelock::cli
