#include "interop/harness/virtual_timer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sharelock::interop {
namespace {

AcquisitionLock lock(std::uint32_t id, TimeMs at) {
  return {LockId{id}, MemberId{1}, 0, 0, at};
}

std::vector<std::uint32_t> alive(VirtualTimer& timer) {
  std::vector<std::uint32_t> ids;
  for (const AcquisitionLock& lock : timer.alive()) ids.push_back(lock.id.value());
  return ids;
}

using ::testing::ElementsAre;

TEST(VirtualTimer, FiresByDeadlineAndThenInTheOrderOfStart) {
  VirtualTimer timer;
  timer.start(lock(1, 20));
  timer.start(lock(2, 10));
  timer.start(lock(3, 20));
  EXPECT_THAT(alive(timer), ElementsAre(2, 1, 3));
  EXPECT_EQ(timer.take_due(20)->id, LockId{2});
  EXPECT_EQ(timer.take_due(20)->id, LockId{1});
  EXPECT_FALSE(timer.take_due(19));
  EXPECT_EQ(timer.take_due(20)->id, LockId{3});
}

TEST(VirtualTimer, ForgetsCancelledLocksAndRemembersThatTheyWere) {
  VirtualTimer timer;
  for (std::uint32_t id = 1; id <= 200; ++id) timer.start(lock(id, 10));
  for (std::uint32_t id = 1; id <= 199; ++id) timer.cancel(LockId{id});
  EXPECT_THAT(alive(timer), ElementsAre(200));
  EXPECT_EQ(timer.take_due(10)->id, LockId{200});
  EXPECT_FALSE(timer.take_due(10));
  EXPECT_TRUE(timer.is_cancelled(LockId{7}));
  EXPECT_FALSE(timer.is_cancelled(LockId{200}));
  timer.cancel(LockId{200});
  EXPECT_TRUE(timer.is_cancelled(LockId{200})) << "also after it fired";
}

TEST(VirtualTimer, FiresALockOutOfTurn) {
  VirtualTimer timer;
  timer.start(lock(1, 10));
  timer.start(lock(2, 10));
  timer.take(LockId{2});
  EXPECT_THAT(alive(timer), ElementsAre(1));
  EXPECT_EQ(timer.take_due(10)->id, LockId{1});
  EXPECT_FALSE(timer.take_due(10));
}

}  // namespace
}  // namespace sharelock::interop
