// Fetch attempts in two steps: what can happen while one of them holds the fetch lock and waits for its log read.
#include "model/world/testing/step_by_step.h"

namespace sharelock {
namespace {

using testing::group;
using testing::m1;
using testing::m2;

class Fetch : public testing::StepByStep {
 protected:
  explicit Fetch(ProfileName profile = ProfileName::ideal) : StepByStep{profile} {
    settings_.log_reads = LogReading::end_later;
    fetches(m1);  // It has 0-1, and the share partition is loaded.
  }

  /// A fetch arrives and is tried for the first time.
  void begins(MemberId member) {
    EXPECT_TRUE(take(StepKind::fetch, member));
    EXPECT_TRUE(take(StepKind::request_arrives, member));
  }
  const Connection& connection(MemberId member) const { return *world_.member(member).in_use(); }
  const ShareInstance& share() const { return *world_.group(group).cached(); }
  bool is_locked() const { return share().partition.fetch_lock() != FetchId{}; }
  bool is_answered(MemberId member) const { return connection(member).exchange == Exchange::to_member; }
};

TEST_F(Fetch, HoldsTheLockUntilItsReadEnds) {
  begins(m2);
  EXPECT_NE(told<seen::FetchWaits>(), nullptr);
  EXPECT_EQ(told<seen::LogReadAsked>()->from, 2);
  EXPECT_TRUE(is_locked());
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_TRUE(told<seen::FetchUnlocked>()->held);
  EXPECT_FALSE(is_locked());
  EXPECT_TRUE(is_answered(m2));
  EXPECT_FALSE(take(StepKind::log_read_ends, m2));
}

TEST_F(Fetch, WhoMeetsTheLockIsTriedAgainWhenItIsFree) {
  settings_.members[1].read_offsets_min = 100;
  begins(m2);
  begins(m1);
  EXPECT_EQ(told<seen::LogReadAsked>(), nullptr);
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_TRUE(connection(m2).fetching);
  EXPECT_TRUE(connection(m1).check_scheduled);
  ASSERT_TRUE(take(StepKind::check_fetch, m1));
  ASSERT_TRUE(take(StepKind::log_read_ends, m1));
  EXPECT_TRUE(is_answered(m1));
}

TEST_F(Fetch, WithASilentLockNobodyTellsIt) {
  settings_.profile.set(Switch::silent_unlock, 1);
  settings_.members[1].read_offsets_min = 100;
  begins(m2);
  begins(m1);
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_FALSE(connection(m1).check_scheduled);
}

TEST_F(Fetch, ThatIsCheckedWhileItReadsIsTriedOnceMore) {
  settings_.members[1].read_offsets_min = 100;
  begins(m2);
  ASSERT_TRUE(take({.kind = StepKind::append, .first = 0, .last = 0}));
  ASSERT_TRUE(take(StepKind::check_fetch, m2));
  EXPECT_FALSE(connection(m2).check_scheduled);
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_TRUE(connection(m2).check_scheduled);
}

TEST_F(Fetch, WaitsForItsLeastBytesAndNoLongerThanItsTime) {
  settings_.members[1].read_offsets_min = 7;  // From the batch that holds offset 2, there are six.
  begins(m2);
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_TRUE(connection(m2).fetching);
  ASSERT_TRUE(take({.kind = StepKind::append, .first = 0, .last = 0}));
  ASSERT_TRUE(take(StepKind::check_fetch, m2));
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_TRUE(is_answered(m2));

  settings_.members[0].read_offsets_min = 100;
  begins(m1);
  ASSERT_TRUE(take(StepKind::log_read_ends, m1));
  ASSERT_TRUE(take(StepKind::fetch_expires, m1));
  EXPECT_FALSE(take(StepKind::fetch_expires, m1));  // What it can have is being read.
  ASSERT_TRUE(take(StepKind::log_read_ends, m1));
  EXPECT_NE(told<seen::Acquired>(), nullptr);
  EXPECT_TRUE(is_answered(m1));
}

TEST_F(Fetch, WhoseTimeIsOverWhileItReadsIsAnsweredWithNothing) {
  begins(m2);
  begins(m1);
  ASSERT_TRUE(take(StepKind::fetch_expires, m2));
  EXPECT_TRUE(is_answered(m2));
  EXPECT_FALSE(is_locked());
  EXPECT_TRUE(connection(m1).check_scheduled);
  EXPECT_FALSE(take(StepKind::log_read_ends, m2));
}

TEST_F(Fetch, OfAMemberThatIsGoneGivesTheLockBack) {
  begins(m2);
  ASSERT_TRUE(take(StepKind::crash, m2));
  EXPECT_TRUE(is_locked());
  ASSERT_TRUE(take(StepKind::disconnect_noticed, m2));
  EXPECT_FALSE(is_locked());
}

TEST_F(Fetch, WhoseSharePartitionIsDroppedMeanwhileGetsNothing) {
  begins(m2);
  ASSERT_TRUE(take(StepKind::leader_moves));
  ASSERT_TRUE(learns(BrokerRole::other));
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_EQ(told<seen::Acquired>(), nullptr);
  EXPECT_TRUE(is_answered(m2));
  EXPECT_EQ(connection(m2).response.fetch_error, KafkaError::not_leader_or_follower);
}

TEST_F(Fetch, ThatReadsBelowALogStartThatMovedMeanwhileIsOverWithoutRecords) {
  begins(m2);
  ASSERT_TRUE(take({.kind = StepKind::log_start_moves, .first = 4, .last = 4}));
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_EQ(told<seen::Acquired>(), nullptr);
  EXPECT_EQ(share().partition.start_offset(), 4);
  EXPECT_FALSE(is_locked());
  EXPECT_TRUE(is_answered(m2));
}

class FetchIn43 : public Fetch {
 protected:
  FetchIn43() : Fetch{ProfileName::v4_3} {}
};

TEST_F(FetchIn43, WhoseTimeIsOverWhileItReadsWaitsForTheRead) {
  begins(m2);
  ASSERT_TRUE(take(StepKind::fetch_expires, m2));
  EXPECT_TRUE(is_answered(m2));
  EXPECT_NE(told<seen::Acquired>(), nullptr);
  EXPECT_FALSE(is_locked());
}

TEST_F(FetchIn43, ThatFindsTooLittleIsCompletedWithIt) {
  settings_.members[1].read_offsets_min = 100;
  begins(m2);
  ASSERT_TRUE(take(StepKind::fetch_expires, m2));
  EXPECT_EQ(connection(m2).attempt, Attempt::completes);
  ASSERT_TRUE(take(StepKind::log_read_ends, m2));
  EXPECT_NE(told<seen::Acquired>(), nullptr);
}

}  // namespace
}  // namespace sharelock
