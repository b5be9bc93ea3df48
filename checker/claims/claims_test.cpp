// Every claim has a test in which it fires: a check that cannot fail checks nothing.
#include <gtest/gtest.h>

#include "checker/claims/all_claims.h"
#include "checker/claims/testing/stage.h"

namespace sharelock {
namespace {

using namespace testing;

const seen::InstanceLoaded loaded{group, instance, KafkaError::none};

TEST(Claims, OwnFiresWhenARecordIsAcquiredWhileSomebodyHasItOrBelowTheStartOffset) {
  Stage stage;
  stage.fetches(m1);
  claims::Own own;
  Watch watch = stage.watch();
  own.see(seen::Acquired{group, instance, m1, 0, 1, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  own.see(seen::Acquired{group, instance, m2, 1, 1, 1}, watch);
  EXPECT_EQ(stage.found(), "OWN");
  stage.accepts(m1, 0, 1);
  own.see(seen::Acquired{group, instance, m2, 1, 1, 2}, watch);
  EXPECT_EQ(stage.found(), "OWN");
}

TEST(Claims, DurFiresWhenAConfirmedRecordIsAcquiredAgain) {
  Stage stage;
  claims::Dur dur;
  Watch watch = stage.watch();
  dur.see(seen::AcknowledgementConfirmed{group, m1, 0, 3, AcknowledgeType::release}, watch);
  dur.see(seen::Acquired{group, instance, m2, 0, 3, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  dur.see(seen::AcknowledgementConfirmed{group, m1, 2, 2, AcknowledgeType::accept}, watch);
  dur.see(seen::Acquired{group, instance, m2, 0, 3, 1}, watch);
  EXPECT_EQ(stage.found(), "DUR");
}

TEST(Claims, LossFiresWhenTheStartOffsetPassesARecordThatNobodyFinished) {
  Stage stage;
  stage.fetches(m1);
  claims::Loss loss;
  Watch watch = stage.watch();
  loss.see(loaded, watch);
  loss.see(seen::AcknowledgementTaken{group, instance, m1, 0, 0, AcknowledgeType::accept, KafkaError::none}, watch);
  loss.see(seen::StartOffsetMoved{group, instance, 0, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  loss.see(seen::StartOffsetMoved{group, instance, 1, 2}, watch);
  EXPECT_EQ(stage.found(), "LOSS");
}

TEST(Claims, LossKnowsWhatAFormerLeaderSentToTheDeadLetterQueueAtTheLimit) {
  Stage stage;
  stage.settings().groups[0].configuration.delivery_count_limit = 1;
  stage.settings().groups[0].configuration.dead_letter_queue_enabled = true;
  stage.fetches(m1);
  claims::Loss knows, does_not;
  Watch watch = stage.watch();
  for (claims::Loss* loss : {&knows, &does_not}) loss->see(loaded, watch);
  stage.take({.kind = StepKind::acknowledge, .type = AcknowledgeType::release, .member = m1, .first = 0, .last = 0});
  stage.take({.kind = StepKind::commit, .member = m1});
  stage.settle();
  knows.look_at_dropped(*watch.instance(), {0, 0}, watch);
  stage.take({.kind = StepKind::dead_letter_answers, .group = group, .first = 0, .last = 0});
  stage.settle();
  ASSERT_EQ(watch.instance()->partition.start_offset(), 1);
  knows.see(loaded, watch);
  EXPECT_EQ(stage.found(), "nothing");
  does_not.see(loaded, watch);
  EXPECT_EQ(stage.found(), "LOSS");
}

TEST(Claims, CntFiresAboveTheLimitAndWhenACountSkips) {
  Stage stage;
  stage.fetches(m1);
  claims::Cnt cnt;
  Watch watch = stage.watch();
  cnt.see(seen::Acquired{group, instance, m1, 0, 1, 1}, watch);
  cnt.look({0, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  cnt.see(seen::Acquired{group, instance, m1, 2, 2, 2}, watch);
  EXPECT_EQ(stage.found(), "CNT");
  cnt.see(seen::Acquired{group, instance, m1, 0, 0, 6}, watch);
  EXPECT_EQ(stage.found(), "CNT");
}

TEST(Claims, SpsoFiresWhenTheStartOffsetGoesBackOrPassesWhatIsNotConfirmed) {
  Stage stage;
  stage.fetches(m1);
  claims::Spso spso;
  Watch watch = stage.watch();
  spso.see(loaded, watch);
  spso.see(seen::StatesAnswered{group, instance, 0, 1, StoreCause::acknowledgement, KafkaError::none, {}}, watch);
  spso.see(seen::StartOffsetMoved{group, instance, 0, 2}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  spso.see(seen::StartOffsetMoved{group, instance, 2, 3}, watch);
  EXPECT_EQ(stage.found(), "SPSO");
  spso.see(seen::StartOffsetMoved{group, instance, 3, 2}, watch);
  EXPECT_EQ(stage.found(), "SPSO");
}

TEST(Claims, TmrFiresForAnAcquiredRecordWithoutTimerAndWithTwo) {
  Stage stage;
  stage.fetches(m1);
  claims::Tmr tmr;
  Watch watch = stage.watch();
  const seen::LockArmed armed{group, instance, {LockId{1}, m1, 0, 1, 30'000}};
  tmr.look({0, 1}, watch);
  EXPECT_EQ(stage.found(), "TMR");
  tmr.see(armed, watch);
  tmr.look({0, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  tmr.see(armed, watch);
  tmr.look({0, 1}, watch);
  EXPECT_EQ(stage.found(), "TMR");
}

TEST(Claims, TermFiresWhenAFinishedRecordIsAvailableOrAcquiredAgain) {
  Stage finished;
  finished.fetches(m1);
  finished.accepts(m1, 1, 1);  // 0 is still held, so that 1 stays in the window.
  Stage held;
  held.fetches(m1);
  claims::Term term;
  Watch before = finished.watch();
  term.look({0, 1}, before);
  EXPECT_EQ(finished.found(), "nothing");
  Watch after = held.watch();
  term.look({0, 1}, after);
  EXPECT_EQ(held.found(), "TERM");
}

TEST(Claims, FenceFiresWhenAFormerLeaderWrites) {
  Stage stage;
  stage.fetches(m1);
  claims::Fence fence;
  Watch watch = stage.watch();
  const auto applied = [](StoreCause cause, std::int32_t leader_epoch, std::int32_t state_epoch,
                          KafkaError error = KafkaError::none) {
    return seen::StoreApplied{group, instance, 1, cause, error, false, leader_epoch, state_epoch};
  };
  fence.see(applied(StoreCause::load, 0, -1), watch);
  fence.see(applied(StoreCause::acknowledgement, 0, 1), watch);
  fence.see(applied(StoreCause::load, 1, -1), watch);
  fence.see(applied(StoreCause::acknowledgement, 0, 1, KafkaError::fenced_leader_epoch), watch);
  EXPECT_EQ(stage.found(), "nothing");
  fence.see(applied(StoreCause::acknowledgement, 0, 1), watch);
  EXPECT_EQ(stage.found(), "FENCE");
  fence.see(applied(StoreCause::acknowledgement, 1, 0), watch);
  EXPECT_EQ(stage.found(), "FENCE");
}

TEST(Claims, StoreFiresWhenAWriteIsConfirmedAndNotThere) {
  Stage stage;
  stage.fetches(m1);
  stage.accepts(m1, 1, 1);  // 0 is still held, so that the store keeps 1.
  claims::Store store;
  Watch watch = stage.watch();
  store.settle(watch);
  const auto answered = [](Offset offset, KafkaError error = KafkaError::none) {
    return seen::StatesAnswered{group,
                                instance,
                                offset,
                                offset,
                                StoreCause::acknowledgement,
                                error,
                                {offset, offset, RecordState::acknowledged, 1}};
  };
  store.see(answered(1), watch);
  store.see(answered(2, KafkaError::coordinator_not_available), watch);
  store.scan(watch);
  EXPECT_EQ(stage.found(), "nothing");
  store.see(answered(2), watch);
  EXPECT_EQ(stage.found(), "STORE");
}

TEST(Claims, StoreFiresWhenWhatWasTakenOverIsGone) {
  Stage full;
  full.fetches(m1);
  full.accepts(m1, 1, 1);
  Stage empty;
  empty.fetches(m1);
  claims::Store store;
  Watch before = full.watch();
  store.settle(before);
  Watch after = empty.watch();
  store.see(seen::StoreApplied{group, instance, 1, StoreCause::load, KafkaError::none, false, 0, -1}, after);
  EXPECT_EQ(empty.found(), "STORE");
}

TEST(Claims, CapFiresWhenAFullWindowGrows) {
  Stage stage;
  stage.fetches(m1);
  claims::Cap cap;
  Watch watch = stage.watch();
  cap.settle(watch);
  stage.fetches(m2);
  cap.see(seen::Acquired{group, instance, m2, 2, 3, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  stage.settings().groups[0].configuration.max_record_locks = 2;
  cap.see(seen::Acquired{group, instance, m2, 2, 3, 1}, watch);
  EXPECT_EQ(stage.found(), "CAP");
}

TEST(Claims, SessFiresWhenAMemberWithoutSessionOwnsRecords) {
  Stage stage;
  stage.fetches(m1);
  claims::Sess sess;
  Watch watch = stage.watch();
  sess.look({0, 1}, watch);
  EXPECT_EQ(stage.found(), "nothing");
  // A leader that forgets the session and releases nothing.
  const_cast<Member&>(stage.world().member(m1)).sessions = {};
  sess.see(seen::SessionClosed{group, m1, true}, watch);
  EXPECT_EQ(stage.found(), "SESS");
}

TEST(Claims, SessFiresWhenASessionIsReplacedAndItsRecordsAreKept) {
  Stage stage;
  stage.fetches(m1);
  claims::Sess sess;
  Watch watch = stage.watch();
  // What is acquired in the new session itself may be owned.
  sess.see(seen::SessionOpened{group, m1, BrokerId::one}, watch);
  sess.see(seen::Acquired{group, instance, m1, 0, 1, 1}, watch);
  sess.settle(watch);
  // So may all that others own, and what another broker does not know of.
  sess.see(seen::SessionOpened{group, m2, BrokerId::one}, watch);
  sess.settle(watch);
  sess.see(seen::SessionOpened{group, m1, BrokerId::two}, watch);
  sess.settle(watch);
  EXPECT_EQ(stage.found(), "nothing");
  sess.see(seen::SessionOpened{group, m1, BrokerId::one}, watch);
  sess.settle(watch);
  EXPECT_EQ(stage.found(), "SESS");
}

TEST(Claims, DccFiresWhenTheCountIsNotThatOfTheTerminalOffsets) {
  Stage stage;
  stage.fetches(m1);
  claims::Dcc dcc;
  Watch watch = stage.watch();
  dcc.see(loaded, watch);
  dcc.settle(watch);
  EXPECT_EQ(stage.found(), "nothing");
  stage.accepts(m1, 1, 1);
  dcc.look({0, 0}, watch);  // It is not shown that 1 is finished now.
  dcc.settle(watch);
  EXPECT_EQ(stage.found(), "DCC");
}

TEST(Claims, AbortFiresWhenACallEndsHalfWay) {
  Stage stage;
  claims::Abort abort;
  Watch watch = stage.watch();
  abort.see(seen::CallAborted{group, instance, StepKind::request_arrives}, watch);
  EXPECT_EQ(stage.found(), "ABORT");
}

TEST(Claims, EndAndProgFireForWhatIsLeftUndone) {
  Stage stage;
  claims::End end;
  claims::Prog prog;
  Watch watch = stage.watch();
  stage.take({.kind = StepKind::fetch, .member = m1});
  stage.take({.kind = StepKind::request_arrives, .member = m1});  // The state is asked for, and nobody answers.
  end.finish(watch);
  EXPECT_EQ(stage.found(), "END");
  stage.settle();
  end.finish(watch);
  EXPECT_EQ(stage.found(), "nothing");
  prog.finish(watch);
  EXPECT_EQ(stage.found(), "PROG");
  stage.accepts(m1, 0, 1);
  stage.fetches(m1);
  stage.accepts(m1, 2, 3);
  prog.finish(watch);
  EXPECT_EQ(stage.found(), "nothing");
}

}  // namespace
}  // namespace sharelock
