// What racks and static members change about ranges.
#include "model/group/classic/range_assignor.h"

#include <gtest/gtest.h>

namespace sharelock {
namespace {

constexpr TopicName t0{1};
constexpr TopicName t1{2};
constexpr MemberId m1{1};
constexpr MemberId m2{2};
constexpr RackId here{1};
constexpr RackId there{2};

using Assignment = std::map<MemberId, NamedPartitions>;
using Members = std::map<MemberId, ClassicSubscription>;

ClassicSubscription in(RackId rack, TopicNames topics = {t0}) {
  return {.topics = std::move(topics), .rack = rack};
}

TEST(RangeAssignor, GivesWhatIsNearWhereThatKeepsTheNumbersEven) {
  const ClassicTopics topics{{t0, {2, {{there}, {here}}}}};
  const Assignment near{{m1, {{t0, {1}}}}, {m2, {{t0, {0}}}}};
  EXPECT_EQ(range_assignment({{m1, in(here)}, {m2, in(there)}}, topics), near);
  const Assignment even{{m1, {{t0, {0}}}}, {m2, {{t0, {1}}}}};
  EXPECT_EQ(range_assignment({{m1, in(there)}, {m2, in(there)}}, topics), even);
}

TEST(RangeAssignor, LooksAtNoRacksWhereEachHasEverything) {
  const ClassicTopics topics{{t0, {2, {{here, there}, {here, there}}}}};
  const Assignment in_order{{m1, {{t0, {0}}}}, {m2, {{t0, {1}}}}};
  EXPECT_EQ(range_assignment({{m1, in(there)}, {m2, in(here)}}, topics), in_order);
}

TEST(RangeAssignor, KeepsTogetherWhatTheSameMembersTakeOfTheSameSize) {
  // t1 would rather go the other way round; then the members would not have the same numbers of both.
  const ClassicTopics topics{{t0, {2, {{here}, {there}}}}, {t1, {2, {{there}, {here}}}}};
  const Assignment together{{m1, {{t0, {0}}, {t1, {0}}}}, {m2, {{t0, {1}}, {t1, {1}}}}};
  EXPECT_EQ(range_assignment({{m1, in(here, {t0, t1})}, {m2, in(there, {t0, t1})}}, topics), together);
}

TEST(RangeAssignor, PutsStaticMembersFirst) {
  Members members{{m1, in({})}, {m2, in({})}};
  members[m2].instance = InstanceId{7};
  const Assignment static_first{{m1, {{t0, {1}}}}, {m2, {{t0, {0}}}}};
  EXPECT_EQ(range_assignment(members, {{t0, {2}}}), static_first);
}

}  // namespace
}  // namespace sharelock
