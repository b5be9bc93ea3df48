// A log to fetch from: record batches that grow as they are read, with transactions, holes and compaction.
#pragma once

#include <deque>
#include <vector>

#include "base/chance.h"
#include "interop/generate/theme.h"
#include "model/log/log_batch.h"

namespace sharelock::interop {

class LogScript {
 public:
  /// @param begin  The first offset of the log.
  LogScript(const Theme& theme, Offset begin, const Chance& chance) : theme_{&theme}, chance_{chance}, next_{begin} {}

  /// The batches that a fetch from `offset` returns: at most `count` of them, those that end at or after it.
  std::vector<LogBatch> fetch(Offset offset, std::size_t count);
  /// The aborted transactions that overlap these batches, by first offset.
  std::vector<AbortedTransaction> aborted_in(const std::vector<LogBatch>& batches) const;
  /// The log cleaner: some batches of [first, last] vanish, some markers lose their record.
  void compact(Offset first, Offset last);

 private:
  struct Transaction {
    std::int64_t producer;
    Offset first;
    Offset last;  ///< The marker.
  };

  void grow();
  LogBatch marker(std::int64_t producer);

  const Theme* theme_;
  Chance chance_;
  Offset next_;
  std::deque<LogBatch> batches_;
  std::vector<Transaction> open_;
  std::vector<Transaction> aborted_;
};

}  // namespace sharelock::interop
