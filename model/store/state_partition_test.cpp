// The log behind a shard: what survives a failed append, a lost tail, pruning and a reload.
#include "model/store/state_partition.h"

#include "model/store/combiner.h"
#include "model/store/testing/small_store.h"

namespace sharelock {
namespace {

using namespace testing_notation;

TEST(StatePartition, ReleasesAnAnswerOnceEverythingBeforeItIsReplicated) {  // RT-3, RT-4
  SmallStore store;
  store.initialize(0, 0);
  store.write();
  EXPECT_EQ(store.last.released_at, 2);
  store.read(0);  // It writes nothing, and still waits for the write before it.
  EXPECT_EQ(store.last.released_at, 2);
  EXPECT_EQ(store.partition().high_watermark(), 0);
}

TEST(StatePartition, GoesBackToABoundaryWithEverythingThatWasKnownThere) {  // RT-7
  SmallStore store;
  store.initialize(0, 0);
  store.write(0, 0, 0, 0, "0-4:A1");
  const StatePartition before = store.partition();
  store.write(0, 0, 3, 0, "2-7:K2");
  store.write();
  store.erase();
  store.initialize(0, 9);
  store.partition().revert(before.log_end());
  EXPECT_EQ(store.partition(), before);
}

TEST(StatePartition, LosesWhatWasNotReplicatedWhenLeadershipMoves) {  // SC-70
  SmallStore store;
  store.initialize(0, 0);
  store.write(0, 0, 0, 0, "0-4:A1");
  store.partition().commit(2);
  store.write(0, 0, 0, 0, "0-4:K1");
  store.partition().unload();
  store.partition().truncate(2);
  store.reload();
  EXPECT_EQ(store.state().batches, batches("0-4:A1"));
}

TEST(StatePartition, CannotGoBackBehindWhatIsReplicated) {
  SmallStore store;
  store.initialize(0, 0);
  store.write();
  store.write();
  store.partition().commit(2);
  EXPECT_THAT(store.partition().boundaries(), ::testing::ElementsAre(2, 3));
}

TEST(StatePartition, WithoutALogKeepsNothingButTheState) {
  StatePartition bare{StatePartition::Log::none};
  bare.load({});
  Topics topics;
  topics.set(TopicId{1}, 1);
  const Profile profile{ProfileName::v4_4};
  const ShardSurroundings around{0, profile, &topics};
  bare.execute(k1, InitializeEntry{0, 0}, around);
  const auto answer = bare.execute(k1, WriteEntry{0, 0, 0, 5, 0, batches("5-9:K1")}, around);
  EXPECT_EQ(answer.released_at, bare.high_watermark());
  EXPECT_EQ(bare.shard().find(k1)->state.batches, batches("5-9:K1"));
}

rc::Gen<WriteEntry> any_write() {
  return rc::gen::exec([] {
    const auto first = *rc::gen::inRange<Offset>(0, 40);
    const auto count = *rc::gen::inRange(1, 4);
    const auto state = *rc::gen::element(RecordState::available, RecordState::acknowledged, RecordState::archived);
    WriteEntry entry{0, 0, 0, *rc::gen::inRange<Offset>(-1, 30), *rc::gen::inRange(-1, 9), {}};
    entry.batches.push_back({first, first + *rc::gen::inRange<Offset>(0, 10), state, count});
    return entry;
  });
}

/// A drawn life of one key: writes, new leaders, cold snapshots, initialises.
void live(SmallStore& store, int operations) {
  std::int32_t le = 0;
  std::int32_t se = 0;
  store.initialize(0, 0);
  for (int i = 0; i < operations; ++i) {
    store.now += 100'000;
    const auto kind = *rc::gen::inRange(0, 20);
    if (kind == 0) {
      store.read(++le);
    } else if (kind == 1) {
      store.cold_job();
    } else if (kind == 2) {
      store.initialize(++se, *rc::gen::inRange<Offset>(-1, 10));
    } else {
      WriteEntry entry = *any_write();
      entry.leader_epoch = le;
      entry.state_epoch = se;
      store.does(k1, entry);
    }
  }
}

RC_GTEST_PROP(StatePartition, ReloadsToTheStateItHad, ()) {  // INV-9
  SmallStore store{*rc::gen::element(ProfileName::v4_2, ProfileName::v4_4, ProfileName::ideal),
                   *rc::gen::inRange(0, 5)};
  live(store, 30);
  const StatePartition before = store.partition();
  const ShareSnapshot state = store.state();
  store.reload();
  RC_ASSERT(store.partition().shard() == before.shard());
  store.prune();
  store.reload();  // INV-11
  RC_ASSERT(store.state() == state);
}

RC_GTEST_PROP(StatePartition, HasTheSameStateHoweverOftenItSnapshots, ()) {  // INV-8, INV-10
  const auto drawn = *rc::gen::container<std::vector<WriteEntry>>(any_write());
  const auto state_with = [&](std::int32_t records_per_snapshot) {
    SmallStore store{ProfileName::v4_4, records_per_snapshot};
    store.initialize(0, 0);
    for (const WriteEntry& entry : drawn) store.does(k1, entry);
    ShareSnapshot state = store.state();
    state.snapshot_epoch = 0;
    return state;
  };
  const ShareSnapshot state = state_with(*rc::gen::inRange(0, 5));
  RC_ASSERT(state == state_with(500));
  RC_ASSERT(state.batches == combine({}, state.batches, state.start_offset));
}

RC_GTEST_PROP(StatePartition, NeverGoesBackBetweenInitialises, ()) {  // INV-6, INV-7, INV-13, INV-15
  SmallStore store;
  store.initialize(0, 0);
  for (const WriteEntry& entry : *rc::gen::container<std::vector<WriteEntry>>(any_write())) {
    const ShareSnapshot before = store.state();
    store.does(k1, entry);
    const ShareSnapshot& after = store.state();
    RC_ASSERT(after.start_offset >= before.start_offset);
    if (after.start_offset == before.start_offset)
      RC_ASSERT(after.delivery_complete_count >= before.delivery_complete_count);
    RC_ASSERT(combine(after.batches, before.batches, after.start_offset) == after.batches);
  }
}

TEST(StatePartition, GoesBackWithALowerStartOffsetUntil43) {  // V-16, F-8: where those promises do not hold.
  SmallStore store{ProfileName::v4_3};
  store.initialize(0, 0);
  store.write(0, 0, 0, 0, "0-9:K1");
  store.write(0, 0, 5, 0);
  store.write(0, 0, 0, 0);
  EXPECT_EQ(store.state().start_offset, 0);
  EXPECT_EQ(store.state().batches, batches("5-9:K1"));
}

}  // namespace
}  // namespace sharelock
