// Two brokers, and who knows what: former leaders, connections that are gone, copies of requests.
#include <gtest/gtest.h>

#include "model/world/partition_world.h"

namespace sharelock {
namespace {

constexpr GroupId group{1};
constexpr MemberId m1{1};
constexpr MemberId m2{2};

/// A partition of six records, two members that take two at a time, steps taken one by one.
class Leadership : public testing::Test {
 protected:
  explicit Leadership(ProfileName profile = ProfileName::ideal) {
    settings_.profile = Profile{profile};
    settings_.groups.resize(1);
    settings_.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
    for (const char* name : {"m1", "m2"})
      settings_.members.push_back({.name = name, .mode = AcquireMode::record_limit, .max_poll_records = 2});
    world_ = PartitionWorld{settings_};
    take({.kind = StepKind::append, .first = 0, .last = 5});
  }

  bool take(const Step& step) { return world_.apply(step, world_.later(), seen_ = {}); }
  bool take(StepKind kind, MemberId member = nobody) { return take({.kind = kind, .member = member}); }
  bool learns(BrokerRole role) { return take({.kind = StepKind::broker_learns, .broker = role}); }
  /// Everything that a store and a connection do when nothing goes wrong, until nothing is under way.
  void settle() {
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      std::vector<Step> steps;
      world_.enabled(steps);
      for (const Step& step : steps) {
        const bool calm = step.kind == StepKind::request_arrives || step.kind == StepKind::response_arrives ||
                          step.kind == StepKind::check_fetch || step.kind == StepKind::store_applies ||
                          (step.kind == StepKind::store_answers && step.error == KafkaError::none);
        if (!calm) continue;
        goes_on = take(step);
        break;
      }
    }
  }
  void fetches(MemberId member) {
    EXPECT_TRUE(take(StepKind::fetch, member));
    settle();
  }
  void accepts(MemberId member, Offset first, Offset last) {
    EXPECT_TRUE(take({.kind = StepKind::acknowledge,
                      .type = AcknowledgeType::accept,
                      .member = member,
                      .first = first,
                      .last = last}));
    EXPECT_TRUE(take(StepKind::commit, member));
    settle();
  }
  template <class Seen>
  const Seen* told() const {
    for (const Observation& seen : seen_)
      if (const auto* found = std::get_if<Seen>(&seen)) return found;
    return nullptr;
  }
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
  bool holds(MemberId member, Offset first, Offset last) const {
    return world_.member(member).held.covers(first, last);
  }
  /// m1 has 0-1 of the first leader, which was replaced and does not know it; m2 knows.
  void former_leader() {
    fetches(m1);
    ASSERT_TRUE(holds(m1, 0, 1));
    ASSERT_TRUE(take(StepKind::leader_moves));
    ASSERT_TRUE(learns(BrokerRole::leader));
    ASSERT_TRUE(take(StepKind::member_learns, m2));
  }

  WorldSettings settings_;
  PartitionWorld world_{settings_};
  Observations seen_;
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
