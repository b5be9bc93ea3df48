// Static members: they come back to their place without a rebalance, and nobody else can use it any more.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/group/classic/testing/classic_group_bench.h"

namespace sharelock {
namespace {

using namespace classic_bench;

constexpr MemberId m4{4};
constexpr InstanceId i1{1};
constexpr InstanceId i2{2};

/// Two static members, m1 with partition 0 and m2 with partition 1, in generation 1.
Bench stable() {
  Bench bench;
  bench.start(m1, i1);
  bench.start(m2, i2);
  bench.join_timer_fires();
  bench.join_timer_fires();
  bench.sync(m1, {{m1, {{topic, {0}}}}, {m2, {{topic, {1}}}}});
  bench.sync(m2);
  bench.joins.clear();
  bench.syncs.clear();
  return bench;
}

TEST(StaticMember, ComesBackToItsPlaceWithoutARebalance) {
  Bench bench = stable();
  bench.start(m3, i2);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::stable);
  ASSERT_EQ(bench.joins.size(), 1U);
  EXPECT_EQ(bench.joins[0].member, m3);
  EXPECT_EQ(bench.joins[0].generation, 1);
  bench.sync(m3);
  EXPECT_EQ(bench.syncs[0].assignment, (NamedPartitions{{topic, {1}}}));
  EXPECT_TRUE(bench.record->members.contains(m3));
  EXPECT_FALSE(bench.record->members.contains(m2));
}

TEST(StaticMember, ComesBackWithoutARebalanceEvenIfItSubscribesToOtherTopics) {
  Bench bench = stable();
  bench.start(m3, i2, {{ClassicAssignor::range, {{TopicName{7}}}}});
  EXPECT_EQ(bench.group.state(), ClassicGroupState::stable);
}

TEST(StaticMember, RebalancesIfAnotherAssignorWouldBeElected) {
  Bench bench;
  constexpr auto sticky = ClassicAssignor::cooperative_sticky;
  bench.start(m1, i1, able({ClassicAssignor::range, sticky}));
  bench.join_timer_fires();
  bench.sync(m1);
  bench.start(m3, i1, able({sticky, ClassicAssignor::range}));
  EXPECT_EQ(bench.group.generation(), 2);
  EXPECT_EQ(bench.joins.back().assignor, sticky);
}

TEST(StaticMember, FencesWhoeverUsesTheIdThatItHad) {
  Bench bench = stable();
  bench.start(m3, i2);
  EXPECT_EQ(bench.heartbeat(m2, 1, i2), KafkaError::fenced_instance_id);
  EXPECT_EQ(bench.heartbeat(m2, 1), KafkaError::unknown_member_id);
  EXPECT_EQ(bench.heartbeat(m3, 1, i2), KafkaError::none);
  EXPECT_EQ(bench.heartbeat(m3, 1, InstanceId{9}), KafkaError::unknown_member_id);
  EXPECT_EQ(bench.leave(m2, i2), KafkaError::fenced_instance_id);
  ClassicGroupOutbox out;
  EXPECT_EQ(bench.group.commit({{m2, i2}, 1, {{{topic, 0}, 5}}}, out), KafkaError::fenced_instance_id);
  EXPECT_TRUE(out.empty());
}

TEST(StaticMember, FencesWhoWaitsInItsPlace) {
  Bench bench = stable();
  bench.leave({}, i1);
  bench.start(m3, i1);
  bench.start(m4, i1);
  ASSERT_EQ(bench.joins.size(), 1U);
  EXPECT_EQ(bench.joins[0].error, KafkaError::fenced_instance_id);
  EXPECT_EQ(bench.joins[0].member, m3);
}

TEST(StaticMember, ThatLeadsHearsThatItNeedNotAssign) {
  Bench bench = stable();
  bench.start(m3, i1);
  EXPECT_EQ(bench.joins.back().leader, m3);
  EXPECT_TRUE(bench.joins.back().skips_assignment);
  EXPECT_EQ(bench.joins.back().members.size(), 2U);
  bench.can_skip = false;  // An older client: it must not take itself for the leader.
  bench.start(m4, i1);
  EXPECT_EQ(bench.joins.back().leader, m3);
  EXPECT_TRUE(bench.joins.back().members.empty());
  EXPECT_EQ(bench.group.leader(), m4);
}

TEST(StaticMember, KeepsItsPlaceWhileOthersGoOnWithoutIt) {
  Bench bench = stable();
  bench.join(m3);
  bench.join_timer_fires();
  EXPECT_EQ(bench.group.generation(), 2);
  EXPECT_EQ(bench.group.leader(), m3);
  EXPECT_EQ(bench.group.members().size(), 3U);
  bench.session_expires(m1);
  EXPECT_FALSE(bench.group.members().contains(m1));
}

TEST(StaticMember, NobodyAmongThemJoinsAndTheGroupWaitsOn) {
  Bench bench = stable();
  bench.leave({}, i1);
  bench.join_timer = 0;
  bench.join_timer_fires();
  EXPECT_EQ(bench.group.state(), ClassicGroupState::preparing_rebalance);
  EXPECT_EQ(bench.join_timer, 300'000);
  bench.session_expires(m2);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::empty);
}

TEST(StaticMember, LeavesByItsInstanceAlone) {
  Bench bench = stable();
  EXPECT_EQ(bench.leave({}, i2), KafkaError::none);
  EXPECT_FALSE(bench.group.members().contains(m2));
  EXPECT_EQ(bench.group.state(), ClassicGroupState::preparing_rebalance);
  EXPECT_EQ(bench.leave({}, i2), KafkaError::unknown_member_id);
}

TEST(StaticMember, GivesItsPlaceBackIfThatCannotBeWritten) {
  Bench bench = stable();
  bench.write_error = KafkaError::not_enough_replicas;
  bench.start(m3, i1);
  EXPECT_EQ(bench.joins.back().error, KafkaError::coordinator_not_available);
  EXPECT_EQ(bench.group.leader(), m1);
  EXPECT_EQ(bench.heartbeat(m1, 1, i1), KafkaError::none);
  EXPECT_EQ(bench.heartbeat(m3, 1, i1), KafkaError::fenced_instance_id);
}

TEST(StaticMember, IsWaitedForUnderTheIdThatItHadBeforeItSynced) {
  Bench bench;
  bench.start(m1, i1);
  bench.start(m2, i2);
  bench.join_timer_fires();
  bench.join_timer_fires();
  bench.sync(m1);
  bench.start(m3, i2);
  bench.sync(m3);
  EXPECT_EQ(bench.group.state(), ClassicGroupState::stable);
  bench.sync_timer_fires();  // All members have synced; Kafka rebalances for one that is no more.
  EXPECT_EQ(bench.group.state(), ClassicGroupState::preparing_rebalance);
  EXPECT_TRUE(bench.group.members().contains(m3));
}

TEST(StaticMember, IsKnownToANewCoordinator) {
  Bench bench = stable();
  bench.start(m3, i2);
  ClassicGroupOutbox out;
  bench.group = ClassicGroup::loaded(*bench.record, {}, bench.configuration, out);
  EXPECT_EQ(bench.heartbeat(m2, 1, i2), KafkaError::fenced_instance_id);
  EXPECT_EQ(bench.heartbeat(m3, 1, i2), KafkaError::none);
}

/// Something that can happen to a group of three instances.
void happen(Bench& bench, MemberId fresh) {
  const InstanceId instance{*rc::gen::inRange(1U, 4U)};
  const auto& members = bench.group.members();
  const auto any =
      members.empty() ? m1 : std::next(members.begin(), *rc::gen::inRange(0, static_cast<int>(members.size())))->first;
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
    case 1:
      return bench.start(fresh, instance);
    case 2:
      return bench.join(any);
    case 3:
      return bench.sync(any);
    case 4:
      if (bench.group.state() == ClassicGroupState::preparing_rebalance) bench.join_timer_fires();
      return;
    case 5:
      return bench.session_expires(any);
    default:
      bench.leave({}, instance);
  }
}

RC_GTEST_PROP(StaticMember, HasOnePlaceAndTheLeaderIsAMember, ()) {
  Bench bench;
  for (std::uint32_t i = 10; i < 40; ++i) {
    bench.write_error = *rc::gen::element(KafkaError::none, KafkaError::not_enough_replicas);
    happen(bench, MemberId{i});
    std::set<InstanceId> places;
    for (const auto& [id, member] : bench.group.members())
      RC_ASSERT(member.instance == InstanceId{} || places.insert(member.instance).second);
    RC_ASSERT(bench.group.members().empty() == (bench.group.state() == ClassicGroupState::empty) ||
              bench.group.state() == ClassicGroupState::preparing_rebalance);
    RC_ASSERT(bench.group.members().empty() || bench.group.members().contains(bench.group.leader()));
  }
}

}  // namespace
}  // namespace sharelock
