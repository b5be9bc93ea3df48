// Fuzzing: cases are plans within the bounds, the loop is a function of its seed, and it finds what is wrong.
#include "checker/fuzz/fuzzer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "checker/fuzz/mutate.h"
#include "model/world/testing/small_worlds.h"

namespace sharelock::fuzz {
namespace {

/// Two members, four records, two faults, a delivery limit and a window that matter.
WorldSettings world_of(std::initializer_list<std::string_view> switches = {}) {
  WorldSettings settings;
  settings.profile = Profile{ProfileName::ideal};
  for (const std::string_view assignment : switches) EXPECT_EQ(set_switch(settings.profile, assignment), "");
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  settings.groups[0].configuration.delivery_count_limit = 2;
  settings.groups[0].configuration.max_record_locks = 4;
  for (const char* const name : {"m1", "m2"}) settings.members.push_back({.name = name});
  settings.bounds.records_max = 4;
  settings.bounds.batch_sizes = {1, 2};
  settings.bounds.allow_faults(2);
  return settings;
}

Outcome fuzzed(const WorldSettings& settings, std::uint64_t cases, unsigned jobs = 1, std::uint64_t seed = 1) {
  return fuzz({settings}, {.seed = seed, .cases = cases, .jobs = jobs, .past = {}});
}

RC_GTEST_PROP(Player, TakesOnlyStepsThatTheWorldOffers, ()) {
  const WorldSettings settings = testing::small_settings(*rc::gen::inRange<std::uint32_t>(0, 1000));
  const Stage stage{settings};
  Player player{stage};
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  Chance chance{seed, "test"};
  const Plan first = player.play({{}, draw_choices(seed, 0, 300)}).plan;
  const Plan second = player.play({{}, draw_choices(seed, 1, 300)}).plan;
  const Played played = player.play({mutated(first, second, chance), draw_choices(seed, 2, class_count + 20)});
  PartitionWorld world{settings};
  for (const PlannedStep& planned : played.plan) {
    std::vector<Step> enabled;
    world.enabled(enabled);
    RC_ASSERT(std::ranges::count(enabled, planned.step) == 1);
    Observations seen;
    RC_ASSERT(world.apply(planned.step, planned.at, seen));
  }
  RC_ASSERT(played.plan.size() == played.steps);
}

TEST(Player, TheSameCaseIsPlayedAlikeWhateverWasPlayedBefore) {
  const WorldSettings settings = world_of();
  const Stage stage{settings};
  Player used{stage};
  const Case wanted{{}, draw_choices(1, 1, 200)};
  const Played before = used.play(wanted);
  for (std::uint64_t other = 2; other < 10; ++other) used.play({{}, draw_choices(1, other, 200)});
  const Played after = used.play(wanted);
  EXPECT_FALSE(before.plan.empty());
  EXPECT_EQ(before.plan, after.plan);
  EXPECT_EQ(before.traits, after.traits);
}

TEST(Player, APlanIsPlayedAsItIs) {
  const WorldSettings settings = world_of();
  const Stage stage{settings};
  Player player{stage};
  const Plan plan = player.play({{}, draw_choices(1, 1, 200)}).plan;
  EXPECT_EQ(player.play({moves_of(plan), {}}).plan, plan);
}

TEST(Fuzz, ThreadsChangeNothingAndTheSeedEverything) {
  const WorldSettings settings = world_of();
  const Outcome one = fuzzed(settings, 1000);
  const Outcome two = fuzzed(settings, 1000, 2);
  EXPECT_FALSE(one.violation) << one.violation->what;
  EXPECT_EQ(one.progress.cases, 1000U);
  EXPECT_EQ(one.digest, two.digest);
  EXPECT_EQ(one.progress.steps, two.progress.steps);
  EXPECT_EQ(one.kept.size(), two.kept.size());
  EXPECT_NE(one.digest, fuzzed(settings, 1000, 1, 2).digest);
}

TEST(Fuzz, FindsWhatIsWrongAndItsPlanShowsIt) {
  const WorldSettings settings = world_of({"release.count-down=on"});
  const Outcome outcome = fuzzed(settings, 2000, 2);
  ASSERT_TRUE(outcome.violation);
  EXPECT_EQ(outcome.violation->claim, "CNT");
  const ReplayOutcome again = replay({settings}, outcome.plan);
  ASSERT_TRUE(again.violation);
  EXPECT_EQ(*again.violation, *outcome.violation);
  EXPECT_EQ(again.steps_used, outcome.plan.size());
}

TEST(Fuzz, WhatFailedOnceIsTriedFirst) {
  const WorldSettings settings = world_of({"release.count-down=on"});
  const Outcome found = fuzzed(settings, 2000);
  ASSERT_TRUE(found.violation);
  const Outcome again = fuzz({settings}, {.seed = 99, .cases = 0, .past = {found.plan}});
  ASSERT_TRUE(again.violation);
  EXPECT_EQ(again.case_number, 1U);
  const WorldSettings repaired = world_of();
  EXPECT_FALSE(fuzz({repaired}, {.seed = 99, .cases = 0, .past = {found.plan}}).violation);
}

TEST(Fuzz, ChangingWhatWasNewShowsMoreThanChanceAlone) {
  const WorldSettings settings = world_of();
  const Stage stage{settings};
  Player player{stage};
  TraitSet by_chance;
  std::uint64_t steps = 0;
  const Outcome guided = fuzzed(settings, 3000);
  for (std::uint64_t number = 0; steps < guided.progress.steps; ++number) {
    const Played played = player.play({{}, draw_choices(1, number, class_count + 140)});
    by_chance.add_all(played.traits);
    steps += played.steps;
  }
  EXPECT_GT(guided.progress.traits, by_chance.list().size());
}

TEST(Fuzz, WhatIsDistilledShowsAllThatWasKept) {
  const Outcome outcome = fuzzed(world_of(), 500);
  const std::vector<Plan> few = distilled(outcome.kept);
  EXPECT_LT(few.size(), outcome.kept.size());
  const WorldSettings settings = world_of();
  const Outcome again = fuzz({settings}, {.seed = 1, .cases = 0, .past = few});
  TraitSet all;
  for (const Kept& kept : outcome.kept) all.add_all(kept.traits);
  EXPECT_EQ(again.progress.traits, all.list().size());
}

TEST(Fuzz, StopsBetweenGenerationsWhenItIsAskedTo) {
  const WorldSettings settings = world_of();
  const Outcome outcome = fuzz({settings}, {.seed = 1, .cases = {}, .past = {}, .stop = [] { return true; }});
  EXPECT_GT(outcome.progress.cases, 0U);
}

}  // namespace
}  // namespace sharelock::fuzz
