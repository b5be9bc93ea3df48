#include "cli/shorter_story.h"

#include <algorithm>

#include "checker/plan_events.h"
#include "cli/check_scenario.h"

namespace sharelock::cli {
namespace {

/// So many times is a search asked whether to stop, each time after some thousand transitions.
constexpr int questions_max = 600;

/// The scenario with no more of anything than the plan has.
Scenario no_larger_than(const Plan& plan, Scenario scenario) {
  Spent spent;
  for (const PlannedStep& planned : plan) spent.count(planned.step);
  Bounds& bounds = scenario.world.bounds;
  bounds.faults_max = std::min(bounds.faults_max, spent.all_faults);
  bounds.records_max = std::min(bounds.records_max, std::max<std::int64_t>(spent.records, 1));
  return scenario;
}

}  // namespace

std::optional<ShorterStory> shorter_story(const Scenario& scenario, const RunRequest& request, const Plan& plan,
                                          const std::string& claim) {
  const Scenario small = no_larger_than(plan, scenario);
  int questions = 0;
  const CheckRequest checked{.run = request, .stop = [&] { return ++questions > questions_max; }};
  ScenarioCheck check{small, checked};
  while (check.next() != nullptr && questions <= questions_max) check.search_next();
  const std::optional<RunResult>& story = check.result().story;
  if (!story || story->broken->id != claim || event_count(check.plan()) >= event_count(plan)) return std::nullopt;
  return ShorterStory{check.plan(), *story};
}

}  // namespace sharelock::cli
