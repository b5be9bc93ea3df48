// Members that do not all subscribe to the same topics: shared out evenly all the same, and what Kafka does strangely.
#include "model/group/classic/sticky_general.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/group/classic/cooperative_sticky_assignor.h"

namespace sharelock {
namespace {

using Members = std::map<MemberId, ClassicSubscription>;
using Assignment = std::map<MemberId, NamedPartitions>;

constexpr TopicName t0{1};
constexpr TopicName t1{2};
constexpr MemberId m1{1};
constexpr MemberId m2{2};
constexpr MemberId m3{3};

Members drawn_members() {
  Members members;
  for (std::uint32_t id = *rc::gen::inRange(2U, 6U); id > 0; --id)
    members[MemberId{id}].topics = *rc::gen::element(TopicNames{t0}, TopicNames{t1}, TopicNames{t0, t1});
  return members;
}

ClassicTopics drawn_topics() {
  return {{t0, {*rc::gen::inRange(1, 9)}}, {t1, {*rc::gen::inRange(1, 9)}}};
}

/// Every member told what it got, in generation after generation, until nobody waits for what another one gives up.
Assignment settled(Members& members, const ClassicTopics& topics) {
  constexpr std::int32_t generations = 4;
  Assignment assignment;
  for (std::int32_t generation = 1; generation <= generations; ++generation) {
    assignment = std::get<0>(cooperative_sticky_assignment(members, topics));
    for (auto& [id, member] : members) member.owned = assignment.at(id), member.generation = generation;
  }
  return assignment;
}

bool holds(const NamedPartitions& held, const ClassicPartition& partition) {
  const auto topic = held.find(partition.first);
  return topic != held.end() && topic->second.contains(partition.second);
}

std::size_t count(const NamedPartitions& held) {
  std::size_t sum = 0;
  for (const auto& [topic, numbers] : held) sum += numbers.size();
  return sum;
}

RC_GTEST_PROP(GeneralShares, GiveEverythingThatSomebodyTakesOnceAndToThoseThatTakeIt, ()) {
  Members members = drawn_members();
  const ClassicTopics topics = drawn_topics();
  std::set<ClassicPartition> given;
  for (const auto& [id, held] : settled(members, topics))
    for (const auto& [topic, numbers] : held)
      for (const std::int32_t number : numbers) {
        RC_ASSERT(members.at(id).topics.contains(topic));
        RC_ASSERT(given.emplace(topic, number).second);
      }
  std::size_t taken = 0;
  for (const TopicName topic : subscribed_topics(members, topics))
    taken += static_cast<std::size_t>(topics.at(topic).partitions);
  RC_ASSERT(given.size() == taken);
}

RC_GTEST_PROP(GeneralShares, NobodyHasTwoMoreThanAnotherOneThatCouldTakeIt, ()) {
  Members members = drawn_members();
  const Assignment assignment = settled(members, drawn_topics());
  for (const auto& [id, held] : assignment)
    for (const auto& [topic, numbers] : held)
      for (const auto& [other, member] : members)
        if (!numbers.empty() && member.topics.contains(topic))
          RC_ASSERT(count(held) <= count(assignment.at(other)) + 1);
}

RC_GTEST_PROP(GeneralShares, WhoeverComesTakesNothingFromSomebodyWhoHoldsItStill, ()) {
  Members members = drawn_members();
  const ClassicTopics topics = drawn_topics();
  settled(members, topics);
  members[MemberId{9}].topics = {t0};
  const auto assignment = std::get<0>(cooperative_sticky_assignment(members, topics));
  for (const auto& [topic, numbers] : assignment.at(MemberId{9}))
    for (const std::int32_t number : numbers)
      for (const auto& [id, member] : members) RC_ASSERT(!holds(member.owned, {topic, number}));
}

TEST(GeneralShares, LookForTheShareOfAFormerHolderThatTakesNoPart) {
  // m3 held the partition in an earlier generation and subscribes to nothing now: Kafka's assignor throws.
  const Members members{
      {m1, {{t0, t1}, {{t0, {0}}, {t1, {0, 1}}}, 2}}, {m2, {{t1}, {}, 2}}, {m3, {{}, {{t1, {0}}}, 1}}};
  EXPECT_EQ(general_shares(members, {{t0, {1}}, {t1, {2}}}), std::nullopt);
}

TEST(CooperativeStickyAssignor, GivesToWhoeverComesFirstAndSubscribesToNothing) {
  const Members members{{m1, {}}, {m2, {{t0}}}};
  const Assignment assignment{{m1, {{t0, {0}}}}, {m2, {{t0, {1}}}}};
  EXPECT_EQ(cooperative_sticky_assignment(members, {{t0, {2}}}), StickyAssignment{assignment});
}

TEST(CooperativeStickyAssignor, LosesCountWhenATopicComesAgainWithFewerPartitions) {
  const Members alone{{m1, {{t0}, {{t0, {1}}}, 1}}};
  EXPECT_EQ(cooperative_sticky_assignment(alone, {{t0, {1}}}), StickyAssignment{AssignorException::illegal_state});
  // Behind what is no more, everything counts as nobody's: two members have t1-0.
  const Members two{{m1, {{t0, t1}, {{t0, {1}}}, 1}}, {m2, {{t1}, {{t1, {0}}}, 1}}, {m3, {{t1}, {}, 1}}};
  const auto assignment = std::get<0>(cooperative_sticky_assignment(two, {{t0, {1}}, {t1, {1}}}));
  EXPECT_TRUE(assignment.at(m2).contains(t1));
  EXPECT_TRUE(assignment.at(m3).contains(t1));
}

}  // namespace
}  // namespace sharelock
