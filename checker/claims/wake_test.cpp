#include "checker/claims/wake.h"

#include <gtest/gtest.h>

#include "checker/claims/testing/stage.h"

namespace sharelock {
namespace {

using namespace testing;

/// m1 holds all that the window has room for, and m2 waits.
void fill(Stage& stage) {
  stage.settings().groups[0].configuration.max_record_locks = 2;
  stage.fetches(m1);
  stage.fetches(m2);
}

TEST(Wake, FiresWhenAFetchSleepsBesideARecord) {
  Stage stage;
  stage.settings().profile.set(Switch::advance_wakes_nobody, 1);
  fill(stage);
  const claims::Wake wake;
  Watch watch = stage.watch();
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "nothing");  // It waits, and there is no room.
  stage.accepts(m1, 0, 1);
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "WAKE");
}

TEST(Wake, IsContentWithACheckThatHasNotComeYet) {
  Stage stage;
  fill(stage);
  const claims::Wake wake;
  Watch watch = stage.watch();
  stage.take({.kind = StepKind::acknowledge, .type = AcknowledgeType::accept, .member = m1, .first = 0, .last = 1});
  stage.take({.kind = StepKind::commit, .member = m1});
  stage.take({.kind = StepKind::request_arrives, .member = m1});
  stage.take({.kind = StepKind::check_fetch, .member = m2});  // The acknowledgement came, and its write is under way.
  Step write{.kind = StepKind::store_applies,
             .cause = StoreCause::acknowledgement,
             .group = group,
             .member = m1,
             .first = 0,
             .last = 1};
  ASSERT_TRUE(stage.take(write));
  write.kind = StepKind::store_answers;
  ASSERT_TRUE(stage.take(write));
  EXPECT_TRUE(stage.world().member(m2).in_use()->check_scheduled);
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "nothing");
  ASSERT_TRUE(stage.take({.kind = StepKind::check_fetch, .member = m2}));
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "nothing");
  EXPECT_FALSE(stage.world().member(m2).in_use()->fetching);
}

TEST(Wake, HoldsWhereAWindowThatGrewIsTold) {
  for (const bool silent : {false, true}) {
    Stage stage;
    fill(stage);
    stage.settings().profile.set(Switch::silent_availability, silent);
    stage.settings().groups[0].changes = {stage.settings().groups[0].configuration};
    stage.settings().groups[0].changes[0].max_record_locks = 3;
    ASSERT_TRUE(stage.take({.kind = StepKind::configure, .group = group, .nth = 1}));
    Watch watch = stage.watch();
    claims::Wake{}.scan(watch);
    EXPECT_EQ(stage.found(), silent ? "WAKE" : "nothing");
  }
}

TEST(Wake, DoesNotCountARecordThatNobodyMayHave) {
  Stage stage;
  stage.fetches(m1);
  stage.fetches(m2);
  stage.accepts(m1, 0, 1);
  stage.fetches(m1);  // Everything is held or finished: m1 waits.
  const claims::Wake wake;
  Watch watch = stage.watch();
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "nothing");
  // Its session is gone, as far as the leader knows, and a record comes that nobody tells it of.
  stage.take({.kind = StepKind::append, .first = 0, .last = 0});
  const_cast<Connection*>(stage.world().member(m1).in_use())->check_scheduled = false;
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "WAKE");
  const_cast<Member&>(stage.world().member(m1)).sessions = {};
  wake.scan(watch);
  EXPECT_EQ(stage.found(), "nothing");
}

}  // namespace
}  // namespace sharelock
