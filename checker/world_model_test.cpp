// Small worlds, searched completely.
#include "checker/world_model.h"

#include <gtest/gtest.h>

#include "checker/explore/search.h"

namespace sharelock {
namespace {

static_assert(explore::Model<WorldModel> && explore::JudgesSteps<WorldModel> && explore::Symmetric<WorldModel>);

/// Two members, one partition, so many records of one batch each; a record is delivered once and accepted.
WorldSettings small_world(ProfileName profile, std::int64_t records) {
  WorldSettings settings;
  settings.profile = Profile{profile};
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  settings.groups[0].configuration.delivery_count_limit = 1;
  for (const char* const name : {"m1", "m2"}) settings.members.push_back({.name = name});
  settings.bounds.records_max = records;
  settings.bounds.acknowledge = {AcknowledgeType::accept};
  settings.bounds.closes = false;
  settings.bounds.commits = false;
  return settings;
}

WorldSettings with_fault(WorldSettings settings, FaultKind kind) {
  settings.bounds.faults_max = 1;
  settings.bounds.faults[static_cast<std::size_t>(kind)] = 1;
  return settings;
}

explore::Verdict searched(const WorldSettings& settings, bool symmetry, unsigned jobs = 1) {
  explore::SearchOptions options;
  options.symmetry = symmetry;
  options.jobs = jobs;
  return explore::search(WorldModel{settings}, options);
}
explore::Verdict searched_by_symmetry(const WorldSettings& settings) {
  return searched(settings, true);
}

std::string told(const explore::Verdict& verdict) {
  if (!verdict.counterexample) return "nothing";
  std::string text = verdict.counterexample->violation.claim + ": " + verdict.counterexample->violation.what;
  for (const explore::ToldStep& step : verdict.counterexample->steps) text += "\n" + step.step;
  return text;
}

TEST(WorldModel, IdealIsCleanWithTwoRecordsAndNoFault) {
  const explore::Verdict verdict = searched_by_symmetry(small_world(ProfileName::ideal, 2));
  EXPECT_TRUE(verdict.is_complete()) << told(verdict);
  EXPECT_EQ(verdict.diameter, 33U);
}

TEST(WorldModel, IdealIsCleanWithTwoRecordsAndARepeatedRequest) {
  const explore::Verdict verdict =
      searched_by_symmetry(with_fault(small_world(ProfileName::ideal, 2), FaultKind::store_repeat));
  EXPECT_TRUE(verdict.is_complete()) << told(verdict);
}

TEST(WorldModel, IdealIsCleanWithOneRecordAndOneFaultOfAnyKind) {
  for (std::size_t kind = 0; kind < fault_kind_count; ++kind) {
    const auto fault = static_cast<FaultKind>(kind);
    const explore::Verdict verdict = searched_by_symmetry(with_fault(small_world(ProfileName::ideal, 1), fault));
    EXPECT_TRUE(verdict.is_complete()) << "fault " << kind << ": " << told(verdict);
  }
}

WorldSettings administered(ProfileName profile, bool partition_added) {
  WorldSettings settings = small_world(profile, 1);
  settings.administration = true;
  settings.partition_added = partition_added;
  settings.bounds.locks_expire = false;
  return settings;
}

TEST(WorldModel, IdealIsCleanWithTwoMembersThatJoin) {
  for (const bool added : {false, true}) {
    const explore::Verdict verdict = searched_by_symmetry(administered(ProfileName::ideal, added));
    EXPECT_TRUE(verdict.is_complete()) << told(verdict);
  }
}

TEST(WorldModel, IdealIsCleanWithAMemberThatJoinsAndLeavesAndOneFaultOfAnyKind) {
  for (std::size_t kind = 0; kind < fault_kind_count; ++kind) {
    WorldSettings settings = administered(ProfileName::ideal, false);
    settings.members.resize(1);
    settings.bounds.closes = true;
    const explore::Verdict verdict = searched_by_symmetry(with_fault(settings, static_cast<FaultKind>(kind)));
    EXPECT_TRUE(verdict.is_complete()) << "fault " << kind << ": " << told(verdict);
  }
}

TEST(WorldModel, SymmetryAndThreadsChangeNothingButTheNumberOfStates) {
  const WorldSettings settings = with_fault(small_world(ProfileName::ideal, 1), FaultKind::crash);
  const explore::Verdict all = searched(settings, false);
  const explore::Verdict threads = searched(settings, false, 2);
  const explore::Verdict symmetric = searched_by_symmetry(settings);
  EXPECT_EQ(all.states, threads.states);
  EXPECT_EQ(all.transitions, threads.transitions);
  EXPECT_EQ(all.diameter, symmetric.diameter);
  EXPECT_LT(symmetric.states, all.states);
  EXPECT_GE(symmetric.states * 2, all.states);
}

TEST(WorldModel, AKnownDefectIsFoundByAShortestPath) {
  // An expired record at its limit is passed before the store knows that it is archived.
  WorldSettings settings = small_world(ProfileName::ideal, 2);
  ASSERT_EQ(set_switch(settings.profile, "unwritten-archive-passes=on"), "");
  const explore::Verdict verdict = searched_by_symmetry(settings);
  ASSERT_TRUE(verdict.counterexample);
  EXPECT_EQ(verdict.counterexample->violation.claim, "SPSO");
  EXPECT_EQ(verdict.counterexample->steps.size(), 15U) << told(verdict);
  EXPECT_EQ(told(searched_by_symmetry(small_world(ProfileName::v4_4, 2))), told(verdict));
}

TEST(WorldModel, ASwitchOfAReleaseCanBeTurnedOffAndTheWorldIsClean) {
  WorldSettings settings = small_world(ProfileName::v4_4, 1);
  settings.bounds.locks_expire = false;
  EXPECT_TRUE(searched_by_symmetry(settings).is_complete());
  settings = with_fault(settings, FaultKind::store_failure);
  settings.bounds.closes = true;
  const explore::Verdict broken = searched_by_symmetry(settings);
  ASSERT_TRUE(broken.counterexample);
  EXPECT_EQ(broken.counterexample->violation.claim, "SESS") << told(broken);
  ASSERT_EQ(set_switch(settings.profile, "release-returns-to-departed=off"), "");
  EXPECT_NE(told(searched_by_symmetry(settings)), told(broken));
}

WorldSettings with_deviations(WorldSettings settings, std::uint32_t most) {
  settings.bounds.deviations = most;
  return settings;
}

TEST(WorldModel, MoreDeviationsShowMoreAndFewShowNothingWrong) {
  const WorldSettings settings = small_world(ProfileName::ideal, 1);
  std::uint64_t before = 0;
  for (std::uint32_t most = 0; most < 3; ++most) {
    const explore::Verdict verdict = searched_by_symmetry(with_deviations(settings, most));
    EXPECT_TRUE(verdict.is_complete()) << told(verdict);
    EXPECT_GT(verdict.states, before);
    before = verdict.states;
  }
}

TEST(WorldModel, WithoutDeviationsWhatBeginsIsOverBeforeTheNextThingBegins) {
  const WorldSettings settings = with_deviations(small_world(ProfileName::v4_4, 2), 0);
  const WorldModel model{settings};
  WorldModel::State state = model.initial_states().front();
  std::vector<Step> steps;
  for (int taken = 0; taken < 40; ++taken) {
    steps.clear();
    model.actions(state, steps);
    ASSERT_FALSE(steps.empty());
    const bool under_way = std::ranges::any_of(steps, goes_on);
    EXPECT_TRUE(!under_way || std::ranges::all_of(steps, goes_on));
    WorldModel::State after;
    ASSERT_TRUE(model.next(state, steps[static_cast<std::size_t>(taken * 7) % steps.size()], after));
    state = after;
  }
}

}  // namespace
}  // namespace sharelock
