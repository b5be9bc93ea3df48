// Heartbeats, epochs and initialisation: the time lines and tables of sections 7 and 14 of the specification.
#include "model/group/share_group_coordinator.h"

namespace sharelock {
namespace {

constexpr GroupId g{1};
constexpr MemberId m1{1};
constexpr MemberId m2{2};
constexpr TopicName topic_name{1};
constexpr TopicId topic{1};

/// A coordinator in its surroundings: a log, the timers, one topic.
class Bench {
 public:
  explicit Bench(ProfileName name, std::int32_t partitions = 2) : profile{name} { resize(partitions); }

  auto settled(const auto& call) {
    GroupOutbox out;
    auto answer = call(out);
    for (GroupEffect& effect : out) {
      if (auto* written = std::get_if<group_effect::RecordWritten>(&effect)) log.push_back(written->record);
      armed += std::holds_alternative<group_effect::SessionArmed>(effect) ? 1 : 0;
    }
    return answer;
  }

  HeartbeatAnswer heartbeat(MemberId member, std::int32_t epoch, std::optional<TopicNames> topics = {}) {
    return settled([&](GroupOutbox& out) {
      return coordinator.heartbeat({g, member, epoch, std::move(topics), {}, {}}, around(), out);
    });
  }
  HeartbeatAnswer join(MemberId member) { return heartbeat(member, 0, TopicNames{topic_name}); }
  HeartbeatAnswer leave(MemberId member) { return heartbeat(member, -1); }
  void initialised(PartitionSet partitions) {
    settled([&](GroupOutbox& out) {
      coordinator.initialised(g, {{topic, std::move(partitions)}}, around(), out);
      return 0;
    });
  }
  void failed(PartitionSet partitions) {
    settled([&](GroupOutbox& out) {
      coordinator.not_initialised(g, {{topic, std::move(partitions)}}, around(), out);
      return 0;
    });
  }
  void resize(std::int32_t partitions) {
    image.set(topic_name, {topic, partitions, 0});
    coordinator.topics_changed({topic_name});
  }
  void fail_over() {
    settled([&](GroupOutbox& out) {
      coordinator = ShareGroupCoordinator::loaded(log, around(), out);
      return 0;
    });
  }
  GroupSurroundings around() const { return {now, configuration, image, profile}; }
  const ShareGroup& group() const { return *coordinator.find(g); }
  std::pair<std::int32_t, std::int32_t> epochs() const { return {group().epoch(), group().assignment_epoch()}; }

  Profile profile;
  ShareGroupConfiguration configuration;
  ClusterImage image;
  ShareGroupCoordinator coordinator;
  GroupRecords log;
  TimeMs now = 1;
  int armed = 0;
};

using Epochs = std::pair<std::int32_t, std::int32_t>;
const TopicPartitions nothing;
TopicPartitions given(PartitionSet partitions) {
  return {{topic, std::move(partitions)}};
}

/// A group whose topic is initialised and whose first member has all of it.
Bench settled_group(ProfileName name) {
  Bench bench{name};
  bench.join(m1);
  bench.initialised({0, 1});
  bench.now += 100'000;
  bench.heartbeat(m1, bench.group().epoch());
  return bench;
}

TEST(ShareGroup, PartitionsAreAssignedOneHeartbeatAfterTheyAreInitialised) {
  Bench bench{ProfileName::v4_4};
  const HeartbeatAnswer joined = bench.join(m1);
  EXPECT_EQ(joined.epoch, 2);
  EXPECT_EQ(joined.assignment, nothing);
  ASSERT_TRUE(joined.initialise.has_value());
  EXPECT_EQ(joined.initialise->state_epoch, 2);
  EXPECT_EQ(joined.initialise->topics.at(topic).at(0), -1);
  bench.now += 100;
  bench.initialised({0, 1});
  bench.now += 4900;
  const HeartbeatAnswer next = bench.heartbeat(m1, 2);
  EXPECT_EQ(next.epoch, 3);
  EXPECT_EQ(next.assignment, given({0, 1}));
}

TEST(ShareGroup, ASecondMemberWaitsForTheAssignmentInterval) {
  // Time line A of the specification.
  Bench bench = settled_group(ProfileName::v4_4);
  bench.configuration.assignment_interval = 5000;
  const TimeMs start = bench.now;
  const std::int32_t first = bench.group().epoch();
  bench.now = start + 4995;
  const HeartbeatAnswer joined = bench.join(m2);
  EXPECT_EQ(joined.epoch, first);
  EXPECT_EQ(joined.assignment, nothing);
  bench.now = start + 5005;
  EXPECT_EQ(bench.heartbeat(m2, first).assignment, given({0}));
  const HeartbeatAnswer trimmed = bench.heartbeat(m1, first);
  EXPECT_EQ(trimmed.epoch, first + 1);
  EXPECT_EQ(trimmed.assignment, given({1}));
  bench.leave(m2);
  EXPECT_EQ(bench.epochs(), (Epochs{first + 2, first + 1}));
  bench.now = start + 10'500;
  EXPECT_EQ(bench.heartbeat(m1, first + 1).assignment, given({0, 1}));
}

TEST(ShareGroup, AnEmptiedGroupAssignsTheNextJoinAtOnceSince44) {
  // Time line B.
  Bench bench = settled_group(ProfileName::v4_4);
  const std::int32_t before = bench.group().epoch();
  bench.leave(m1);
  EXPECT_EQ(bench.epochs(), (Epochs{before + 1, before + 1}));
  EXPECT_EQ(bench.group().assignment_timestamp(), 0);
  bench.now += 100;
  EXPECT_EQ(bench.join(m1).assignment, given({0, 1}));
}

TEST(ShareGroup, AnEmptiedGroupDelaysTheNextJoinIn43) {
  Bench bench = settled_group(ProfileName::v4_3);
  const std::int32_t before = bench.group().epoch();
  bench.leave(m1);
  EXPECT_EQ(bench.epochs(), (Epochs{before + 1, before}));
  bench.now += 100;
  const HeartbeatAnswer joined = bench.join(m1);
  EXPECT_EQ(joined.epoch, before);
  EXPECT_EQ(joined.assignment, nothing);
}

TEST(ShareGroup, AcceptsThePreviousEpochBecauseItsAnswerMayBeLost) {
  Bench bench = settled_group(ProfileName::v4_4);
  const auto& [epoch, previous, assigned] = bench.group().find(m1)->current;
  ASSERT_EQ(epoch, previous + 1);
  EXPECT_EQ(bench.heartbeat(m1, epoch).error, KafkaError::none);
  EXPECT_EQ(bench.heartbeat(m1, previous).error, KafkaError::none);
  EXPECT_EQ(bench.heartbeat(m1, previous - 1).error, KafkaError::fenced_member_epoch);
  const int armed = bench.armed;
  EXPECT_EQ(bench.heartbeat(m1, epoch + 1).error, KafkaError::fenced_member_epoch);
  EXPECT_EQ(bench.armed, armed);
}

TEST(ShareGroup, AFullGroupSaysSoEvenToAnUnknownMember) {
  Bench bench = settled_group(ProfileName::v4_4);
  bench.configuration.members_max = 1;
  EXPECT_EQ(bench.heartbeat(m2, 3).error, KafkaError::group_max_size_reached);
  EXPECT_EQ(bench.leave(m2).error, KafkaError::unknown_member_id);
}

TEST(ShareGroup, WithoutGroupOnlyAJoinPasses) {
  Bench bench{ProfileName::v4_4};
  EXPECT_EQ(bench.heartbeat(m1, 1).error, KafkaError::group_id_not_found);
  EXPECT_EQ(bench.leave(m1).error, KafkaError::group_id_not_found);
  EXPECT_EQ(bench.coordinator.find(g), nullptr);
}

TEST(ShareGroup, ATopicThatGrowsIsInitialisedFromZeroSince44) {
  for (const auto& [name, start] :
       {std::pair{ProfileName::v4_4, Offset{0}}, std::pair{ProfileName::v4_3, Offset{-1}}}) {
    Bench bench = settled_group(name);
    const std::int32_t before = bench.group().epoch();
    bench.resize(3);
    bench.now += 5000;
    const HeartbeatAnswer answer = bench.heartbeat(m1, before);
    EXPECT_EQ(bench.group().epoch(), before + 1);
    ASSERT_TRUE(answer.initialise.has_value());
    EXPECT_EQ(answer.initialise->topics.at(topic).at(2), start);
    bench.initialised({2});
    bench.now += 5000;
    EXPECT_EQ(bench.heartbeat(m1, answer.epoch).assignment, given({0, 1, 2}));
  }
}

TEST(ShareGroup, AFailedInitialisationIsRetriedAsAWhole) {
  Bench bench{ProfileName::v4_4, 3};
  const std::int32_t epoch = bench.join(m1).epoch;
  EXPECT_FALSE(bench.heartbeat(m1, epoch).initialise.has_value());
  bench.failed({0, 1, 2});
  const auto again = bench.heartbeat(m1, epoch).initialise;
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->topics.at(topic).size(), 3u);
  EXPECT_EQ(again->topics.at(topic).at(0), -1);
}

TEST(ShareGroup, ALostFirstInitialisationIsRetriedFromZeroIn44AndNotInIdeal) {
  for (const auto& [name, start] :
       {std::pair{ProfileName::v4_4, Offset{0}}, std::pair{ProfileName::ideal, Offset{-1}}}) {
    Bench bench{name};
    const std::int32_t epoch = bench.join(m1).epoch;
    bench.now += 29'999;
    EXPECT_FALSE(bench.heartbeat(m1, epoch).initialise.has_value());
    bench.now += 1;
    EXPECT_EQ(bench.heartbeat(m1, epoch).initialise->topics.at(topic).at(0), start);
  }
}

TEST(ShareGroup, FailOverRestartsTheRetryClockAndTheSessions) {
  Bench bench{ProfileName::v4_4};
  const std::int32_t epoch = bench.join(m1).epoch;
  bench.now += 30'000;
  const int armed = bench.armed;
  const auto before = bench.group().members();
  bench.fail_over();
  EXPECT_EQ(bench.armed, armed + 1);
  EXPECT_EQ(bench.group().members(), before);
  EXPECT_FALSE(bench.heartbeat(m1, epoch).initialise.has_value());
}

TEST(ShareGroup, AGroupSurvivesUntilItsDeliveryStateIsDeleted) {
  Bench bench = settled_group(ProfileName::v4_4);
  const auto begin = [&] {
    return bench.settled(
        [&](GroupOutbox& out) { return bench.coordinator.begin_delete_group(g, bench.around(), out); });
  };
  EXPECT_EQ(begin().error, KafkaError::non_empty_group);
  bench.leave(m1);
  EXPECT_EQ(begin().remove, given({0, 1}));
  EXPECT_EQ(begin().remove, given({0, 1}));
  EXPECT_EQ(bench.group().delivery()->topics.deleting.size(), 1u);
  bench.settled([&](GroupOutbox& out) { return bench.coordinator.delete_group(g, bench.around(), out); });
  EXPECT_EQ(bench.coordinator.find(g), nullptr);
}

TEST(ShareGroup, AGroupThatIsMadeAgainBeginsBehindItsPredecessorOnlyOnIdeal) {  // CV-5
  for (const bool restarts : {true, false}) {
    Bench bench = settled_group(restarts ? ProfileName::v4_4 : ProfileName::ideal);
    const std::int32_t left_in_the_store = bench.group().epoch();
    bench.leave(m1);
    bench.settled([&](GroupOutbox& out) { return bench.coordinator.begin_delete_group(g, bench.around(), out); });
    bench.settled([&](GroupOutbox& out) { return bench.coordinator.delete_group(g, bench.around(), out); });
    bench.fail_over();
    EXPECT_EQ(bench.join(m2).initialise->state_epoch > left_in_the_store, !restarts);
  }
}

TEST(ShareGroup, AlteringANegativePartitionHidesARealOneFromInitialisation) {
  // GC-45 compares sizes, and nobody rejects the index.
  Bench bench{ProfileName::v4_4, 1};
  bench.settled([&](GroupOutbox& out) {
    return bench.coordinator.alter_offsets(g, {{topic_name, {{-1, 5}}}}, bench.around(), out);
  });
  EXPECT_FALSE(bench.join(m1).initialise.has_value());
}

TEST(ShareGroup, AFailedJoinLeavesAMemberBehindInTheReleases) {
  for (const bool stays : {true, false}) {
    Bench bench{stays ? ProfileName::v4_4 : ProfileName::ideal};
    bench.configuration.assignment_interval = 0;
    bench.join(m1);
    bench.initialised({1});
    bench.heartbeat(m1, bench.group().find(m1)->current.epoch);
    // The state of the topic goes and only P0 comes back, while m1 still holds P1 (AS-14).
    bench.settled([&](GroupOutbox& out) {
      bench.coordinator.topics_deleted(std::vector{topic}, bench.around(), out);
      return 0;
    });
    bench.initialised({0});
    EXPECT_EQ(bench.join(m2).error, KafkaError::unknown_server_error);
    EXPECT_EQ(bench.group().find(m2) != nullptr, stays);
    bench.fail_over();
    EXPECT_EQ(bench.group().find(m2), nullptr);
  }
}

TEST(ShareGroup, ADeletedTopicThatNobodyCleanedUpRaisesTheEpochWithEveryHeartbeatInTheReleases) {  // CV-9
  for (const bool stays : {true, false}) {
    Bench bench = settled_group(stays ? ProfileName::v4_4 : ProfileName::ideal);
    bench.configuration.assignment_interval = 0;
    constexpr TopicId created_again{2};
    bench.image.set(topic_name, {created_again, 2, 0});
    bench.fail_over();
    const auto beat = [&] { return bench.heartbeat(m1, bench.group().find(m1)->current.epoch); };
    beat();
    bench.settled([&](GroupOutbox& out) {
      bench.coordinator.initialised(g, {{created_again, {0, 1}}}, bench.around(), out);
      return 0;
    });
    beat();
    const std::int32_t epoch = bench.group().epoch();
    beat();
    beat();
    EXPECT_EQ(bench.group().epoch(), stays ? epoch + 2 : epoch);
  }
}

/// One of the calls that change a group, by a number.
void changes_somehow(Bench& bench, std::uint32_t choice) {
  const MemberId member{choice / 16 % 3 + 1};
  const GroupMember* known = bench.coordinator.find(g) ? bench.group().find(member) : nullptr;
  switch (choice % 8) {
    case 0:
      return static_cast<void>(bench.join(member));
    case 1:
      return static_cast<void>(bench.leave(member));
    case 2:
      return bench.initialised({static_cast<std::int32_t>(choice / 64 % 3)});
    case 3:
      return bench.failed({static_cast<std::int32_t>(choice / 64 % 3)});
    case 4:
      return bench.resize(static_cast<std::int32_t>(choice / 64 % 3) + 1);
    case 5:
      bench.settled([&](GroupOutbox& out) {
        return bench.coordinator.alter_offsets(g, {{topic_name, {{0, 7}}}}, bench.around(), out);
      });
      return;
    default:
      bench.now += 10'000;
      if (known) bench.heartbeat(member, known->current.epoch);
  }
}

RC_GTEST_PROP(ShareGroup, ACompactedLogSaysWhatTheWholeLogSays, ()) {
  constexpr std::array profiles{ProfileName::v4_2, ProfileName::v4_3, ProfileName::v4_4, ProfileName::ideal};
  Bench bench{profiles[*rc::gen::inRange<std::size_t>(0, profiles.size())]};
  for (const std::uint32_t choice : *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0U, 4096U))) {
    changes_somehow(bench, choice);
    GroupRecords compacted;
    for (const auto& [id, group] : bench.coordinator.groups()) {
      const GroupRecords records = records_of(id, group);
      compacted.insert(compacted.end(), records.begin(), records.end());
    }
    GroupOutbox ignored;
    RC_ASSERT(ShareGroupCoordinator::loaded(compacted, bench.around(), ignored) ==
              ShareGroupCoordinator::loaded(bench.log, bench.around(), ignored));
  }
}

TEST(ShareGroup, AnInitialisationThatWasLostIsBegunAgainUnlessADefectForbidsIt) {
  for (const bool retries : {true, false}) {
    Bench bench{ProfileName::ideal, 1};
    if (!retries) bench.profile.set(Switch::initialises_once, 1);
    ASSERT_TRUE(bench.join(m1).initialise.has_value());
    bench.fail_over();
    const std::int32_t epoch = bench.group().find(m1)->current.epoch;
    EXPECT_FALSE(bench.heartbeat(m1, epoch).initialise.has_value());
    bench.now += 30'000;
    EXPECT_EQ(bench.heartbeat(m1, epoch).initialise.has_value(), retries);
  }
}

}  // namespace
}  // namespace sharelock
