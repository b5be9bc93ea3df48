// Envelopes, jobs and topic clean-up of the share coordinator.
#include "model/store/share_coordinator.h"

#include "model/store/coordinator_key.h"
#include "model/store/testing/small_store.h"

namespace sharelock {
namespace {

using namespace testing_notation;

TEST(CoordinatorKey, MapsKeysToTheStatePartitionsOfTheSpecification) {  // SC-2
  EXPECT_EQ(coordinator_key("g1", "AAAAAAAAAAAAAAAAAAAAAQ", 0), "g1:AAAAAAAAAAAAAAAAAAAAAQ:0");
  EXPECT_EQ(state_partition_of("g1:AAAAAAAAAAAAAAAAAAAAAQ:0", 50), 8);
  EXPECT_EQ(state_partition_of("g1:AAAAAAAAAAAAAAAAAAAAAQ:1", 50), 7);
  EXPECT_EQ(state_partition_of("g1:AAAAAAAAAAAAAAAAAAAAAQ:2", 50), 6);
  EXPECT_EQ(state_partition_of("orders:AAAAAAAAAAAAAAAAAAAACg:7", 50), 0);
  EXPECT_EQ(state_partition_of("polygenelubricants", 50), 0);  // Its hash is -2^31.
}

TEST(CoordinatorKey, HashesUtf16Units) {
  EXPECT_EQ(state_partition_of("\u00fc", 1000), 0xfc);
  EXPECT_EQ(state_partition_of("\U0001f600", 1 << 30), 31 * 0xd83d + 0xde00);
}

std::vector<KafkaError> errors(const std::vector<AnsweredEntry>& answers) {
  std::vector<KafkaError> result;
  for (const AnsweredEntry& answer : answers) result.push_back(answer.result.error);
  return result;
}

TEST(ShareCoordinator, AnswersDuplicatesWithTheLastResultUnlessItIsIdeal) {  // SC-8, CV-6, F-9
  for (const ProfileName name : {ProfileName::v4_4, ProfileName::ideal}) {
    SmallStore store{name};
    store.initialize(1, 0);
    const StateRequest twice{
        GroupId{1},
        {{k1, 0, WriteEntry{0, 0, 0, 0, 0, batches("0-4:K1")}}, {k1, 0, WriteEntry{1, 0, 0, 0, 0, batches("5-9:K1")}}}};
    const auto answers = store.coordinator.handle(twice, 0, store.profile, store.out);
    EXPECT_EQ(store.state().batches, batches("5-9:K1"));
    if (name == ProfileName::ideal)
      EXPECT_THAT(errors(answers), ::testing::ElementsAre(KafkaError::fenced_state_epoch, KafkaError::none));
    else
      EXPECT_THAT(errors(answers), ::testing::ElementsAre(KafkaError::none));
  }
}

TEST(ShareCoordinator, AnswersARequestWithoutGroupWithNothingUnlessItIsIdeal) {  // SC-7
  const StateRequest without_group{no_group, {{k1, 0, InitializeEntry{}}}};
  SmallStore released;
  EXPECT_THAT(released.coordinator.handle(without_group, 0, released.profile, released.out), ::testing::IsEmpty());
  SmallStore ideal{ProfileName::ideal};
  EXPECT_THAT(errors(ideal.coordinator.handle(without_group, 0, ideal.profile, ideal.out)),
              ::testing::ElementsAre(KafkaError::invalid_request));
}

TEST(ShareCoordinator, IsNotTheCoordinatorOfAShardThatIsNotLoaded) {
  SmallStore store;
  store.partition().unload();
  EXPECT_EQ(store.initialize(0, 0).error, KafkaError::not_coordinator);
}

TEST(ShareCoordinator, CleansUpADeletedTopicOnlyWhereTheShardIsActiveUnlessItIsIdeal) {  // SC-48, SC-49, CV-9
  for (const ProfileName name : {ProfileName::v4_4, ProfileName::ideal}) {
    SmallStore active{name};
    active.initialize(0, 0);
    SmallStore away = active;
    const std::array deleted{TopicId{1}};
    active.coordinator.metadata_changed({}, deleted, active.profile, active.out);
    EXPECT_EQ(active.known(), nullptr);
    away.partition().unload();
    away.coordinator.metadata_changed({}, deleted, away.profile, away.out);
    away.reload();
    EXPECT_EQ(away.known() == nullptr, name == ProfileName::ideal);
    EXPECT_EQ(away.erase().error, KafkaError::unknown_topic_or_partition);  // No request can remove it.
  }
}

/// The jobs that were armed, in order, and forgets them.
std::vector<CoordinatorJob> armed(StoreOutbox& out) {
  std::vector<CoordinatorJob> jobs;
  for (const StoreEffect& effect : out)
    if (const auto* job = std::get_if<store_effect::JobArmed>(&effect)) jobs.push_back(job->job);
  out.clear();
  return jobs;
}

TEST(ShareCoordinator, CanRunItsJobsTwiceAfterTheFeatureWasOffForAMomentUntil43) {  // SC-68
  for (const ProfileName name : {ProfileName::v4_3, ProfileName::v4_4}) {
    SmallStore store{name};
    store.coordinator.share_feature(true, store.out);
    const auto first = armed(store.out);
    ASSERT_EQ(first.size(), 2u);
    store.coordinator.share_feature(false, store.out);
    EXPECT_FALSE(store.coordinator.run(first[0], 0, store.profile, store.out));
    store.coordinator.share_feature(true, store.out);
    EXPECT_EQ(armed(store.out).size(), 2u);
    EXPECT_EQ(store.coordinator.run(first[0], 0, store.profile, store.out), name == ProfileName::v4_3);
  }
}

TEST(ShareCoordinator, DoesNotDeleteTwiceToTheSameOffset) {  // SC-65
  SmallStore store;
  store.coordinator.share_feature(true, store.out);
  const CoordinatorJob prune = armed(store.out).front();
  store.initialize(0, 0);
  store.initialize(0, 0);
  store.coordinator.run(prune, 0, store.profile, store.out);
  ASSERT_EQ(store.out.size(), 1u);
  EXPECT_EQ(std::get<store_effect::PruneIssued>(store.out.front()).to, 1);
  store.out.clear();
  store.coordinator.run(prune, 0, store.profile, store.out);
  EXPECT_EQ(store.out.size(), 1u);  // It was not deleted yet.
  store.out.clear();
  store.coordinator.pruned(0, 1);
  store.coordinator.run(prune, 0, store.profile, store.out);
  EXPECT_TRUE(store.out.empty());
  store.coordinator.unload(0);  // Who resigned and is elected again does not know what it had deleted.
  store.reload();
  store.coordinator.run(prune, 0, store.profile, store.out);
  EXPECT_EQ(store.out.size(), 1u);
}

}  // namespace
}  // namespace sharelock
