// Classic consumer groups: how a rebalance goes, who is let in, who is refused, what a new coordinator knows.
#include "model/group/classic/classic_group.h"

#include <gtest/gtest.h>

#include <functional>

namespace sharelock {
namespace {

constexpr TopicName topic{1};
constexpr MemberId m1{1};
constexpr MemberId m2{2};
constexpr MemberId m3{3};

std::vector<ClassicProtocol> able(std::initializer_list<ClassicAssignor> assignors) {
  std::vector<ClassicProtocol> protocols;
  for (const ClassicAssignor assignor : assignors) protocols.push_back({assignor, {{topic}}});
  return protocols;
}

/// A coordinator, the members' answers, and what was written.
class Bench {
 public:
  /// Joins as a new member that knows its id already.
  void join(MemberId id, std::vector<ClassicProtocol> protocols = able({ClassicAssignor::range})) {
    ClassicJoin request{.request = next(),
                        .member = group.members().contains(id) ? id : MemberId{},
                        .proposed = id,
                        .needs_id_first = false,
                        .protocols = std::move(protocols)};
    settled([&](ClassicGroupOutbox& out) { group.join(request, configuration, out); });
  }
  void sync(MemberId id, std::map<MemberId, NamedPartitions> assignments = {}) {
    const ClassicSync request{next(), id, group.generation(), ClassicAssignor::range, std::move(assignments)};
    settled([&](ClassicGroupOutbox& out) { group.sync(request, out); });
  }
  /// (No template: it calls itself with a lambda, each of which would be another type.)
  void settled(const std::function<void(ClassicGroupOutbox&)>& call) {
    ClassicGroupOutbox out;
    call(out);
    for (const ClassicEffect& effect : out) {
      if (const auto* joined = std::get_if<classic_effect::JoinAnswered>(&effect)) joins.push_back(joined->answer);
      if (const auto* synced = std::get_if<classic_effect::SyncAnswered>(&effect)) syncs.push_back(synced->answer);
      if (const auto* timer = std::get_if<classic_effect::JoinTimerArmed>(&effect)) join_timer = timer->timeout;
      if (const auto* written = std::get_if<classic_effect::GroupWritten>(&effect)) {
        record = written->record;
        if (written->decides)
          settled([&](ClassicGroupOutbox& more) { group.assignment_written(write_error, configuration, more); });
      }
    }
  }
  void join_timer_fires() {
    settled([&](ClassicGroupOutbox& out) { group.join_expired(out); });
  }
  void sync_timer_fires() {
    settled([&](ClassicGroupOutbox& out) { group.sync_expired(configuration, out); });
  }
  void session_expires(MemberId id) {
    settled([&](ClassicGroupOutbox& out) { group.session_expired(id, configuration, out); });
  }
  KafkaError leave(MemberId id) {
    KafkaError error{};
    settled([&](ClassicGroupOutbox& out) { error = group.leave(id, configuration, out); });
    return error;
  }
  KafkaError heartbeat(MemberId id, std::int32_t generation) {
    ClassicGroupOutbox out;
    return group.heartbeat(id, generation, out);
  }
  KafkaError commit(MemberId id, std::int32_t generation, Offset offset = 7) {
    ClassicGroupOutbox out;
    return group.commit({id, generation, {{{topic, 0}, offset}}}, out);
  }
  /// A stable group of these members, in generation 1.
  void stable(std::initializer_list<MemberId> members) {
    for (const MemberId id : members) join(id);
    join_timer_fires();
    if (members.size() > 1) join_timer_fires();
    for (const MemberId id : members) sync(id, {{id, {{topic, {0}}}}});
    joins.clear();
    syncs.clear();
  }

  ClassicGroupConfiguration configuration;
  ClassicGroup group;
  std::vector<ClassicJoinAnswer> joins;
  std::vector<ClassicSyncAnswer> syncs;
  std::optional<ClassicGroupRecord> record;
  TimeMs join_timer = 0;
  KafkaError write_error = KafkaError::none;

 private:
  ClassicRequestId next() { return ClassicRequestId{++requests_}; }
  std::uint64_t requests_ = 0;
};

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
      .request = ClassicRequestId{1}, .member = {}, .proposed = m1, .protocols = able({ClassicAssignor::range})};
  bench.settled([&](ClassicGroupOutbox& out) { bench.group.join(request, bench.configuration, out); });
  ASSERT_EQ(bench.joins.size(), 1U);
  EXPECT_EQ(bench.joins[0].error, KafkaError::member_id_required);
  EXPECT_EQ(bench.joins[0].member, m1);
  request.member = m1;
  bench.settled([&](ClassicGroupOutbox& out) { bench.group.join(request, bench.configuration, out); });
  EXPECT_TRUE(bench.group.members().contains(m1));
  request.member = m2;
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
  EXPECT_EQ(bench.commit(m1, 3), KafkaError::illegal_generation);
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
