#include "checker/plan.h"

#include <gtest/gtest.h>

#include <set>

#include "checker/shrink.h"

namespace sharelock {
namespace {

/// One member that dies over and over again; every release breaks a property sooner or later, `ideal` does not.
WorldSettings settings_of(ProfileName profile) {
  WorldSettings settings;
  settings.profile = Profile{profile};
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  settings.members.push_back({.name = "m1"});
  return settings;
}

/// A session whose release is not stored: the records go back to the member that is gone (SP-90).
Plan departed() {
  Plan plan;
  const auto add = [&](Step step) { plan.push_back({static_cast<TimeMs>(plan.size()) * 10, step}); };
  const MemberId m1{1};
  Step load{.kind = StepKind::store_applies, .cause = StoreCause::load, .group = GroupId{1}, .first = 0, .last = -1};
  Step release{.kind = StepKind::store_answers,
               .cause = StoreCause::session_end,
               .error = KafkaError::coordinator_not_available,
               .group = GroupId{1},
               .member = m1,
               .first = 0,
               .last = 3};
  add({.kind = StepKind::append, .first = 0, .last = 3});
  add({.kind = StepKind::fetch, .member = m1});
  add({.kind = StepKind::request_arrives, .member = m1});
  add(load);
  load.kind = StepKind::store_answers;
  add(load);
  add({.kind = StepKind::append, .first = 0, .last = 3});
  add({.kind = StepKind::check_fetch, .member = m1});
  add({.kind = StepKind::response_arrives, .member = m1});
  add({.kind = StepKind::compact, .first = 6, .last = 6});
  add({.kind = StepKind::close, .member = m1});
  add({.kind = StepKind::request_arrives, .member = m1});
  release.last = 7;
  add(release);
  return plan;
}

TEST(Plan, AReleaseThatFailsBreaksSessInTheReleasesAndNotInIdeal) {
  const ReplayOutcome released = replay({settings_of(ProfileName::v4_4)}, departed());
  ASSERT_TRUE(released.violation.has_value());
  EXPECT_EQ(released.violation->claim, "SESS");
  EXPECT_FALSE(replay({settings_of(ProfileName::ideal)}, departed()).violation.has_value());
}

TEST(Plan, StepsThatAreNotPossibleAreSkipped) {
  Plan plan = departed();
  plan.insert(plan.begin(), {0, {.kind = StepKind::response_arrives, .member = MemberId{1}}});
  EXPECT_EQ(replay({settings_of(ProfileName::v4_4)}, plan).steps_taken,
            replay({settings_of(ProfileName::v4_4)}, departed()).steps_taken);
}

TEST(Plan, ShrinkingLeavesWhatTheViolationNeedsAndNoWaits) {
  const WorldSettings settings = settings_of(ProfileName::v4_4);
  const Plan shortest = shrink(departed(), {settings}, "SESS");
  EXPECT_LT(shortest.size(), departed().size());
  EXPECT_EQ(shortest.back().at, 0);
  EXPECT_EQ(replay({settings}, shortest).violation->claim, "SESS");
  for (std::size_t i = 0; i < shortest.size(); ++i) {
    Plan without = shortest;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(replay({settings}, without).violation.has_value()) << "step " << i << " is not needed";
  }
}

/// The same, after a hundred records that somebody worked off in peace.
Plan departed_late() {
  Plan plan;
  const MemberId m2{2};
  const auto add = [&](Step step) { plan.push_back({static_cast<TimeMs>(plan.size()) * 10, step}); };
  for (Offset first = 0; first < 100; first += 10) {
    add({.kind = StepKind::append, .first = 0, .last = 9});
    add({.kind = StepKind::fetch, .member = m2});
    add({.kind = StepKind::request_arrives, .member = m2});
    if (first == 0)
      for (const StepKind kind : {StepKind::store_applies, StepKind::store_answers})
        add({.kind = kind, .cause = StoreCause::load, .group = GroupId{1}, .first = 0, .last = -1});
    if (first == 0) add({.kind = StepKind::check_fetch, .member = m2});
    add({.kind = StepKind::response_arrives, .member = m2});
    add({.kind = StepKind::acknowledge,
         .type = AcknowledgeType::accept,
         .member = m2,
         .first = first,
         .last = first + 9});
    add({.kind = StepKind::commit, .member = m2});
    add({.kind = StepKind::request_arrives, .member = m2});
    for (const StepKind kind : {StepKind::store_applies, StepKind::store_answers})
      add({.kind = kind,
           .cause = StoreCause::acknowledgement,
           .group = GroupId{1},
           .member = m2,
           .first = first,
           .last = first + 9});
    add({.kind = StepKind::response_arrives, .member = m2});
  }
  add({.kind = StepKind::append, .first = 0, .last = 3});
  add({.kind = StepKind::fetch, .member = m2});
  add({.kind = StepKind::request_arrives, .member = m2});
  add({.kind = StepKind::response_arrives, .member = m2});
  add({.kind = StepKind::close, .member = m2});
  add({.kind = StepKind::request_arrives, .member = m2});
  add({.kind = StepKind::store_answers,
       .cause = StoreCause::session_end,
       .error = KafkaError::coordinator_not_available,
       .group = GroupId{1},
       .member = m2,
       .first = 100,
       .last = 103});
  return plan;
}

TEST(Plan, RecordsThatDoNotMatterGoAndTheOthersMoveUp) {
  WorldSettings settings = settings_of(ProfileName::v4_4);
  settings.members.push_back({.name = "m2"});
  ASSERT_EQ(replay({settings}, departed_late()).violation->claim, "SESS");
  const Plan shortest = shrink(departed_late(), {settings}, "SESS");
  EXPECT_LE(shortest.size(), shrink(departed(), {settings}, "SESS").size());
  EXPECT_EQ(shortest.back().step.first, 0);
  EXPECT_EQ(replay({settings}, shortest).violation->claim, "SESS");
}

TEST(Plan, OneMemberDoesWhatTwoDid) {
  WorldSettings settings = settings_of(ProfileName::v4_4);
  settings.members.push_back({.name = "m2"});
  Plan plan = departed_late();
  for (const StepKind kind : {StepKind::request_arrives, StepKind::fetch})
    plan.insert(plan.begin(), {0, {.kind = kind, .member = MemberId{1}}});
  std::set<std::uint32_t> members;
  for (const PlannedStep& planned : shrink(plan, {settings}, "SESS"))
    if (form_of(planned.step.kind).member && planned.step.cause != StoreCause::load)
      members.insert(planned.step.member.value());
  members.erase(nobody.value());
  EXPECT_EQ(members.size(), 1U);
}

TEST(Plan, WhatIsMendedIsAPlanThatNeedsNoMending) {
  const WorldSettings settings = settings_of(ProfileName::v4_4);
  Plan plan = departed();
  plan.erase(plan.begin());  // All offsets are other ones now.
  const std::optional<Plan> played = mended({settings}, plan, "SESS");
  ASSERT_TRUE(played.has_value());
  const ReplayOutcome again = replay({settings}, *played);
  EXPECT_EQ(again.steps_taken, played->size());
  EXPECT_EQ(again.violation->claim, "SESS");
}

TEST(Plan, APromiseOfEventuallyIsJudgedWhenTheWorldHasSettled) {
  const WorldSettings settings = settings_of(ProfileName::v4_4);
  const Plan plan{{0, {.kind = StepKind::append, .first = 0, .last = 3}}};
  const Stage nobody_fetches{settings, [](PartitionWorld&, TimeMs& now, const ReplayWatcher&) { now += 1'000; }};
  const ReplayOutcome outcome = replay(nobody_fetches, plan);
  EXPECT_TRUE(outcome.in_the_end);
  EXPECT_EQ(outcome.violation->claim, "PROG");
  EXPECT_EQ(outcome.ended_at, 1'000);
  EXPECT_FALSE(replay({settings}, plan).violation.has_value());
}

TEST(Plan, TheSwitchWhoseRepairLetsThePlanPassIsNamed) {
  const WorldSettings settings = settings_of(ProfileName::v4_4);
  const auto sets = repairs({settings}, shrink(departed(), {settings}, "SESS"), "SESS");
  ASSERT_FALSE(sets.empty());
  EXPECT_EQ(sets[0], std::vector{Switch::release_returns_to_departed});
}

}  // namespace
}  // namespace sharelock
