// The worked examples of the specification, section 8.3, and what the assignor promises.
#include "model/group/simple_assignor.h"

#include <numeric>
#include <string>

namespace sharelock {
namespace {

constexpr TopicId t1{1};
constexpr TopicId t2{2};

std::vector<std::int32_t> first(std::int32_t count) {
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

AssignorMember holding(std::vector<std::int32_t> previous) {
  AssignorMember member{{t1}, {}};
  if (!previous.empty()) member.previous.emplace_back(t1, std::move(previous));
  return member;
}

/// One topic with so many partitions, whose hash keeps them in ascending order, and what each member held.
AssignorInput one_topic(std::int32_t partitions, const std::vector<std::vector<std::int32_t>>& previous) {
  AssignorInput input{{{t1, 0, true, first(partitions)}}, {}, true};
  for (const auto& held : previous) input.members.push_back(holding(held));
  return input;
}

/// `0,2 1` for two members.
std::string told(const AssignorInput& input) {
  std::string text;
  for (const TopicPartitions& of_member : assign(input).by_member) {
    if (!text.empty()) text += ' ';
    std::string held;
    for (const auto& [topic, partitions] : of_member)
      for (const std::int32_t partition : partitions)
        held.append(held.empty() ? "" : ",").append(std::to_string(partition));
    text += held.empty() ? "-" : held;
  }
  return text;
}

using Held = std::vector<std::vector<std::int32_t>>;
const Held one(1);
const Held two(2);
const Held three(3);
const Held four(4);
const Held five(5);

TEST(SimpleAssignor, GivesEveryPartitionWhenNobodyHeldAny) {
  EXPECT_EQ(told(one_topic(4, one)), "0,1,2,3");
  EXPECT_EQ(told(one_topic(5, two)), "0,2,4 1,3");
  EXPECT_EQ(told(one_topic(3, three)), "0 1 2");
  EXPECT_EQ(told(one_topic(4, three)), "0,3 1 2");
  EXPECT_EQ(told(one_topic(5, three)), "0,3 1,4 2");
}

TEST(SimpleAssignor, SharesPartitionsAmongMoreMembersThanThereAre) {
  EXPECT_EQ(told(one_topic(1, two)), "0 0");
  EXPECT_EQ(told(one_topic(2, three)), "0,1 0 1");
  EXPECT_EQ(told(one_topic(3, four)), "0,2 0 1,2 1");
  EXPECT_EQ(told(one_topic(2, five)), "0,1 0 0 1 1");
}

TEST(SimpleAssignor, LeavesWhatMembersHoldWhereItCan) {
  EXPECT_EQ(told(one_topic(4, {{0, 1, 2, 3}, {}})), "2,3 0,1");
  EXPECT_EQ(told(one_topic(4, {{0, 1}, {}})), "0,1 2,3");
  EXPECT_EQ(told(one_topic(4, {{0, 1}, {2, 3}, {}})), "0,1 3 2");
  EXPECT_EQ(told(one_topic(2, {{0}, {1}})), "0 1");
  EXPECT_EQ(told(one_topic(2, {{0}, {0}, {0}, {0}})), "1 1 0 0");
}

TEST(SimpleAssignor, AbandonsAPartitionThatOnlyItsHoldersCouldTake) {
  // AS-10: P0 is abandoned, with it the third member of P2, although A and D could take it.
  EXPECT_EQ(told(one_topic(3, {{0}, {1}, {1}, {0}, {1}, {2}, {2}})), "0 1 1 0 1 2 2");
}

TEST(SimpleAssignor, GivesNothingWhileNothingIsInitialised) {
  EXPECT_EQ(told(one_topic(0, one)), "-");
}

TEST(SimpleAssignor, BalancesEachTopicForItselfWhenSubscriptionsDiffer) {
  AssignorInput input{{{t1, 1, true, {0, 1}}, {t2, 2, true, {0, 1}}}, {{{t1}, {}}, {{t2}, {}}, {{t1, t2}, {}}}, false};
  const Assigned assigned = assign(input);
  EXPECT_EQ(assigned.by_member[0], (TopicPartitions{{t1, {0}}}));
  EXPECT_EQ(assigned.by_member[1], (TopicPartitions{{t2, {0}}}));
  EXPECT_EQ(assigned.by_member[2], (TopicPartitions{{t1, {1}}, {t2, {1}}}));
}

TEST(SimpleAssignor, LeavesATopicThatNobodySubscribesToAnyMoreWithItsHolder) {
  AssignorInput input{{{t1, 1, true, {0}}, {t2, 2, true, {0}}}, {{{t1}, {{t2, {0}}}}, {{}, {}}}, false};
  EXPECT_EQ(assign(input).by_member[0], (TopicPartitions{{t1, {0}}, {t2, {0}}}));
}

TEST(SimpleAssignor, FailsForASubscribedTopicThatIsNotInTheMetadata) {
  AssignorInput input = one_topic(1, one);
  input.topics[0].is_known = false;
  EXPECT_EQ(assign(input).error, AssignorError::unknown_topic);
}

TEST(SimpleAssignor, RunsOutOfMembersWhenOneHoldsWhatMayNotBeAssigned) {
  // AS-14: B, the only member below its count, holds P1, which is no target and wants a second member.
  const AssignorInput input{{{t1, 0, true, {0}}}, {holding({1}), holding({})}, true};
  EXPECT_EQ(assign(input).error, AssignorError::members_run_out);
}

TEST(SimpleAssignor, ComputesDesiredCountsInBinaryFloatingPoint) {
  EXPECT_EQ(desired_counts(7, 29).per_member.back(), 5);
  EXPECT_EQ(desired_counts(19, 3).sharing, 7);
  EXPECT_EQ(desired_counts(19, 3).per_member.back(), 2);
  EXPECT_EQ(desired_counts(3, 5).per_member, (std::vector<std::int32_t>{2, 2, 1}));
  EXPECT_EQ(desired_counts(7, 29, Arithmetic::exact).per_member.back(), 4);
}

RC_GTEST_PROP(SimpleAssignor, CoversEveryPartitionWithinItsBounds, ()) {
  const auto members = static_cast<std::size_t>(*rc::gen::inRange(1, 12));
  const auto partitions = *rc::gen::inRange(1, 12);
  AssignorInput input = one_topic(partitions, Held(members));
  for (int round = 0; round < 3; ++round) {
    const Assigned assigned = assign(input);
    const DesiredCounts desired = desired_counts(input.members.size(), static_cast<std::size_t>(partitions));
    std::vector<std::int32_t> holders(static_cast<std::size_t>(partitions));
    for (std::size_t i = 0; i < assigned.by_member.size(); ++i)
      for (const auto& [topic, held] : assigned.by_member[i]) {
        RC_ASSERT(static_cast<std::int32_t>(held.size()) <= desired.per_member[i]);
        for (const std::int32_t partition : held) ++holders[static_cast<std::size_t>(partition)];
      }
    for (const std::int32_t count : holders) RC_ASSERT(count >= 1 && count <= desired.sharing);
    for (std::size_t i = 0; i < assigned.by_member.size(); ++i) {
      input.members[i].previous.clear();
      for (const auto& [topic, held] : assigned.by_member[i])
        input.members[i].previous.emplace_back(topic, std::vector<std::int32_t>(held.begin(), held.end()));
    }
    const auto leaver = static_cast<std::size_t>(*rc::gen::inRange(0, 12));
    if (leaver < input.members.size() && input.members.size() > 1)
      input.members.erase(input.members.begin() + static_cast<std::ptrdiff_t>(leaver));
    else
      input.members.push_back(holding({}));
  }
}

}  // namespace
}  // namespace sharelock
