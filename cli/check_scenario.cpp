#include "cli/check_scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "base/input_error.h"
#include "checker/explore/search.h"
#include "checker/world_model.h"
#include "cli/bounds_words.h"
#include "cli/check_model.h"
#include "reports/words.h"

namespace sharelock::cli {
namespace {

/// One round: the bounds of the scenario, and less.
struct Size {
  std::uint32_t faults;
  std::int64_t records;
};

/// With how many records there is more to see than with fewer: sums of sizes of batches.
std::vector<std::int64_t> record_counts(const Bounds& bounds) {
  std::vector<bool> possible(static_cast<std::size_t>(bounds.records_max) + 1);
  possible[0] = true;
  std::vector<std::int64_t> counts;
  for (std::int64_t count = 1; count <= bounds.records_max; ++count)
    for (const std::int32_t size : bounds.batch_sizes) {
      if (size > count || !possible[static_cast<std::size_t>(count - size)]) continue;
      possible[static_cast<std::size_t>(count)] = true;
      counts.push_back(count);
      break;
    }
  return counts;
}

std::vector<Size> rounds_of(const Bounds& bounds) {
  const std::uint32_t of_kinds = std::accumulate(bounds.faults.begin(), bounds.faults.end(), 0U);
  std::vector<Size> rounds;
  for (std::uint32_t faults = 0; faults <= std::min(bounds.faults_max, of_kinds); ++faults)
    for (const std::int64_t records : record_counts(bounds)) rounds.push_back({faults, records});
  return rounds;
}

/// Trying all renamings of a state costs less than the states it saves as long as there are few.
bool pays(const std::vector<std::vector<std::size_t>>& interchangeable) {
  constexpr std::size_t renamings_max = 24;
  std::size_t renamings = 1;
  for (const std::vector<std::size_t>& set : interchangeable)
    for (std::size_t i = 2; i <= set.size() && renamings <= renamings_max; ++i) renamings *= i;
  return renamings > 1 && renamings <= renamings_max;
}

CheckRound told(const Size& size, const explore::Verdict& verdict) {
  static_assert(static_cast<int>(CheckRound::Ending::interrupted) == static_cast<int>(explore::Ending::interrupted));
  return {.faults = size.faults,
          .records = static_cast<std::uint64_t>(size.records),
          .ending = static_cast<CheckRound::Ending>(verdict.ending),
          .states = verdict.states,
          .transitions = verdict.transitions,
          .depth = verdict.diameter,
          .seconds = verdict.seconds,
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

explore::Verdict search(const WorldSettings& scenario, const Size& size, const CheckRequest& request) {
  WorldSettings world = scenario;
  world.bounds.faults_max = size.faults;
  world.bounds.records_max = size.records;
  const WorldModel model{world};
  explore::SearchOptions options = options_of(request, model);
  StatusLine status;
  watch(options, status,
        fmt::format("{}, {}: ", counted(static_cast<std::uint64_t>(size.records), "record"),
                    counted(size.faults, "fault")));
  return explore::search(model, options);
}

/// What a round leaves to be told.
void conclude(CheckResult& result, const Scenario& scenario, const CheckRequest& request,
              const explore::Verdict& verdict, Plan& plan) {
  result.peak_rss_bytes = verdict.peak_rss_bytes;
  result.never_taken.clear();
  for (const explore::StepCount& step : verdict.steps)
    if (step.taken == 0) result.never_taken.push_back(step.name);
  if (verdict.is_complete()) return;
  result.verdict = CheckResult::Verdict::truncated;
  if (!verdict.counterexample) return;
  result.verdict = CheckResult::Verdict::violated;
  plan = plan_of(scenario.world, *verdict.counterexample);
  result.story = explain_plan(scenario, request.run, plan, verdict.counterexample->violation.claim);
  if (!result.story->broken) throw std::logic_error{"the plan of a violation, replayed, does not show it"};
  result.story->expected = false;  // What `expect:` says is about the plot.
}

}  // namespace

CheckResult check_scenario(const Scenario& scenario, const CheckRequest& request, Plan& plan) {
  if (scenario.world.members.size() > MemberNames::members_max)
    throw InputError{
        {},
        fmt::format("a search is for small worlds: this one has {} members", scenario.world.members.size()),
        fmt::format("at most {}", MemberNames::members_max)};
  CheckResult result{.scenario = scenario.name,
                     .why = scenario.why,
                     .profile = request.run.profile,
                     .switches = request.run.switches,
                     .bounds = words_for_bounds(scenario.world)};
  result.method = explore::how(options_of(request, WorldModel{scenario.world}));
  result.again = fmt::format("sharelock check {}{}", request.run.file, profile_options(request.run));
  for (const Size& size : rounds_of(scenario.world.bounds)) {
    const explore::Verdict verdict = search(scenario.world, size, request);
    result.rounds.push_back(told(size, verdict));
    conclude(result, scenario, request, verdict, plan);
    if (!verdict.is_complete()) break;
  }
  if (result.story) result.story->replay = result.again;
  return result;
}

}  // namespace sharelock::cli
