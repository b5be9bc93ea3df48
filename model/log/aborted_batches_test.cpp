#include "model/log/aborted_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sharelock {
namespace {

using testing::ElementsAre;
using testing::Pair;

LogBatch data(Offset base, Offset last, std::int64_t producer) { return {base, last, producer, true, ControlType::none}; }
LogBatch marker(Offset at, std::int64_t producer, ControlType type) { return {at, at, producer, true, type}; }

TEST(AbortedBatches, ATransactionIsAbortedUntilItsMarker) {
  const std::vector log{data(0, 4, 7), marker(5, 7, ControlType::abort), data(6, 9, 7)};
  const std::vector<AbortedTransaction> aborted{{0, 7}};
  EXPECT_THAT(aborted_batches(log, aborted), ElementsAre(Pair(0, 4)));
}

TEST(AbortedBatches, OtherProducersAndPlainBatchesAreLeftAlone) {
  const std::vector log{data(0, 4, 7), data(5, 6, 8), LogBatch{7, 9, -1, false, ControlType::none}, data(10, 11, 7)};
  const std::vector<AbortedTransaction> aborted{{0, 7}};
  EXPECT_THAT(aborted_batches(log, aborted), ElementsAre(Pair(0, 4), Pair(10, 11)));
}

TEST(AbortedBatches, ACommitMarkerAndWhatCompactionLeftOfAMarkerEndNothingAndCountAsDataOfTheTransaction) {
  const std::vector log{data(0, 4, 7), marker(5, 7, ControlType::commit), data(6, 6, 7), marker(7, 7, ControlType::empty),
                        data(8, 9, 7)};
  const std::vector<AbortedTransaction> aborted{{0, 7}};
  EXPECT_THAT(aborted_batches(log, aborted), ElementsAre(Pair(0, 4), Pair(5, 5), Pair(6, 6), Pair(7, 7), Pair(8, 9)));
}

TEST(AbortedBatches, ATransactionThatBeginsLaterAbortsNothingBefore) {
  const std::vector log{data(0, 4, 7), data(5, 9, 7)};
  const std::vector<AbortedTransaction> aborted{{5, 7}};
  EXPECT_THAT(aborted_batches(log, aborted), ElementsAre(Pair(5, 9)));
}

}  // namespace
}  // namespace sharelock
