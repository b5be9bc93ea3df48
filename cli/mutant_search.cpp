#include "cli/mutant_search.h"

#include <algorithm>
#include <chrono>
#include <list>

#include "checker/plan_events.h"
#include "cli/check_model.h"
#include "cli/shorter_story.h"

namespace sharelock::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Wall-clock time since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
  bool is_over(const MutantBudget& budget) const {
    return asked_to_stop() || seconds() * 1'000 >= static_cast<double>(budget.for_ms);
  }

 private:
  Clock::time_point begun_ = Clock::now();
};

void tell(MutantSearch& search, const RunResult& story, const Plan& plan, const std::string& scenario) {
  search.found = true;
  search.claim = story.broken->id;
  search.scenario = scenario;
  search.events = event_count(plan);
  search.story = story;
}

/// The one whose next round is the cheapest, of those that have rounds left; null if none has.
ScenarioCheck* cheapest(std::list<ScenarioCheck>& checks) {
  ScenarioCheck* found = nullptr;
  for (ScenarioCheck& check : checks)
    if (check.next() != nullptr && (found == nullptr || check.expected() < found->expected())) found = &check;
  return found;
}

}  // namespace

MutantSearch check_mutant(const std::vector<MutantWorld>& worlds, const MutantBudget& budget,
                          std::vector<CheckResult>* checked) {
  const Stopwatch watch;
  MutantSearch search;
  std::vector<CheckRequest> requests;
  for (const MutantWorld& world : worlds) {
    requests.push_back({.run = world.request, .stop = [&] { return watch.is_over(budget); }});
    requests.back().search.jobs = budget.jobs;
  }
  std::list<ScenarioCheck> checks;
  for (std::size_t i = 0; i < worlds.size(); ++i) checks.emplace_back(worlds[i].scenario, requests[i]);
  ScenarioCheck* next = cheapest(checks);
  for (; next != nullptr && !watch.is_over(budget); next = cheapest(checks)) {
    next->search_next();
    search.size += next->result().rounds.back().states;
    search.steps += next->result().rounds.back().transitions;
    if (!next->result().story) continue;
    search.seconds = watch.seconds();
    tell(search, *next->result().story, next->plan(), next->result().scenario);
    break;
  }
  if (!search.found) search.seconds = watch.seconds();
  if (checked != nullptr)
    for (const ScenarioCheck& check : checks) checked->push_back(check.result());
  return search;
}

MutantSearch fuzz_mutant(const std::vector<MutantWorld>& worlds, const MutantBudget& budget,
                         std::vector<fuzz::Outcome>* outcomes) {
  const Stopwatch watch;
  MutantSearch search;
  const fuzz::Options options{.jobs = budget.jobs};
  std::vector<Stage> stages;
  for (const MutantWorld& world : worlds) stages.push_back(settling_stage(world.scenario));
  std::list<fuzz::Fuzzer> fuzzers;
  for (const Stage& stage : stages) fuzzers.emplace_back(stage, options);
  while (!search.found && !watch.is_over(budget)) {
    auto world = worlds.begin();
    for (auto fuzzer = fuzzers.begin(); fuzzer != fuzzers.end() && !search.found; ++fuzzer, ++world) {
      fuzzer->play_generation();
      if (!fuzzer->outcome().violation) continue;
      Plan plan = fuzzer->outcome().plan;
      const std::string claim{fuzzer->outcome().violation->claim};
      const RunResult story = explain_plan(world->scenario, world->request, plan, claim);
      if (const auto shorter = shorter_story(world->scenario, world->request, plan, claim))
        tell(search, shorter->story, shorter->plan, world->scenario.name);
      else
        tell(search, story, plan, world->scenario.name);
    }
  }
  search.seconds = watch.seconds();
  for (const fuzz::Fuzzer& fuzzer : fuzzers) {
    search.size += fuzzer.outcome().progress.cases;
    search.steps += fuzzer.outcome().progress.steps;
    if (outcomes != nullptr) outcomes->push_back(fuzzer.outcome());
  }
  return search;
}

}  // namespace sharelock::cli
