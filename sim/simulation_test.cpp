#include "sim/simulation.h"

#include <gtest/gtest.h>

#include "sim/testing/storm.h"

namespace sharelock {
namespace {

SimulationOutcome run(const Scenario& scenario, std::uint64_t seed) {
  return Simulation{scenario, seed}.run([](const Taken&) { return true; });
}

TEST(Simulation, ASeedIsACompleteBugReport) {
  const Scenario scenario = storm();
  for (const std::uint64_t seed : {1U, 2U, 3U}) EXPECT_EQ(run(scenario, seed).digest, run(scenario, seed).digest);
  EXPECT_NE(run(scenario, 1).digest, run(scenario, 2).digest);
}

/// Requests to the store each for itself, or gathered and tried again.
class BothWays : public testing::TestWithParam<bool> {
 protected:
  static Scenario storm() {
    Scenario scenario = sharelock::storm();
    scenario.persisters = GetParam();
    return scenario;
  }
};
INSTANTIATE_TEST_SUITE_P(ToTheStore, BothWays, testing::Bool(),
                         [](const auto& way) { return way.param ? "persisters" : "direct"; });

TEST_P(BothWays, EveryRecordIsFinishedAfterTheStorm) {
  const Scenario scenario = storm();
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Simulation simulation{scenario, seed};
    const SimulationOutcome outcome = simulation.run([](const Taken&) { return true; });
    EXPECT_EQ(outcome.reason, StopReason::finished) << "seed " << seed;
  }
}

TEST_P(BothWays, ItsStepsAppliedAgainGiveTheSameObservations) {
  const Scenario scenario = storm();
  std::vector<std::pair<TimeMs, Step>> plan;
  std::vector<std::size_t> seen;
  Simulation simulation{scenario, 7};
  simulation.name_steps();
  simulation.run([&](const Taken& taken) {
    plan.emplace_back(taken.at, *step_of(to_text(taken.step)));  // As a file keeps it.
    seen.push_back(taken.observations.size());
    return true;
  });
  PartitionWorld world{scenario.world};
  for (std::size_t i = 0; i < plan.size(); ++i) {
    Observations observations;
    ASSERT_TRUE(world.apply(plan[i].second, plan[i].first, observations)) << i << ": " << to_text(plan[i].second);
    ASSERT_EQ(observations.size(), seen[i]) << i << ": " << to_text(plan[i].second);
  }
}

TEST_P(BothWays, IsTheSameWhetherStepsAreNamedOrNot) {
  for (const ProfileName profile : {ProfileName::ideal, ProfileName::v4_4}) {
    Scenario scenario = storm();
    scenario.world.profile = Profile{profile};
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      constexpr std::uint64_t steps_max = 20'000;
      const auto goes_on = [](const Taken&) { return true; };
      Simulation named{scenario, seed};
      named.name_steps();
      EXPECT_EQ(named.run(goes_on, steps_max).digest.text(),
                Simulation(scenario, seed).run(goes_on, steps_max).digest.text())
          << seed;
    }
  }
}

/// How often a share partition is told that the store failed, when the store refuses every tenth request.
int failures_told(bool persisters) {
  Scenario scenario = storm();
  scenario.persisters = persisters;
  scenario.weather = {.kind = Weather::Kind::listed, .odds = {}};
  for (std::size_t i = 0; i < all_faults().size(); ++i)
    if (all_faults()[i]->name == "store-request-failed") scenario.weather.odds.push_back({i, {1, 10}});
  int failures = 0;
  Simulation{scenario, 1}.run([&](const Taken& taken) {
    failures += taken.step.kind == StepKind::store_answers && taken.step.error != KafkaError::none;
    return true;
  });
  return failures;
}

TEST(Simulation, APersisterTriesAgainBeforeAnybodyIsToldOfAFailure) {
  EXPECT_GT(failures_told(false), 0);
  EXPECT_EQ(failures_told(true), 0);
}

TEST(Simulation, ACoordinatorMovesOnlyWhereThereIsOne) {
  const auto moves = [](bool persisters) {
    Scenario scenario = storm();
    scenario.persisters = persisters;
    scenario.weather = {.kind = Weather::Kind::listed, .odds = {}};
    const auto fault = std::ranges::find(all_faults(), "coordinator-moves", &Fault::name);
    const auto place = static_cast<std::size_t>(fault - all_faults().begin());
    scenario.weather.odds.push_back({place, {1, 1}});
    Simulation simulation{scenario, 1};
    EXPECT_EQ(simulation.run([](const Taken&) { return true; }).reason, StopReason::finished);
    return simulation.strikes()[place];
  };
  EXPECT_EQ(moves(false), 0U);
  EXPECT_GT(moves(true), 10U);
}

TEST(Simulation, TimePassesEvenWhereNothingTakesTime) {
  Scenario scenario = storm();
  scenario.weather.kind = Weather::Kind::calm;
  scenario.network = scenario.store = {0, 0};
  for (MemberSettings& member : scenario.world.members) member.fetch_max_wait_ms = 0;
  for (Behaviour& behaviour : scenario.behaviours) behaviour.processing = {0, 0};
  EXPECT_EQ(Simulation(scenario, 1).run([](const Taken&) { return true; }, 1'000'000).reason, StopReason::finished);
}

TEST(Simulation, StopsWhenTheWatcherSaysSoAndAtTheLimit) {
  const Scenario scenario = storm();
  EXPECT_EQ(Simulation(scenario, 1).run([](const Taken&) { return false; }).reason, StopReason::stopped);
  EXPECT_EQ(Simulation(scenario, 1).run([](const Taken&) { return true; }, 10).reason, StopReason::steps_over);
}

}  // namespace
}  // namespace sharelock
