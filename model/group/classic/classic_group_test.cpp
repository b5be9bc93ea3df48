// Classic consumer groups: how a rebalance goes, who is let in, who is refused, what a new coordinator knows.
#include <gtest/gtest.h>

#include "model/group/classic/testing/classic_group_bench.h"

namespace sharelock {
namespace {

using namespace classic_bench;

TEST(ClassicGroup, WaitsForMoreMembersBeforeItsFirstGeneration) {
  Bench bench;
  bench.join(m1);
  EXPECT_EQ(bench.join_timer, 3'000);
  bench.join(m2);
  EXPECT_TRUE(bench.joins.empty());
  bench.join_timer_fires();  // Somebody joined in this round: one more.
  EXPECT_TRUE(bench.joins.empty());
  bench.join_timer_fires();
  ASSERT_EQ(bench.joins.size(), 2U);
  EXPECT_EQ(bench.joins[0].generation, 1);
  EXPECT_EQ(bench.joins[0].leader, m1);
  EXPECT_EQ(bench.joins[0].members.size(), 2U);
  EXPECT_TRUE(bench.joins[1].members.empty());
}

TEST(ClassicGroup, GivesOutWhatTheLeaderAssigns) {
  Bench bench;
  bench.join(m1);
  bench.join_timer_fires();
  bench.join(m2);
  EXPECT_EQ(bench.heartbeat(m1, 1), KafkaError::rebalance_in_progress);
  bench.join(m1);
  EXPECT_EQ(bench.group.generation(), 2);
  bench.sync(m2);
  EXPECT_TRUE(bench.syncs.empty());
  bench.sync(m1, {{m1, {{topic, {0}}}}, {m2, {{topic, {1, 2}}}}});
  ASSERT_EQ(bench.syncs.size(), 2U);
  EXPECT_EQ(bench.syncs[1].assignment, (NamedPartitions{{topic, {1, 2}}}));
  EXPECT_EQ(bench.group.state(), ClassicGroupState::stable);
}

TEST(ClassicGroup, ANewMemberHearsItsIdFirst) {
  Bench bench;
  ClassicJoin request{
      .request = ClassicRequestId{1}, .who = {}, .proposed = m1, .protocols = able({ClassicAssignor::range})};
  bench.settled([&](ClassicGroupOutbox& out) { bench.group.join(request, bench.configuration, out); });
  ASSERT_EQ(bench.joins.size(), 1U);
  EXPECT_EQ(bench.joins[0].error, KafkaError::member_id_required);
  EXPECT_EQ(bench.joins[0].member, m1);
  request.who.member = m1;
  bench.settled([&](ClassicGroupOutbox& out) { bench.group.join(request, bench.configuration, out); });
  EXPECT_TRUE(bench.group.members().contains(m1));
  request.who.member = m2;
  bench.settled([&](ClassicGroupOutbox& out) { bench.group.join(request, bench.configuration, out); });
  EXPECT_EQ(bench.joins.back().error, KafkaError::unknown_member_id);
}

TEST(ClassicGroup, RefusesWhoIsNotOfThisGeneration) {
  Bench bench;
  bench.stable({m1, m2});
  EXPECT_EQ(bench.heartbeat(m1, 1), KafkaError::none);
  EXPECT_EQ(bench.heartbeat(m1, 2), KafkaError::illegal_generation);
  EXPECT_EQ(bench.heartbeat(m3, 1), KafkaError::unknown_member_id);
  EXPECT_EQ(bench.commit(m1, 1), KafkaError::none);
  EXPECT_EQ(bench.commit(m1, 0), KafkaError::illegal_generation);
  EXPECT_EQ(bench.commit(m3, 1), KafkaError::unknown_member_id);
  EXPECT_EQ(bench.commit(MemberId{}, no_generation), KafkaError::unknown_member_id);
  EXPECT_EQ(bench.leave(m3), KafkaError::unknown_member_id);
}

TEST(ClassicGroup, TakesCommitsWhileMembersJoinButNotWhileItAssigns) {
  Bench bench;
  bench.stable({m1, m2});
  bench.join(m3);
  EXPECT_EQ(bench.commit(m1, 1), KafkaError::none);
  bench.join(m1);
  bench.join(m2);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::completing_rebalance);
  EXPECT_EQ(bench.commit(m1, 2), KafkaError::rebalance_in_progress);
}

TEST(ClassicGroup, AnEmptyOneTakesCommitsOfAnybody) {
  Bench bench;
  EXPECT_EQ(bench.commit(m1, 3), KafkaError::group_id_not_found);
  EXPECT_EQ(bench.commit(MemberId{}, no_generation, 9), KafkaError::none);
  EXPECT_EQ(bench.group.offsets().at({topic, 0}), 9);
  EXPECT_EQ(bench.commit(m1, 3), KafkaError::unknown_member_id);
}

TEST(ClassicGroup, GoesOnWithoutThoseThatDoNotJoinInTime) {
  Bench bench;
  bench.stable({m1, m2});
  bench.join(m3);
  bench.join(m2);
  EXPECT_EQ(bench.join_timer, 300'000);
  bench.join_timer_fires();
  EXPECT_FALSE(bench.group.members().contains(m1));
  EXPECT_EQ(bench.group.leader(), m2);
  EXPECT_EQ(bench.group.generation(), 2);
}

TEST(ClassicGroup, RebalancesAgainWithoutThoseThatDoNotSyncInTime) {
  Bench bench;
  bench.stable({m1, m2});
  bench.join(m1);
  bench.join(m2);
  bench.sync(m1, {});
  bench.sync_timer_fires();
  EXPECT_FALSE(bench.group.members().contains(m2));
  EXPECT_EQ(bench.group.state(), ClassicGroupState::preparing_rebalance);
}

TEST(ClassicGroup, WhoWaitsForAnAnswerDoesNotExpireUnlessItIsNew) {
  Bench bench;
  bench.stable({m1, m2});
  bench.join(m3);
  bench.join(m1);
  bench.session_expires(m1);
  EXPECT_TRUE(bench.group.members().contains(m1));
  bench.session_expires(m3);
  EXPECT_FALSE(bench.group.members().contains(m3));
  EXPECT_EQ(bench.joins.back().error, KafkaError::unknown_member_id);
  bench.session_expires(m2);  // Now all that are left have joined.
  EXPECT_EQ(bench.group.generation(), 2);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::completing_rebalance);
}

TEST(ClassicGroup, ALeaderThatJoinsAgainRebalancesAFollowerHearsWhatItMissed) {
  Bench bench;
  bench.stable({m1, m2});
  bench.join(m2);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::stable);
  EXPECT_EQ(bench.joins.back().generation, 1);
  bench.join(m1);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::preparing_rebalance);
}

TEST(ClassicGroup, ElectsTheAssignorThatMostPreferAmongThoseThatAllCanDo) {
  Bench bench;
  constexpr auto range = ClassicAssignor::range;
  constexpr auto sticky = ClassicAssignor::cooperative_sticky;
  bench.join(m1, able({range, sticky}));
  bench.join(m2, able({sticky, range}));
  bench.join(m3, able({sticky}));
  bench.join_timer_fires();
  bench.join_timer_fires();
  EXPECT_EQ(bench.joins[0].assignor, sticky);
  bench.join(MemberId{4}, able({range}));
  EXPECT_EQ(bench.joins.back().error, KafkaError::inconsistent_group_protocol);
}

TEST(ClassicGroup, AnAssignmentThatIsNotWrittenIsNotGivenOut) {
  Bench bench;
  bench.write_error = KafkaError::not_enough_replicas;
  bench.join(m1);
  bench.join_timer_fires();
  bench.sync(m1, {{m1, {{topic, {0}}}}});
  ASSERT_EQ(bench.syncs.size(), 1U);
  EXPECT_EQ(bench.syncs[0].error, KafkaError::coordinator_not_available);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::preparing_rebalance);
}

TEST(ClassicGroup, IsFullForWhoeverComesLast) {
  Bench bench;
  bench.configuration.members_max = 2;
  bench.stable({m1, m2});
  bench.join(m3);
  EXPECT_EQ(bench.joins.back().error, KafkaError::group_max_size_reached);
}

TEST(ClassicGroup, ANewCoordinatorKnowsTheLastGenerationThatWasAssigned) {
  Bench bench;
  bench.stable({m1, m2});
  const ClassicGroup before = bench.group;
  bench.join(m3);  // Lost with the coordinator.
  ClassicGroupOutbox out;
  const ClassicGroup after = ClassicGroup::loaded(*bench.record, {}, bench.configuration, out);
  EXPECT_EQ(after.state(), ClassicGroupState::stable);
  EXPECT_EQ(after.generation(), before.generation());
  EXPECT_EQ(after.leader(), m1);
  EXPECT_EQ(out.size(), 2U);  // A session for each member.
}

TEST(ClassicGroup, IsDeletedOnlyWhenItIsEmpty) {
  Bench bench;
  ClassicGroupOutbox out;
  EXPECT_EQ(bench.group.delete_group(out), KafkaError::group_id_not_found);
  bench.stable({m1});
  EXPECT_EQ(bench.group.delete_group(out), KafkaError::non_empty_group);
  bench.leave(m1);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::empty);
  EXPECT_EQ(bench.group.delete_group(out), KafkaError::none);
  EXPECT_EQ(bench.group, ClassicGroup{});
}

}  // namespace
}  // namespace sharelock
