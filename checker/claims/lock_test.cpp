#include "checker/claims/lock.h"

#include <gtest/gtest.h>

#include "checker/claims/testing/stage.h"
#include "checker/claims/wake.h"

namespace sharelock {
namespace {

using namespace testing;

/// The share partition is loaded, and m2 holds its fetch lock and waits for the log.
void read(Stage& stage, std::int64_t least = 1) {
  stage.settings().log_reads = LogReading::end_later;
  stage.settings().members[1].read_offsets_min = least;
  stage.fetches(m1);
  ASSERT_TRUE(stage.take({.kind = StepKind::fetch, .member = m2}));
  ASSERT_TRUE(stage.take({.kind = StepKind::request_arrives, .member = m2}));
  ASSERT_EQ(stage.world().member(m2).in_use()->attempt, Attempt::decides);
}

std::string found(Stage& stage) {
  Watch watch = stage.watch();
  claims::Lock{}.scan(watch);
  return stage.found();
}

TEST(Lock, FiresWhenItsHolderIsOver) {
  for (const bool keeps : {false, true}) {
    Stage stage;
    stage.settings().profile.set(Switch::late_attempt_keeps_locks, keeps);
    read(stage);
    EXPECT_EQ(found(stage), "nothing");
    ASSERT_TRUE(stage.take({.kind = StepKind::fetch_expires, .member = m2}));
    EXPECT_EQ(found(stage), keeps ? "LOCK" : "nothing");
  }
}

TEST(Lock, FiresWhenAFetchBelievesThatItHoldsIt) {
  for (const bool stale : {false, true}) {
    Stage stage;
    stage.settings().profile.set(Switch::stale_held_set, stale);
    read(stage, 100);
    ASSERT_TRUE(stage.take({.kind = StepKind::log_read_ends, .member = m2}));
    EXPECT_EQ(found(stage), stale ? "LOCK" : "nothing");
  }
}

TEST(Lock, FiresWhenItIsGivenBackByWhoDoesNotHoldIt) {
  Stage stage;
  read(stage);
  claims::Lock lock;
  Watch watch = stage.watch();
  lock.see(seen::FetchUnlocked{group, instance, m2, true}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  lock.see(seen::FetchUnlocked{group, instance, m2, false}, watch);
  EXPECT_EQ(stage.found(), "LOCK");
}

TEST(Wake, FiresWhenNobodyTellsAFetchThatTheLockItMetIsFree) {
  for (const bool silent : {false, true}) {
    Stage stage;
    stage.settings().profile.set(Switch::silent_unlock, silent);
    read(stage, 100);
    stage.take({.kind = StepKind::fetch, .member = m1});
    stage.take({.kind = StepKind::request_arrives, .member = m1});
    Watch watch = stage.watch();
    claims::Wake{}.scan(watch);
    EXPECT_EQ(stage.found(), "nothing");  // Somebody else has the lock.
    ASSERT_TRUE(stage.take({.kind = StepKind::log_read_ends, .member = m2}));
    claims::Wake{}.scan(watch);
    EXPECT_EQ(stage.found(), silent ? "WAKE" : "nothing");
  }
}

}  // namespace
}  // namespace sharelock
