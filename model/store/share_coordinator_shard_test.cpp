// The conformance scripts of the specification's section 14 about the store, and what `ideal` does in their place.
#include "model/store/share_coordinator_shard.h"

#include "model/store/testing/small_store.h"

namespace sharelock {
namespace {

using namespace testing_notation;

constexpr Given refused(KafkaError error) {
  return {error, {}};
}
constexpr std::array released{ProfileName::v4_2, ProfileName::v4_3, ProfileName::v4_4};
constexpr std::array every{ProfileName::v4_2, ProfileName::v4_3, ProfileName::v4_4, ProfileName::ideal};

TEST(ShareCoordinatorShard, RefusesAWriteBeforeInitialise) {  // T1
  for (const ProfileName name : every) EXPECT_EQ(SmallStore{name}.write(), refused(KafkaError::invalid_request));
}

TEST(ShareCoordinatorShard, BeginsWithASnapshotOfEpochZero) {  // T2
  SmallStore store;
  EXPECT_EQ(store.initialize(0, -1), ok("S"));
  EXPECT_EQ(store.state().start_offset, -1);
  EXPECT_EQ(store.state().delivery_complete_count, -1);
  EXPECT_EQ(store.state().snapshot_epoch, 0);
}

TEST(ShareCoordinatorShard, OverwritesWhenInitialisedAgainUnlessItIsIdeal) {  // T3, T4
  for (const ProfileName name : released) {
    SmallStore store{name};
    store.initialize(0, -1);
    EXPECT_EQ(store.initialize(0, -1), ok("S"));
    EXPECT_EQ(store.state().snapshot_epoch, 1);
    EXPECT_EQ(store.initialize(0, 5), ok("S"));
    EXPECT_EQ(store.state().delivery_complete_count, 0);
  }
  SmallStore ideal{ProfileName::ideal};
  ideal.initialize(0, -1);
  ideal.write(0, 0, 7, 0, "7-9:K1");
  const KeyState before = *ideal.known();
  EXPECT_EQ(ideal.initialize(0, -1), ok());  // CV-4: a late repetition does not wipe what was acknowledged.
  EXPECT_EQ(*ideal.known(), before);
}

TEST(ShareCoordinatorShard, IgnoresARepeatedInitialiseOfTheSameOffsetInKafkasDevelopmentLine) {  // T3 of N, SC-41
  SmallStore store;
  store.profile.set(Switch::repeated_initialise, static_cast<std::uint8_t>(RepeatedInitialise::ignored_when_equal));
  store.initialize(0, -1);
  EXPECT_EQ(store.initialize(0, -1), ok());
  EXPECT_EQ(store.initialize(0, 5), ok("S"));
}

TEST(ShareCoordinatorShard, FencesAnInitialiseWithALowerStateEpoch) {  // T5
  SmallStore store;
  store.initialize(3, 0);
  EXPECT_EQ(store.initialize(2, 0), refused(KafkaError::fenced_state_epoch));
}

TEST(ShareCoordinatorShard, FencesWritesOfALeaderThatWasReadOver) {  // T6
  SmallStore store;
  store.initialize(0, 0);
  EXPECT_EQ(store.read(4), ok("u"));
  EXPECT_EQ(store.write(3, 0, 0, 0, "0-9:K1"), refused(KafkaError::fenced_leader_epoch));
}

TEST(ShareCoordinatorShard, IsNotRaisedByAWriteWithHigherEpochs) {  // T7, T8
  SmallStore store;
  store.initialize(0, 0);
  EXPECT_EQ(store.write(9, 7, 0, 10, "0-9:K1"), ok("u"));
  EXPECT_EQ(store.state().leader_epoch, 0);
  EXPECT_EQ(store.state().state_epoch, 0);
  EXPECT_EQ(store.write(1, 0, 10, 0), ok("u"));
}

TEST(ShareCoordinatorShard, TakesWritesOfTheCurrentEpochsOnlyIfItIsIdeal) {
  SmallStore store{ProfileName::ideal};
  store.initialize(0, 0);
  EXPECT_EQ(store.write(9, 0, 0, 0), refused(KafkaError::fenced_leader_epoch));
  EXPECT_EQ(store.write(0, 7, 0, 0), refused(KafkaError::fenced_state_epoch));
  EXPECT_EQ(store.write(0, 0, 0, 0), ok("u"));
}

TEST(ShareCoordinatorShard, WritesASnapshotAfterSoManyUpdates) {  // T9, T10, T18 and the table of SC-55
  for (const auto& [limit, records] :
       {std::pair{0, "SSSSSS"}, std::pair{1, "uSuSuS"}, std::pair{2, "uuSuuS"}, std::pair{5, "uuuuuS"}}) {
    SmallStore store{ProfileName::v4_4, limit};
    store.initialize(0, 0);
    std::string written;
    for (int i = 0; i < 6; ++i) written += store.write().records;
    EXPECT_EQ(written, records) << "limit " << limit;
  }
  SmallStore store;
  store.initialize(0, 0);
  EXPECT_EQ(store.read(1), ok("u"));  // It counts.
  EXPECT_EQ(store.write(1, 0, 0, 0), ok("u"));
  EXPECT_EQ(store.write(1, 0, 0, 0), ok("S"));
  EXPECT_EQ(store.state().snapshot_epoch, 1);
}

TEST(ShareCoordinatorShard, RecordsNothingWhenTheLeaderEpochIsKnown) {  // T11
  SmallStore store;
  store.initialize(0, 0);
  EXPECT_EQ(store.read(0), ok());
}

TEST(ShareCoordinatorShard, KeepsTheHigherStartOffsetSince44) {  // T12, T13, T14, T15
  for (const ProfileName name : every) {
    const bool older = name == ProfileName::v4_2 || name == ProfileName::v4_3;
    SmallStore store{name, 100};
    store.initialize(0, 0);
    store.write(0, 0, 100, 3);
    store.write(0, 0, 100, 1);
    EXPECT_EQ(store.state().delivery_complete_count, older ? 1 : 3);
    store.write(0, 0, 90, 9);
    EXPECT_EQ(store.state().start_offset, older ? 90 : 100);
    EXPECT_EQ(store.state().delivery_complete_count, older ? 9 : 3);
    store.write(0, 0, 110, 0);
    EXPECT_EQ(store.state().delivery_complete_count, 0);
    store.write(0, 0, 0, 0, "50-120:K1");
    EXPECT_EQ(store.state().batches, batches(older ? "50-120:K1" : "110-120:K1"));
  }
}

TEST(ShareCoordinatorShard, ForgetsFencesWithTheKey) {  // T16, T17
  SmallStore store;
  store.initialize(5, 0);
  EXPECT_EQ(store.erase(), ok("T"));
  EXPECT_EQ(store.erase(), ok());
  EXPECT_EQ(store.read(0), refused(KafkaError::invalid_request));
  EXPECT_EQ(store.initialize(0, 0), ok("S"));
  EXPECT_EQ(store.state().snapshot_epoch, 0);
}

TEST(ShareCoordinatorShard, AdmitsAFormerLeaderAfterPruningAndReloadUnlessItIsIdeal) {  // T19, CV-3
  for (const ProfileName name : every) {
    SmallStore store{name};
    store.initialize(0, 0);
    store.read(5);
    store.initialize(1, 0);
    EXPECT_EQ(store.write(4, 1, 0, 0), refused(KafkaError::fenced_leader_epoch));
    store.reload();
    EXPECT_EQ(store.write(4, 1, 0, 0), refused(KafkaError::fenced_leader_epoch));
    store.prune();
    store.reload();
    EXPECT_EQ(store.write(4, 1, 0, 0).error,
              name == ProfileName::ideal ? KafkaError::fenced_leader_epoch : KafkaError::none);
  }
}

TEST(ShareCoordinatorShard, LetsMinusOnePassUnfencedUntil43) {  // SC-10, KD-20
  for (const ProfileName name : every) {
    SmallStore store{name, 100};
    store.initialize(3, 0);
    store.read(4);
    const bool older = name == ProfileName::v4_2 || name == ProfileName::v4_3;
    EXPECT_EQ(store.write(-1, -1, 0, 0).error, older ? KafkaError::none : KafkaError::invalid_request);
    EXPECT_EQ(store.read(-1).error, name == ProfileName::v4_2   ? KafkaError::fenced_leader_epoch
                                    : name == ProfileName::v4_3 ? KafkaError::none
                                                                : KafkaError::invalid_request);
  }
}

TEST(ShareCoordinatorShard, KnowsATopicFromTheMetadataOnly) {  // Check 8 of section 3.5 comes last.
  SmallStore store;
  const SharePartitionKey beyond{GroupId{1}, TopicId{1}, 8};
  EXPECT_EQ(store.initialize(0, 0, beyond), refused(KafkaError::unknown_topic_or_partition));
  EXPECT_EQ(store.write(beyond), refused(KafkaError::invalid_request));
  EXPECT_EQ(store.does({GroupId{1}, TopicId{2}, 0}, SummaryEntry{}), refused(KafkaError::unknown_topic_or_partition));
  EXPECT_EQ(store.erase({GroupId{1}, no_topic, 0}), refused(KafkaError::invalid_request));
}

TEST(ShareCoordinatorShard, SummarisesAKeyThatIsNotThere) {  // SC-36
  SmallStore store;
  EXPECT_EQ(store.does(k1, SummaryEntry{}), ok());
  EXPECT_EQ(store.last.result, (StateResult{KafkaError::none, Summary{0, 0, -1, -1}}));
}

TEST(ShareCoordinatorShard, SnapshotsColdKeysOnceUntilSomethingElseIsWritten) {  // T20, T21
  SmallStore store{ProfileName::v4_4, 3};
  EXPECT_EQ(store.initialize(0, 0, k1), ok("S"));
  EXPECT_EQ(store.initialize(0, 0, k2), ok("S"));
  store.now = 1;
  EXPECT_EQ(store.write(), ok("u"));
  EXPECT_EQ(store.write(), ok("u"));
  store.now = 300'000;
  EXPECT_EQ(store.cold_job(), "SS");
  SmallStore quiet = store;
  quiet.now += 300'000;
  EXPECT_EQ(quiet.cold_job(), "");
  EXPECT_EQ(quiet.write(), ok("u"));  // An update does not clear the mark (CV-10).
  EXPECT_EQ(quiet.cold_job(), "");
  EXPECT_EQ(store.write(), ok("u"));  // SC-57: that snapshot did not reset the counter.
  EXPECT_EQ(store.write(), ok("S"));
}

TEST(ShareCoordinatorShard, MayPruneWhatLiesBelowTheOldestLatestSnapshot) {  // T22
  ShareCoordinatorShard shard{{}};
  const StateRecord s1{k1, ShareSnapshot{}};
  const StateRecord s2{k2, ShareSnapshot{}};
  EXPECT_EQ(shard.redundant_offset(), std::nullopt);
  shard.replay(s1, 0);
  shard.replay(s2, 1);
  EXPECT_EQ(shard.redundant_offset(), std::nullopt);
  shard.replay(s1, 5);
  EXPECT_EQ(shard.redundant_offset(), 1);
  shard.replay(s2, 6);
  EXPECT_EQ(shard.redundant_offset(), 5);
  shard.replay({k1, Tombstone{}}, 7);
  EXPECT_EQ(shard.redundant_offset(), 6);
}

TEST(ShareCoordinatorShard, FencesAnEarlierInstanceOfTheSameLeaderIfItIsIdeal) {  // SP-153
  for (const ProfileName name : every) {
    SmallStore store{name, 100};
    store.initialize(0, 0);
    store.instance = 1;
    store.read(4);
    store.instance = 2;
    EXPECT_EQ(store.read(4), name == ProfileName::ideal ? ok("u") : ok());
    store.instance = 1;  // Its write was under way when the next instance read.
    EXPECT_EQ(store.write(4, 0, 0, 0, "0-9:K1").error,
              name == ProfileName::ideal ? KafkaError::fenced_leader_epoch : KafkaError::none);
    EXPECT_EQ(store.read(4).error, name == ProfileName::ideal ? KafkaError::fenced_leader_epoch : KafkaError::none);
    store.instance = 2;
    EXPECT_EQ(store.write(4, 0, 0, 0).error, KafkaError::none);
    EXPECT_EQ(store.read(4), ok());
  }
}

}  // namespace
}  // namespace sharelock
