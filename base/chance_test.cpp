#include "base/chance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace sharelock {
namespace {

using ::testing::ElementsAre;

// The known answers that Random123 publishes for philox4x32-10.
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_THAT(philox({0, 0, 0, 0}, {0, 0}), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_THAT(philox({ones, ones, ones, ones}, {ones, ones}),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

// Pinned: a change of these numbers changes what every recorded seed means.
TEST(Chance, DrawsTheSameEverywhere) {
  Chance chance{42, "test"};
  EXPECT_EQ(chance.next(), 0x13f7f65ec9c99e67u);
  EXPECT_EQ(chance.next(), 0x3e215087310425c4u);
  EXPECT_EQ(chance.next(), 0x0aa3bd7500c550e5u);
  EXPECT_EQ(Chance(42, "test").fork("a").next(), 0x8dbdc8da54965345u);
  EXPECT_EQ(Chance(42, "test").fork(7).next(), 0x3f98d610e1dc0a39u);
}

TEST(Chance, StreamsOfDifferentPurposesAreUnrelatedAndUndisturbed) {
  Chance parent{1, "parent"};
  const Chance before = parent.fork("child");
  parent.next();
  EXPECT_EQ(parent.fork("child"), before);
  EXPECT_NE(Chance(1, "a").next(), Chance(1, "b").next());
  EXPECT_NE(Chance(1, "a").next(), Chance(2, "a").next());
  EXPECT_NE(Chance(1, "a").fork(1).next(), Chance(1, "a").fork(2).next());
}

TEST(Chance, BelowReachesEveryValueEquallyOften) {
  Chance chance{3, "below"};
  std::array<int, 7> seen{};
  for (int i = 0; i < 70'000; ++i) ++seen[chance.below(7)];
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 400);
}

TEST(Chance, BetweenIncludesBothEndsAndTheWholeRange) {
  Chance chance{4, "between"};
  bool low = false;
  bool high = false;
  for (int i = 0; i < 100; ++i) {
    const auto value = chance.between(-2, 2);
    ASSERT_GE(value, -2);
    ASSERT_LE(value, 2);
    low |= value == -2;
    high |= value == 2;
  }
  EXPECT_TRUE(low && high);
  EXPECT_EQ(chance.between(5, 5), 5);
  chance.between(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

TEST(Chance, WeightsAndRatiosAreProportions) {
  Chance chance{5, "weights"};
  constexpr std::array<std::uint32_t, 4> weights{1, 0, 3, 0};
  std::array<int, 4> seen{};
  int happened = 0;
  for (int i = 0; i < 40'000; ++i) {
    ++seen[chance.weighted(weights)];
    happened += chance.happens({1, 4});
  }
  EXPECT_NEAR(seen[0], 10'000, 400);
  EXPECT_EQ(seen[1], 0);
  EXPECT_NEAR(seen[2], 30'000, 400);
  EXPECT_EQ(seen[3], 0);
  EXPECT_NEAR(happened, 10'000, 400);
}

}  // namespace
}  // namespace sharelock
