#include "model/partition/in_flight_state.h"

#include <gtest/gtest.h>

namespace sharelock {
namespace {

constexpr MemberId m1{1};
constexpr DeliveryRule two_attempts{.limit = 2};

InFlightState acquired(std::int32_t deliveries) {
  return {RecordState::acquired, deliveries, m1};
}
InFlightState with_lock(InFlightState state) {
  state.hold({30'000, LockId{7}, m1, false});
  return state;
}

TEST(InFlightState, ATerminalStateIsNeverLeft) {
  for (const RecordState terminal : {RecordState::acknowledged, RecordState::archived})
    for (const RecordState to : {RecordState::available, RecordState::acquired, RecordState::acknowledged,
                                 RecordState::archiving, RecordState::archived}) {
      InFlightState state{terminal, 1, nobody};
      EXPECT_FALSE(state.update(to, 1, two_attempts, m1));
      EXPECT_EQ(state, (InFlightState{terminal, 1, nobody}));
    }
}

TEST(InFlightState, AnAvailableRecordCanOnlyBeAcquired) {
  InFlightState state{RecordState::available, 0, nobody};
  EXPECT_FALSE(state.update(RecordState::acknowledged, 0, two_attempts, nobody));
  EXPECT_TRUE(state.update(RecordState::acquired, 1, two_attempts, m1));
  EXPECT_EQ(state, acquired(1));
}

TEST(InFlightState, TheLastAttemptDoesNotComeBack) {
  InFlightState state = acquired(2);
  EXPECT_TRUE(state.update(RecordState::available, 0, two_attempts, nobody));
  EXPECT_EQ(state.state(), RecordState::archived);
}

TEST(InFlightState, WithADeadLetterQueueTheLastAttemptIsArchivingFirst) {
  InFlightState state = acquired(2);
  EXPECT_TRUE(state.update(RecordState::available, 0, {.limit = 2, .dead_letter_queue = true}, nobody));
  EXPECT_EQ(state.state(), RecordState::archiving);
}

TEST(InFlightState, WhileATransitionIsPendingNothingElseIsLegal) {
  InFlightState state = with_lock(acquired(1));
  ASSERT_TRUE(state.begin(RecordState::available, two_attempts));
  EXPECT_FALSE(state.is_available());
  EXPECT_FALSE(state.update(RecordState::acquired, 1, two_attempts, m1));
  EXPECT_FALSE(state.begin(RecordState::acknowledged, two_attempts));
}

TEST(InFlightState, AFailedWriteGivesTheRecordBackToItsOwnerWhileTheLockRuns) {
  InFlightState state = with_lock(acquired(1));
  ASSERT_TRUE(state.begin(RecordState::acknowledged, two_attempts));
  EXPECT_EQ(state.owner(), nobody);
  state.roll_back(RecordState::available);
  EXPECT_EQ(state, with_lock(acquired(1)));
}

TEST(InFlightState, AFailedWriteLetsGoOfARecordWhoseLockExpiredMeanwhile) {
  InFlightState state = with_lock(acquired(1));
  ASSERT_TRUE(state.begin(RecordState::acknowledged, two_attempts));
  state.mark_lock_expired();
  state.roll_back(RecordState::available);
  EXPECT_EQ(state, (InFlightState{RecordState::available, 1, nobody}));
}

TEST(InFlightState, WhatWasArchivedMeanwhileIsNeverRolledBack) {
  InFlightState state = with_lock(acquired(1));
  ASSERT_TRUE(state.begin(RecordState::available, two_attempts));
  state.archive();
  state.roll_back(RecordState::available);
  EXPECT_EQ(state.state(), RecordState::archived);
  EXPECT_TRUE(state.is_finished());
}

}  // namespace
}  // namespace sharelock
