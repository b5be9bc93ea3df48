// Claims about what the group coordinator does: each with a story in which it fires and one that comes close.
#include <gtest/gtest.h>

#include "checker/claims/all_claims.h"

namespace sharelock {
namespace {

/// One member that joins; the topic has one partition, or gets a second one, which is the world's.
WorldSettings one_member(std::initializer_list<std::string_view> switches = {}) {
  WorldSettings settings;
  settings.profile = Profile{ProfileName::ideal};
  for (const std::string_view assignment : switches) EXPECT_EQ(set_switch(settings.profile, assignment), "");
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  settings.members.push_back({.name = "m1"});
  settings.administration = true;
  return settings;
}
WorldSettings growing(std::initializer_list<std::string_view> switches = {}) {
  WorldSettings settings = one_member(switches);
  settings.partition_added = true;
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::latest;
  return settings;
}

using Story = std::vector<std::string>;
Story operator+(Story story, const Story& more) {
  story.insert(story.end(), more.begin(), more.end());
  return story;
}

/// Plays a story, each step at the earliest time at which anything can happen. The claim that the last step broke; that
/// is broken in the end; or nothing.
std::string judged(const WorldSettings& settings, const Story& story) {
  PartitionWorld world{settings};
  ClaimSet claims{1};
  for (std::size_t i = 0; i < story.size(); ++i) {
    Observations seen;
    const std::optional<Step> step = step_of(story[i]);
    EXPECT_TRUE(step && world.apply(*step, world.later(), seen)) << story[i];
    const auto violation = claims.judge(world, world.later(), seen);
    if (violation && i + 1 == story.size()) return std::string{violation->claim};
    EXPECT_FALSE(violation) << story[i] << ": " << violation->what;
  }
  const auto left = claims.judge_end(world, world.later());
  return left ? std::string{left->claim} : "nothing";
}

/// The requests of one kind to the store: `store-applies`, `store-answers`, ...
std::string at_store(const std::string& step, const std::string& cause, const std::string& range = "0--1") {
  return step + " group=1 member=0 cause=" + cause + " range=" + range;
}
const Story initialises{at_store("store-applies", "initialise"), at_store("store-answers", "initialise")};
const Story loads{"fetch member=1", "request-arrives member=1", at_store("store-applies", "load"),
                  at_store("store-answers", "load")};
const Story joins = Story{"heartbeat member=1"} + initialises + Story{"heartbeat member=1"};

TEST(Init, FiresWhenASubscribedPartitionStaysWithoutInitialisation) {
  const Story lost = Story{"heartbeat member=1", "group-coordinator-moves"} + initialises;
  EXPECT_EQ(judged(one_member(), lost), "INIT");
  EXPECT_EQ(judged(one_member(), Story{"heartbeat member=1"} + initialises), "INIT") << "not assigned yet";
  const Story again{"initialise-overdue group=1", "heartbeat member=1"};
  EXPECT_EQ(judged(one_member(), lost + again + joins), "nothing");
  EXPECT_EQ(judged(one_member(), joins), "nothing");
}

TEST(Init, DoesNotAskForWhatIsNotThereOrNobodyWants) {
  EXPECT_EQ(judged(growing(), {"heartbeat member=1"}), "nothing");
  EXPECT_EQ(judged(growing(), {"heartbeat member=1", "partition-created"}), "INIT");
  EXPECT_EQ(judged(one_member(), {"crash member=1"}), "nothing");
}

TEST(Init, ADefectLetsNobodyInitialiseAgain) {
  const Story lost = Story{"heartbeat member=1", "group-coordinator-moves"} + initialises;
  EXPECT_EQ(judged(one_member({"init.no-retry=on"}), lost + Story{"initialise-overdue group=1", "heartbeat member=1"}),
            "INIT");
}

TEST(Store, FiresWhenACopyOfAnInitialiseMovesWhereTheGroupBegins) {
  const Story copied = Story{"heartbeat member=1", at_store("store-copied", "initialise")} + initialises;
  const Story late{at_store("store-repeats", "initialise")};
  const Story consumed = copied + Story{"heartbeat member=1"} + loads + late;
  EXPECT_EQ(judged(one_member({"repeated-initialise=overwrites"}), consumed), "SPSO");
  EXPECT_EQ(judged(one_member(), consumed), "nothing");
  EXPECT_EQ(judged(one_member({"repeated-initialise=overwrites"}), copied + late + Story{"heartbeat member=1"}),
            "nothing")
      << "nothing was there";
}

TEST(Store, FiresAlone) {
  const WorldSettings settings = one_member();
  PartitionWorld world{settings};
  std::optional<Violation> found;
  Watch watch{world, GroupId{1}, 0, found};
  claims::Store store;
  store.settle(watch);
  Observations seen;
  for (const std::string& step : Story{"heartbeat member=1"} + initialises) world.apply(*step_of(step), 0, seen);
  const auto applied = [](bool newer) {
    return seen::StoreApplied{GroupId{1}, {}, 1, StoreCause::initialise, KafkaError::none, false, 0, 2, newer};
  };
  store.see(applied(true), watch);
  store.see(applied(false), watch);
  EXPECT_FALSE(found);
  world.apply(*step_of("alter-offsets group=1 range=0-0"), 0, seen);  // Somebody has joined: refused.
  for (const std::string& step : Story{"leave member=1", "alter-offsets group=1 range=0-0"} + initialises)
    EXPECT_TRUE(world.apply(*step_of(step), 0, seen)) << step;
  store.see(applied(false), watch);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->claim, "STORE");
}

const Story alters{"alter-offsets group=1 range=0-0", at_store("store-applies", "initialise"),
                   at_store("store-answers", "initialise")};

TEST(Fence, FiresWhenOffsetsAreAlteredInTheStateEpochThatIsStored) {
  const Story again{"append range=0-0", "alter-offsets group=1 range=1-1"};
  EXPECT_EQ(judged(one_member({"alter-bumps-epoch=off"}), alters + again), "FENCE");
  EXPECT_EQ(judged(one_member(), alters + again + initialises), "INIT") << "nobody has joined; nothing else is wrong";
  EXPECT_EQ(judged(one_member(), alters + again + initialises + Story{"heartbeat member=1"}), "nothing");
}

TEST(Fence, FiresWhenALoadFromThePrunedLogLetsAFormerLeaderReadAgain) {  // CV-3
  const auto two_members = [](std::initializer_list<std::string_view> switches) {
    WorldSettings settings = one_member(switches);
    settings.members.push_back({.name = "m2"});
    return settings;
  };
  const Story read_by_the_new_leader = Story{"heartbeat member=2"} + initialises +
                                       Story{"leave member=2",
                                             "alter-offsets group=1 range=0-0",
                                             "leader-moves",
                                             "member-learns member=2",
                                             "broker-learns broker=leader",
                                             "heartbeat member=2",
                                             "fetch member=2",
                                             "request-arrives member=2",
                                             at_store("store-applies", "load"),
                                             at_store("store-applies", "initialise"),
                                             "heartbeat member=1",
                                             "fetch member=1",
                                             "request-arrives member=1"};
  const Story read_by_the_former{at_store("store-applies", "load")};
  const auto forgets = two_members({"initialise-forgets-leader=on", "earlier-instance-writes=on"});
  EXPECT_EQ(judged(forgets, read_by_the_new_leader + Story{"store-reloads group=1"} + read_by_the_former), "FENCE");
  EXPECT_NE(judged(forgets, read_by_the_new_leader + read_by_the_former), "FENCE") << "it has not forgotten yet";
  PartitionWorld ideal{two_members({})};
  Observations seen;
  for (const std::string& step : read_by_the_new_leader) EXPECT_TRUE(ideal.apply(*step_of(step), 0, seen)) << step;
  EXPECT_FALSE(ideal.apply(*step_of("store-reloads group=1"), 0, seen)) << "nothing to forget";
}

TEST(Spso, FiresWhenAnAlterationIsAnsweredAndNotStored) {
  const WorldSettings settings = one_member();
  PartitionWorld world{settings};
  std::optional<Violation> found;
  Watch watch{world, GroupId{1}, 0, found};
  Observations seen;
  for (const std::string& step : alters) ASSERT_TRUE(world.apply(*step_of(step), 0, seen)) << step;
  claims::Spso spso;
  const std::int32_t epoch = world.stored(GroupId{1}).state_epoch;
  spso.see(seen::AlterationAnswered{GroupId{1}, KafkaError::none, epoch, 0}, watch);
  spso.see(seen::AlterationAnswered{GroupId{1}, KafkaError::none, epoch - 1, 7}, watch);
  spso.see(seen::AlterationAnswered{GroupId{1}, KafkaError::fenced_state_epoch, epoch, 7}, watch);
  EXPECT_FALSE(found);
  spso.see(seen::AlterationAnswered{GroupId{1}, KafkaError::none, epoch, 7}, watch);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->claim, "SPSO");
}

TEST(Dur, EndsWithAStateEpoch) {
  // What was accepted is delivered again because somebody said so: the start offset was altered back to it.
  const Story consumes = joins + loads +
                         Story{"append range=0-0",
                               "check-fetch member=1",
                               "response-arrives member=1",
                               "acknowledge member=1 range=0-0 type=accept",
                               "commit member=1",
                               "request-arrives member=1",
                               "store-applies group=1 member=1 cause=acknowledgement range=0-0",
                               "store-answers group=1 member=1 cause=acknowledgement range=0-0",
                               "response-arrives member=1",
                               "close member=1",
                               "request-arrives member=1",
                               "response-arrives member=1",
                               "disconnect member=1",
                               "disconnect-noticed member=1",
                               "restart member=1"};
  const Story back = Story{"leave member=1"} + alters + Story{"heartbeat member=1"};
  EXPECT_EQ(judged(one_member(), consumes + back + loads + Story{"check-fetch member=1", "response-arrives member=1"}),
            "PROG")
      << "it is held once more, and nothing else is wrong";
}

TEST(Loss, FiresWhenAnAddedPartitionBeginsBehindItsFirstRecord) {
  const Story grows = Story{"heartbeat member=1", "partition-created", "append range=0-0", "heartbeat member=1"} +
                      initialises + Story{"heartbeat member=1"} + loads;
  EXPECT_EQ(judged(growing({"added-partitions=undecided"}), grows), "LOSS");
  EXPECT_EQ(judged(growing(), grows), "PROG") << "the record waits for its delivery";
}

TEST(Loss, OwesNothingOfAPartitionThatWasThereBeforeTheGroup) {
  const Story grows = Story{"partition-created", "append range=0-0"} + joins + loads;
  EXPECT_EQ(judged(growing({"added-partitions=undecided"}), grows), "nothing");
}

TEST(Loss, OwesNothingThatAnAlterationPasses) {
  const Story altered = Story{"heartbeat member=1", "leave member=1", "partition-created", "append range=0-0",
                              "alter-offsets group=1 range=1-1"} +
                        initialises + Story{"heartbeat member=1", "heartbeat member=1"} + loads;
  EXPECT_EQ(judged(growing(), altered), "nothing");
}

}  // namespace
}  // namespace sharelock
