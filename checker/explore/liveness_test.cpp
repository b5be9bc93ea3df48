#include "checker/explore/liveness.h"

#include <gtest/gtest.h>

#include "base/input_error.h"
#include "checker/explore/explicit_model.h"

namespace sharelock::explore {
namespace {

constexpr std::uint8_t a = 0, b = 1;

ExplicitModel model(std::vector<std::vector<ExplicitModel::Action>> edges, Fairness fairness_a, Fairness fairness_b,
                    std::vector<std::uint32_t> goals) {
  ExplicitModel model;
  model.edges = std::move(edges);
  model.classes = {{"a", fairness_a}, {"b", fairness_b}};
  model.goals = std::move(goals);
  return model;
}

Liveness judged(const ExplicitModel& model) {
  Search<ExplicitModel> search{model, {}};
  const Verdict verdict = search.run();
  return judge_liveness(model, search, {}, verdict);
}

std::vector<std::string> steps(const std::vector<ToldStep>& told) {
  std::vector<std::string> names;
  for (const ToldStep& step : told) names.push_back(step.step);
  return names;
}

TEST(Liveness, AGoalThatCannotBeReachedAnyMoreIsLost) {
  // 0 -> 1 (goal), and 0 -> 2 -> 3, which is a dead end.
  const Liveness liveness = judged(model({{{1, a}, {2, b}}, {}, {{3, b}}, {}}, Fairness::none, Fairness::none, {1}));
  ASSERT_TRUE(liveness.goal_lost);
  EXPECT_EQ(steps(liveness.goal_lost->stem), std::vector<std::string>{"to 2"});
  EXPECT_EQ(liveness.goal_lost->never, std::vector<std::string>{"a goal"});
}

TEST(Liveness, AGoalThatOnlyAFaultLeadsToIsLost) {
  const Liveness liveness = judged(model({{{1, a, true}}, {}}, Fairness::none, Fairness::none, {1}));
  ASSERT_TRUE(liveness.goal_lost);
  EXPECT_TRUE(liveness.goal_lost->stem.empty());
}

TEST(Liveness, ARunThatNobodyAsksToGoOnMayRest) {
  const Liveness liveness = judged(model({{{1, a}}, {}}, Fairness::none, Fairness::none, {1}));
  EXPECT_FALSE(liveness.goal_lost);
  ASSERT_TRUE(liveness.goal_avoided);
  EXPECT_TRUE(liveness.goal_avoided->loop.empty());
}

TEST(Liveness, WeakFairnessTakesAStepThatIsPossibleAllTheTime) {
  // 0 and 1 go round by b; from both, a leads to the goal.
  const auto edges = std::vector<std::vector<ExplicitModel::Action>>{{{1, b}, {2, a}}, {{0, b}, {2, a}}, {}};
  EXPECT_TRUE(judged(model(edges, Fairness::weak, Fairness::weak, {2})).holds());
  const Liveness unfair = judged(model(edges, Fairness::none, Fairness::weak, {2}));
  ASSERT_TRUE(unfair.goal_avoided);
  EXPECT_EQ(steps(unfair.goal_avoided->loop), (std::vector<std::string>{"to 1", "to 0"}));
  EXPECT_EQ(unfair.goal_avoided->never, (std::vector<std::string>{"a goal", "a, though it is possible"}));
}

TEST(Liveness, AStepThatIsPossibleAgainAndAgainNeedsStrongFairness) {
  // As before, but a is possible in 1 only.
  const auto edges = std::vector<std::vector<ExplicitModel::Action>>{{{1, b}}, {{0, b}, {2, a}}, {}};
  const Liveness weak = judged(model(edges, Fairness::weak, Fairness::weak, {2}));
  ASSERT_TRUE(weak.goal_avoided);
  EXPECT_EQ(steps(weak.goal_avoided->loop), (std::vector<std::string>{"to 1", "to 0"}));
  EXPECT_TRUE(judged(model(edges, Fairness::strong, Fairness::weak, {2})).holds());
}

TEST(Liveness, StrongFairnessIsJudgedAnewInThePartsThatRemain) {
  // 0 <-> 1 <-> 3; a is possible in 1 only and leads to the goal 2. Going round by 0 and 1 is unfair to a. But 3 can go
  // round alone, and there a is not possible: that is what remains when 1 is taken away.
  const auto edges =
      std::vector<std::vector<ExplicitModel::Action>>{{{1, b}}, {{0, b}, {2, a}, {3, b}}, {}, {{1, b}, {3, b}}};
  const Liveness liveness = judged(model(edges, Fairness::strong, Fairness::weak, {2}));
  ASSERT_TRUE(liveness.goal_avoided);
  EXPECT_EQ(steps(liveness.goal_avoided->stem), (std::vector<std::string>{"to 1", "to 3"}));
  EXPECT_EQ(steps(liveness.goal_avoided->loop), std::vector<std::string>{"to 3"});
}

TEST(Liveness, ALoopTakesAStepOfEveryClassThatFairnessAsksFor) {
  // The way round by 1 takes only b; fairness to a asks for the detour by 2 as well. 3 is the goal.
  const auto edges = std::vector<std::vector<ExplicitModel::Action>>{{{1, b}, {2, a}, {3, b}}, {{0, b}}, {{0, b}}, {}};
  const Liveness liveness = judged(model(edges, Fairness::strong, Fairness::strong, {3}));
  ASSERT_TRUE(liveness.goal_avoided);
  const auto loop = steps(liveness.goal_avoided->loop);
  EXPECT_NE(std::ranges::find(loop, "to 2"), loop.end());
  EXPECT_EQ(loop.back(), "to 0");
}

TEST(Liveness, FaultsAreNoWayToGoRoundForEver) {
  // 0 -> 0 only by a fault; otherwise a leads to the goal.
  EXPECT_TRUE(judged(model({{{0, b, true}, {1, a}}, {}}, Fairness::weak, Fairness::none, {1})).holds());
}

TEST(Liveness, ReachingTheGoalOnceIsNotEnoughIfItIsLeftForEver) {
  // 0 -> 1 (goal) -> 2, which goes round for ever but could go back.
  const auto edges = std::vector<std::vector<ExplicitModel::Action>>{{{1, b}}, {{2, b}}, {{2, b}, {1, a}}};
  EXPECT_TRUE(judged(model(edges, Fairness::none, Fairness::weak, {1})).goal_avoided);
  EXPECT_TRUE(judged(model(edges, Fairness::weak, Fairness::weak, {1})).holds());
}

TEST(Liveness, IsRefusedWhereNotEveryStepIsKnown) {
  const ExplicitModel any = model({{}}, Fairness::none, Fairness::none, {0});
  SearchOptions options;
  options.storage = Storage::compact;
  Search<ExplicitModel> search{any, options};
  const Verdict verdict = search.run();
  EXPECT_THROW(judge_liveness(any, search, options, verdict), InputError);
}

}  // namespace
}  // namespace sharelock::explore
