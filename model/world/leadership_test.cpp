// Two brokers, and who knows what: former leaders, connections that are gone, copies of requests.
#include <gtest/gtest.h>

#include "model/world/testing/step_by_step.h"

namespace sharelock {
namespace {

using testing::group;
using testing::m1;
using testing::m2;

class Leadership : public testing::StepByStep {
 protected:
  using StepByStep::StepByStep;

  /// Whether the store knows that an offset is over.
  bool is_stored(Offset offset) const {
    const ShareSnapshot& stored = world_.stored(group);
    return std::ranges::any_of(stored.batches, [&](const StateBatch& batch) {
      return batch.first <= offset && offset <= batch.last && is_terminal(batch.state);
    });
  }
  /// A fetch of m1 waits on a connection that broke, and the session that m1 began on the next one has ended.
  void fetch_without_session() {
    take(StepKind::fetch, m1);
    take(StepKind::request_arrives, m1);
    ASSERT_TRUE(take(StepKind::disconnect, m1));
    ASSERT_TRUE(take(StepKind::restart, m1));
    take(StepKind::fetch, m1);
    take(StepKind::request_arrives, m1);
    ASSERT_TRUE(take({.kind = StepKind::fetch_expires, .member = m1, .nth = 1}));
    take(StepKind::response_arrives, m1);
    take(StepKind::close, m1);
    take(StepKind::request_arrives, m1);
    ASSERT_NE(told<seen::SessionClosed>(), nullptr);
    settle();
  }
  /// m1 has 0-1 of the first leader, which was replaced and does not know it; m2 knows.
  void former_leader() {
    fetches(m1);
    ASSERT_TRUE(holds(m1, 0, 1));
    ASSERT_TRUE(take(StepKind::leader_moves));
    ASSERT_TRUE(learns(BrokerRole::leader));
    ASSERT_TRUE(take(StepKind::member_learns, m2));
  }
};

TEST_F(Leadership, AFormerLeaderServesUntilItLearns) {
  former_leader();
  fetches(m1);
  EXPECT_TRUE(holds(m1, 2, 3));
  ASSERT_TRUE(learns(BrokerRole::other));
  EXPECT_NE(told<seen::InstanceDropped>(), nullptr);
  take(StepKind::fetch, m1);
  take(StepKind::request_arrives, m1);
  take(StepKind::response_arrives, m1);
  ASSERT_NE(told<seen::ResponseRead>(), nullptr);
  EXPECT_EQ(told<seen::ResponseRead>()->error, KafkaError::not_leader_or_follower);
}

TEST_F(Leadership, AFormerLeaderSeesNothingThatIsWrittenNow) {
  former_leader();
  take({.kind = StepKind::append, .first = 0, .last = 0});
  for (int i = 0; i < 3; ++i) fetches(m1);
  EXPECT_TRUE(holds(m1, 0, 5));
  EXPECT_FALSE(holds(m1, 6, 6));
}

TEST_F(Leadership, TheNewLeaderDeliversAgainWhatTheFormerOneHasGivenOut) {
  former_leader();
  fetches(m2);
  EXPECT_TRUE(holds(m2, 0, 1));
  EXPECT_TRUE(holds(m1, 0, 1));
}

TEST_F(Leadership, AFormerLeadersWritesAreRefusedOnceTheNewOneHasRead) {
  former_leader();
  accepts(m1, 0, 0);
  EXPECT_TRUE(is_stored(0));
  fetches(m2);
  accepts(m1, 1, 1);
  EXPECT_FALSE(is_stored(1));
  EXPECT_TRUE(holds(m2, 1, 2));
}

TEST_F(Leadership, ABrokerThatLeadsAgainLoadsTheStateAgain) {
  former_leader();
  fetches(m2);
  accepts(m2, 0, 1);
  take(StepKind::leader_moves);
  ASSERT_TRUE(learns(BrokerRole::leader));
  fetches(m1);
  EXPECT_TRUE(holds(m1, 2, 3));
  EXPECT_EQ(world_.serving(group)->partition.start_offset(), 2);
}

TEST_F(Leadership, ASessionThatIsReplacedReleasesWhatItsMemberHeld) {
  fetches(m1);
  ASSERT_TRUE(take(StepKind::disconnect, m1));
  ASSERT_TRUE(take(StepKind::restart, m1));
  fetches(m1);
  fetches(m2);
  EXPECT_TRUE(holds(m2, 0, 1));
}

TEST_F(Leadership, InReleasesASessionThatIsReplacedReleasesNothing) {
  settings_.profile.set(Switch::replaced_session_keeps, 1);
  fetches(m1);
  ASSERT_TRUE(take(StepKind::disconnect, m1));
  ASSERT_TRUE(take(StepKind::restart, m1));
  fetches(m1);
  EXPECT_TRUE(holds(m1, 0, 3));
  // The news of the old connection comes late and concerns nobody.
  ASSERT_TRUE(take(StepKind::disconnect_noticed, m1));
  EXPECT_EQ(told<seen::SessionClosed>(), nullptr);
  accepts(m1, 0, 3);
  EXPECT_TRUE(is_stored(3));
}

TEST_F(Leadership, ACopyOfARequestMayArriveLongAfterItsAnswer) {
  settings_.bounds.allow_faults(1);
  fetches(m1);
  take({.kind = StepKind::acknowledge, .type = AcknowledgeType::accept, .member = m1, .first = 1, .last = 1});
  take(StepKind::commit, m1);
  take(StepKind::request_arrives, m1);
  const Step copied{.kind = StepKind::store_copied,
                    .cause = StoreCause::acknowledgement,
                    .group = group,
                    .member = m1,
                    .first = 1,
                    .last = 1};
  ASSERT_TRUE(take(copied));
  settle();
  EXPECT_TRUE(world_.group(group).store_requests.empty());
  Step repeated = copied;
  repeated.kind = StepKind::store_repeats;
  ASSERT_TRUE(take(repeated));
  ASSERT_NE(told<seen::StoreApplied>(), nullptr);
  EXPECT_TRUE(told<seen::StoreApplied>()->repeated);
  EXPECT_FALSE(take(repeated));
}

TEST_F(Leadership, AFetchThatOutlivesItsSessionAcquiresNothing) {
  fetch_without_session();
  EXPECT_TRUE(world_.serving(group)->partition.window().empty());
}

class LeadershipOfARelease : public Leadership {
 protected:
  LeadershipOfARelease() : Leadership{ProfileName::v4_4} {}
};

TEST_F(LeadershipOfARelease, ABrokerThatNeverLearnedThatItLostLeadershipGoesOnWithWhatItHad) {
  former_leader();
  fetches(m2);
  accepts(m2, 0, 1);
  take(StepKind::leader_moves);
  ASSERT_TRUE(learns(BrokerRole::leader));
  EXPECT_EQ(told<seen::InstanceDropped>(), nullptr);
  EXPECT_EQ(world_.serving(group)->partition.start_offset(), 0);
}

TEST_F(LeadershipOfARelease, AFetchThatOutlivesItsSessionAcquires) {
  fetch_without_session();
  EXPECT_FALSE(world_.serving(group)->partition.window().empty());
}

}  // namespace
}  // namespace sharelock
