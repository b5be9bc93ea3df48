// What holds for both assignors of classic consumers when all members subscribe to the same topic, wherever they are.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "model/group/classic/cooperative_sticky_assignor.h"
#include "model/group/classic/range_assignor.h"

namespace sharelock {
namespace {

using Members = std::map<MemberId, ClassicSubscription>;
using Assignment = std::map<MemberId, NamedPartitions>;

constexpr TopicName topic{1};

RackId drawn_rack() {
  return RackId{*rc::gen::inRange(0U, 3U)};
}

Members drawn_members() {
  Members members;
  const auto count = *rc::gen::inRange(1U, 6U);
  for (std::uint32_t id = 1; id <= count; ++id)
    members[MemberId{id}] = {.topics = {topic}, .rack = drawn_rack(), .instance = {}};
  return members;
}

ClassicTopics drawn_topic() {
  ClassicTopic drawn{*rc::gen::inRange(0, 12)};
  for (std::int32_t i = 0; i < drawn.partitions; ++i) {
    Racks& racks = drawn.racks.emplace_back();
    for (const std::uint32_t rack : {1U, 2U})
      if (*rc::gen::arbitrary<bool>()) racks.insert(RackId{rack});
  }
  return {{topic, drawn}};
}

/// Every partition once, and no member more than one ahead of another.
void expect_fair(const Assignment& assignment, const ClassicTopics& topics) {
  std::set<std::int32_t> given;
  std::size_t least = SIZE_MAX;
  std::size_t most = 0;
  std::size_t sum = 0;
  for (const auto& [id, of_member] : assignment) {
    const auto held = of_member.find(topic);
    const std::size_t size = held == of_member.end() ? 0 : held->second.size();
    if (size > 0) given.insert(held->second.begin(), held->second.end());
    least = std::min(least, size);
    most = std::max(most, size);
    sum += size;
  }
  RC_ASSERT(sum == given.size());
  RC_ASSERT(sum == static_cast<std::size_t>(topics.at(topic).partitions));
  RC_ASSERT(most <= least + 1);
}

RC_GTEST_PROP(RangeAssignor, GivesEveryPartitionOnceAndEvenly, ()) {
  const auto topics = drawn_topic();
  expect_fair(range_assignment(drawn_members(), topics), topics);
}

/// What each member holds is what it tells when it joins the next generation.
void join_again(Members& members, const Assignment& assignment, std::int32_t generation) {
  for (const auto& [id, held] : assignment) {
    members.at(id).owned = held;
    members.at(id).generation = generation;
  }
}

Assignment sticky(const Members& members, const ClassicTopics& topics) {
  return std::get<Assignment>(cooperative_sticky_assignment(members, topics));
}

bool holds(const NamedPartitions& held, std::int32_t number) {
  const auto found = held.find(topic);
  return found != held.end() && found->second.contains(number);
}

RC_GTEST_PROP(CooperativeStickyAssignor, GivesNobodyWhatAnotherOneHoldsStill, ()) {
  const auto topics = drawn_topic();
  auto members = drawn_members();
  join_again(members, sticky(members, topics), 1);
  members[MemberId{9}] = {.topics = {topic}, .rack = drawn_rack(), .instance = {}};
  for (const auto& [id, held] : sticky(members, topics))
    for (const auto& [other, told] : members)
      for (std::int32_t number = 0; number < topics.at(topic).partitions; ++number)
        RC_ASSERT(other == id || !(holds(held, number) && holds(told.owned, number)));
}

/// What moves does so in two generations; what is far from its holder may move again.
RC_GTEST_PROP(CooperativeStickyAssignor, IsFairAFewGenerationsAfterSomebodyCame, ()) {
  const auto topics = drawn_topic();
  auto members = drawn_members();
  join_again(members, sticky(members, topics), 1);
  members[MemberId{9}] = {.topics = {topic}, .rack = drawn_rack(), .instance = {}};
  for (std::int32_t generation = 2; generation < 6; ++generation)
    join_again(members, sticky(members, topics), generation);
  expect_fair(sticky(members, topics), topics);
}

RC_GTEST_PROP(CooperativeStickyAssignor, MovesNothingWhereNobodyIsInARackAndNothingChanged, ()) {
  const auto topics = drawn_topic();
  auto members = drawn_members();
  for (auto& [id, member] : members) member.rack = RackId{};
  join_again(members, sticky(members, topics), 1);
  const Assignment before = sticky(members, topics);
  join_again(members, before, 2);
  RC_ASSERT(sticky(members, topics) == before);
}

RC_GTEST_PROP(CooperativeStickyAssignor, TakesFromNobodyMoreThanBalanceAsksFor, ()) {
  const auto topics = drawn_topic();
  auto members = drawn_members();
  for (auto& [id, member] : members) member.rack = RackId{};
  join_again(members, sticky(members, topics), 1);
  members[MemberId{9}].topics = {topic};
  const auto least = static_cast<std::size_t>(topics.at(topic).partitions) / members.size();
  for (const auto& [id, held] : sticky(members, topics)) {
    const auto now = held.find(topic);
    const auto kept = now == held.end() ? 0 : now->second.size();
    const auto owned = members.at(id).owned.find(topic);
    const auto had = owned == members.at(id).owned.end() ? 0 : owned->second.size();
    RC_ASSERT(kept >= std::min(had, least));
  }
}

}  // namespace
}  // namespace sharelock
