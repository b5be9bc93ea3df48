#include "model/partition/response_slice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace sharelock {
namespace {

constexpr std::array log{LogBatch{0, 4}, LogBatch{5, 9}, LogBatch{20, 24}};

std::vector<Offset> bases(const AcquiredRanges& acquired) {
  std::vector<Offset> found;
  for (const LogBatch& batch : response_slice(log, acquired)) found.push_back(batch.base);
  return found;
}

TEST(ResponseSlice, HasTheWholeBatchesFromTheFirstToTheLastAcquiredOffset) {
  EXPECT_THAT(bases({{7, 7, 1}}), testing::ElementsAre(5));
  EXPECT_THAT(bases({{3, 3, 1}, {22, 23, 1}}), testing::ElementsAre(0, 5, 20));
}

TEST(ResponseSlice, OfAnAcquiredHoleHasTheBatchBeforeIt) {
  EXPECT_THAT(bases({{10, 19, 1}}), testing::ElementsAre(5));
}

TEST(ResponseSlice, OfNothingIsEmpty) {
  EXPECT_THAT(bases({}), testing::IsEmpty());
}

}  // namespace
}  // namespace sharelock
