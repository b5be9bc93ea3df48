// In which order the rounds of a search come.
#include "cli/rounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sharelock::cli {
namespace {

Bounds bounds(std::uint32_t faults, std::optional<std::uint32_t> deviations, std::int64_t records) {
  Bounds bounds;
  bounds.faults = {};
  bounds.faults.front() = faults;
  bounds.faults_max = faults;
  bounds.deviations = deviations;
  bounds.records_max = records;
  bounds.batch_sizes = {1};
  return bounds;
}

using Size = std::array<std::int64_t, 3>;  ///< Deviations, faults, records.

Size size_of(const RoundBounds& round) {
  return {round.deviations.value_or(0), round.faults, round.records};
}

TEST(Rounds, BeginWithTheLeastOfEverything) {
  const Rounds rounds{bounds(2, 2, 2)};
  EXPECT_EQ(size_of(*rounds.next()), (Size{0, 0, 1}));
  EXPECT_EQ(rounds.expected(), 0);
}

TEST(Rounds, ALargerRoundComesEarlierWhereGrowthIsCheap) {
  Rounds rounds{bounds(1, std::nullopt, 3)};
  rounds.complete(10);  // One record.
  ASSERT_EQ(size_of(*rounds.next()), (Size{0, 0, 2}));
  rounds.complete(20);
  ASSERT_EQ(size_of(*rounds.next()), (Size{0, 0, 3}));  // 40 are expected, against 80 with a fault.
  EXPECT_EQ(rounds.expected(), 40);
}

TEST(Rounds, AnAxisIsExpectedToGrowAsItDidBesides) {
  Rounds rounds{bounds(1, std::nullopt, 2)};
  rounds.complete(10);   // One record.
  rounds.complete(50);   // Two records; or one fault: nothing is known of either.
  rounds.complete(100);  // The other of them.
  EXPECT_EQ(size_of(*rounds.next()), (Size{0, 1, 2}));
  EXPECT_EQ(rounds.expected(), 500);
}

RC_GTEST_PROP(Rounds, AllComeOnceAndAfterAllThatTheyCover, ()) {
  const Bounds most = bounds(*rc::gen::inRange(0U, 4U), *rc::gen::inRange(0U, 4U), *rc::gen::inRange(1, 4));
  Rounds rounds{most};
  std::vector<Size> done;
  for (; rounds.next() != nullptr; rounds.complete(*rc::gen::inRange<std::uint64_t>(0, 1'000'000))) {
    const Size size = size_of(*rounds.next());
    for (const Size& earlier : done)
      RC_ASSERT(!(size[0] <= earlier[0] && size[1] <= earlier[1] && size[2] <= earlier[2]));
    done.push_back(size);
  }
  RC_ASSERT(done.size() == (most.faults_max + 1) * (*most.deviations + 1) * static_cast<std::size_t>(most.records_max));
}

}  // namespace
}  // namespace sharelock::cli
