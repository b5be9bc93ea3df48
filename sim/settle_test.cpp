#include <gtest/gtest.h>

#include "sim/stuck.h"
#include "sim/testing/storm.h"

namespace sharelock {
namespace {

TEST(Settle, WhereverAStormIsCutOffTheCalmFinishesWhatIsThere) {
  const Scenario scenario = storm();
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (std::uint64_t steps = 1; steps < 400; steps += 13) {
      Simulation storm{scenario, seed};
      const SimulationOutcome cut = storm.run([](const Taken&) { return true; }, steps);
      Simulation calm{scenario, storm.world(), cut.ended_at};
      const SimulationOutcome outcome = calm.run([](const Taken&) { return true; });
      // Where nobody has fetched yet and nothing is written, there is nothing to finish but the first load.
      EXPECT_EQ(outcome.reason, StopReason::finished) << "seed " << seed << ", " << steps << " steps";
      EXPECT_GE(outcome.ended_at, cut.ended_at);
    }
}

TEST(Settle, WhoeverJoinsIsAssignedThePartitionInTheEnd) {
  const Scenario scenario = administered_storm();
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (std::uint64_t steps = 1; steps < 400; steps += 13) {
      Simulation storm{scenario, seed};
      const SimulationOutcome cut = storm.run([](const Taken&) { return true; }, steps);
      Simulation calm{scenario, storm.world(), cut.ended_at};
      Stuck stuck{scenario.world.members.size()};
      const SimulationOutcome outcome = calm.run([&](const Taken& taken) { return !stuck.notices(taken); });
      EXPECT_EQ(outcome.reason, StopReason::finished) << "seed " << seed << ", " << steps << " steps";
      EXPECT_FALSE(calm.world().lacks_service(GroupId{1}));
    }
}

TEST(Settle, AnInitialisationThatWasLostIsBegunAgainHalfAMinuteLater) {
  Scenario scenario = storm();
  scenario.world.administration = true;
  scenario.weather.kind = Weather::Kind::calm;
  scenario.plot.push_back({.at = 1, .step = {.kind = StepKind::group_coordinator_moves}});
  Simulation simulation{scenario, 1};
  TimeMs assigned_at = 0;
  simulation.run([&](const Taken& taken) {
    if (assigned_at == 0 && taken.world.member(MemberId{1}).assigned) assigned_at = taken.at;
    return true;
  });
  EXPECT_GE(assigned_at, 30'000);
  EXPECT_LE(assigned_at, 45'000);
}

TEST(Settle, WhatThePlotWouldHaveRepairedIsRepaired) {
  Scenario scenario = storm();
  scenario.weather.kind = Weather::Kind::calm;
  scenario.plot.push_back({.at = 1, .step = {.kind = StepKind::crash, .member = MemberId{1}}});
  scenario.plot.push_back({.at = 1, .step = {.kind = StepKind::crash, .member = MemberId{2}}});
  scenario.plot.push_back({.at = 2, .step = {.kind = StepKind::replication_stops}});
  for (const StepKind kind : {StepKind::disconnect_noticed, StepKind::restart})
    scenario.plot.push_back({.at = 90'000, .step = {.kind = kind, .member = MemberId{2}}});
  scenario.plot.push_back({.at = 90'000, .step = {.kind = StepKind::replication_resumes}});
  Simulation cut_off{scenario, 1};
  const SimulationOutcome cut = cut_off.run([](const Taken& taken) { return taken.at < 10'000; });
  EXPECT_FALSE(cut_off.world().member(MemberId{2}).alive);
  Simulation calm{scenario, cut_off.world(), cut.ended_at};
  EXPECT_EQ(calm.run([](const Taken&) { return true; }).reason, StopReason::finished);
}

TEST(Settle, NobodyIsCalledStuckWhoFinishes) {
  const Scenario scenario = storm();
  for (std::uint64_t steps = 1; steps < 400; steps += 3) {
    Simulation storm{scenario, 1};
    const SimulationOutcome cut = storm.run([](const Taken&) { return true; }, steps);
    Simulation calm{scenario, storm.world(), cut.ended_at};
    Stuck stuck{scenario.world.members.size()};
    const SimulationOutcome outcome = calm.run([&](const Taken& taken) { return !stuck.notices(taken); });
    EXPECT_EQ(outcome.reason, StopReason::finished) << steps << " steps";
  }
}

}  // namespace
}  // namespace sharelock
