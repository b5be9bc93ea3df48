#include "model/log/partition_log.h"

#include <gtest/gtest.h>

namespace sharelock {
namespace {

constexpr std::int64_t producer = 7;

TEST(PartitionLog, AReadReturnsWholeBatchesFromTheOneThatHoldsTheOffset) {
  PartitionLog log;
  for (int i = 0; i < 3; ++i) log.append(4);
  const LogRead read = log.read(5, Isolation::read_uncommitted, 8);
  ASSERT_EQ(read.batches.size(), 2U);
  EXPECT_EQ(read.batches[0].base, 4);
  EXPECT_EQ(log.read(5, Isolation::read_uncommitted, 1).batches.size(), 1U);  // One batch, however long it is.
}

TEST(PartitionLog, AReadAtTheEndReturnsNothingAndBelowTheStartOrBeyondTheEndIsOutOfRange) {
  PartitionLog log;
  log.append(4);
  log.append(4);
  log.move_start(4);
  EXPECT_TRUE(log.read(8, Isolation::read_uncommitted, 100).batches.empty());
  EXPECT_EQ(log.read(8, Isolation::read_uncommitted, 100).error, KafkaError::none);
  EXPECT_EQ(log.read(3, Isolation::read_uncommitted, 100).error, KafkaError::offset_out_of_range);
  EXPECT_EQ(log.read(9, Isolation::read_uncommitted, 100).error, KafkaError::offset_out_of_range);
}

TEST(PartitionLog, AnOpenTransactionHoldsTheLastStableOffset) {
  PartitionLog log;
  log.append(2);
  log.append_transactional(2, producer);
  log.append(2);
  EXPECT_EQ(log.last_stable_offset(), 2);
  EXPECT_EQ(log.high_watermark(), 6);
  EXPECT_EQ(log.read(0, Isolation::read_committed, 100).batches.size(), 1U);
  EXPECT_TRUE(log.end_transaction(producer, ControlType::commit));
  EXPECT_EQ(log.last_stable_offset(), 7);
  EXPECT_FALSE(log.end_transaction(producer, ControlType::commit));
}

TEST(PartitionLog, AbortedRecordsAreListedAndInvisibleToReadCommittedOnly) {
  PartitionLog log;
  log.append(1);
  log.append_transactional(2, producer);
  log.end_transaction(producer, ControlType::abort);
  log.append(1);
  const LogRead read = log.read(0, Isolation::read_committed, 100);
  ASSERT_EQ(read.aborted.size(), 1U);
  EXPECT_EQ(read.aborted[0].first_offset, 1);
  EXPECT_EQ(log.first_visible(1, 10, Isolation::read_committed), 4);
  EXPECT_EQ(log.first_visible(1, 10, Isolation::read_uncommitted), 1);
  EXPECT_FALSE(log.is_visible(3, Isolation::read_uncommitted));  // The marker.
}

TEST(PartitionLog, CompactionLeavesHolesAndRemovesEmptyBatches) {
  PartitionLog log;
  for (int i = 0; i < 3; ++i) log.append(3);
  log.compact(1, 5);
  const LogRead read = log.read(0, Isolation::read_uncommitted, 100);
  ASSERT_EQ(read.batches.size(), 2U);
  EXPECT_EQ(read.batches[1].base, 6);
  EXPECT_EQ(log.first_visible(1, 8, Isolation::read_uncommitted), 6);
  EXPECT_EQ(log.first_visible(1, 5, Isolation::read_uncommitted), 6);
}

TEST(PartitionLog, VisibleRunsEndAtHolesMarkersAndTheEnd) {
  PartitionLog log;
  log.append(4);
  log.append_transactional(2, producer);
  log.end_transaction(producer, ControlType::commit);
  log.compact(2, 2);
  EXPECT_EQ(log.first_invisible(0, 9, Isolation::read_committed), 2);
  EXPECT_EQ(log.first_invisible(3, 9, Isolation::read_committed), 6);
  EXPECT_EQ(log.first_invisible(3, 4, Isolation::read_committed), 5);
  EXPECT_EQ(log.first_invisible(7, 9, Isolation::read_committed), 7);
}

TEST(PartitionLog, WhileReplicationIsHeldNothingNewCanBeRead) {
  PartitionLog log;
  log.append(2);
  log.hold_replication();
  log.append(2);
  EXPECT_EQ(log.read(0, Isolation::read_uncommitted, 100).batches.size(), 1U);
  log.replicate();
  EXPECT_EQ(log.read(0, Isolation::read_uncommitted, 100).batches.size(), 2U);
}

}  // namespace
}  // namespace sharelock
