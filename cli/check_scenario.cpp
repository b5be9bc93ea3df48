#include "cli/check_scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/input_error.h"
#include "checker/explore/search.h"
#include "checker/world_model.h"
#include "cli/bounds_words.h"
#include "cli/check_model.h"
#include "cli/possible_steps.h"
#include "reports/words.h"

namespace sharelock::cli {
namespace {

/// Trying all renamings of a state costs less than the states it saves as long as there are few.
bool pays(const std::vector<std::vector<std::size_t>>& interchangeable) {
  constexpr std::size_t renamings_max = 24;
  std::size_t renamings = 1;
  for (const std::vector<std::size_t>& set : interchangeable)
    for (std::size_t i = 2; i <= set.size() && renamings <= renamings_max; ++i) renamings *= i;
  return renamings > 1 && renamings <= renamings_max;
}

CheckRound told(const RoundBounds& size, const explore::Verdict& verdict) {
  static_assert(static_cast<int>(CheckRound::Ending::interrupted) == static_cast<int>(explore::Ending::interrupted));
  return {.faults = size.faults,
          .records = static_cast<std::uint64_t>(size.records),
          .deviations = size.deviations,
          .ending = static_cast<CheckRound::Ending>(verdict.ending),
          .states = verdict.states,
          .transitions = verdict.transitions,
          .depth = verdict.diameter,
          .seconds = verdict.seconds,
          .memory_bytes = verdict.memory_bytes,
          .expected_omissions = verdict.expected_omissions};
}

/// The story of a search as a plan. A search leaves everything as much time as it likes, and so does the plan.
Plan plan_of(const WorldSettings& settings, const explore::Counterexample& story) {
  PartitionWorld world{settings};
  Observations unheard;
  Plan plan;
  for (const explore::ToldStep& told : story.steps) {
    plan.push_back({world.later(), step_of(told.step).value()});
    unheard.clear();
    if (!world.apply(plan.back().step, plan.back().at, unheard))
      throw std::logic_error{"a step that a search told cannot be taken again: " + told.step};
  }
  return plan;
}

explore::SearchOptions options_of(const CheckRequest& request, const WorldModel& model) {
  explore::SearchOptions options = request.search;
  options.symmetry = request.symmetry.value_or(pays(model.interchangeable()));
  return options;
}

std::string words_for(const RoundBounds& round) {
  std::string words = fmt::format("{}, {}", counted(static_cast<std::uint64_t>(round.records), "record"),
                                  counted(round.faults, "fault"));
  if (round.deviations) words += fmt::format(", {}", counted(*round.deviations, "deviation"));
  return words;
}

}  // namespace

ScenarioCheck::ScenarioCheck(const Scenario& scenario, const CheckRequest& request)
    : scenario_{scenario},
      request_{request},
      rounds_{scenario.world.bounds},
      result_{.scenario = scenario.name,
              .why = scenario.why,
              .profile = request.run.profile,
              .switches = request.run.switches,
              .bounds = words_for_bounds(scenario.world)} {
  if (scenario.world.members.size() > MemberNames::members_max)
    throw InputError{
        {},
        fmt::format("a search is for small worlds: this one has {} members", scenario.world.members.size()),
        fmt::format("at most {}", MemberNames::members_max)};
  result_.method = explore::how(options_of(request, WorldModel{scenario.world}));
  result_.again = fmt::format("sharelock check {}{}", request.run.file, profile_options(request.run));
}

const RoundBounds* ScenarioCheck::next() const {
  return result_.verdict == CheckResult::Verdict::held ? rounds_.next() : nullptr;
}

void ScenarioCheck::search_next() {
  const RoundBounds& round = *next();
  const explore::Verdict verdict = search(round);
  result_.rounds.push_back(told(round, verdict));
  conclude(verdict);
  if (verdict.is_complete()) rounds_.complete(verdict.transitions);
}

explore::Verdict ScenarioCheck::search(const RoundBounds& round) const {
  WorldSettings world = scenario_.world;
  world.bounds.faults_max = round.faults;
  world.bounds.records_max = round.records;
  world.bounds.deviations = round.deviations;
  const WorldModel model{world, settling_stage(scenario_).settle};
  explore::SearchOptions options = options_of(request_, model);
  StatusLine status;
  watch(options, status, words_for(round) + ": ");
  if (request_.stop) options.interrupted = [&, asked = options.interrupted] { return asked() || request_.stop(); };
  return explore::search(model, options);
}

/// What a round leaves to be told.
void ScenarioCheck::conclude(const explore::Verdict& verdict) {
  result_.peak_rss_bytes = verdict.peak_rss_bytes;
  result_.never_taken.clear();
  for (std::size_t of = 0; of < verdict.steps.size(); ++of) {
    if (of < step_kind_count && !is_possible(static_cast<StepKind>(of), scenario_.world)) continue;
    if (verdict.steps[of].taken == 0) result_.never_taken.push_back(verdict.steps[of].name);
  }
  if (verdict.is_complete()) return;
  result_.verdict = CheckResult::Verdict::truncated;
  if (!verdict.counterexample) return;
  result_.verdict = CheckResult::Verdict::violated;
  plan_ = plan_of(scenario_.world, *verdict.counterexample);
  result_.story = explain_plan(scenario_, request_.run, plan_, verdict.counterexample->violation.claim);
  if (!result_.story->broken) throw std::logic_error{"the plan of a violation, replayed, does not show it"};
  result_.story->expected = false;  // What `expect:` says is about the plot.
  result_.story->replay = result_.again;
}

CheckResult check_scenario(const Scenario& scenario, const CheckRequest& request, Plan& plan) {
  ScenarioCheck check{scenario, request};
  while (check.next() != nullptr) check.search_next();
  plan = check.plan();
  return check.result();
}

}  // namespace sharelock::cli
