// Record batches as a share partition sees them: spans of offsets, transactions, control markers.
#pragma once

#include <cstdint>
#include <vector>

#include "model/strong.h"

namespace sharelock {

enum class ControlType : std::uint8_t {
  none,    ///< A batch of data.
  abort,   ///< The marker that ends a transaction in abort.
  commit,  ///< The marker that ends a transaction in commit.
  empty    ///< What the log cleaner leaves of a marker: no record, neither abort nor commit.
};

/// A record batch as stored in the log. Its span may contain offsets that compaction removed.
struct LogBatch {
  Offset base = 0;
  Offset last = 0;                ///< Inclusive; at least `base`.
  std::int64_t producer_id = -1;  ///< -1: no idempotent or transactional producer.
  bool transactional = false;
  ControlType control = ControlType::none;

  friend bool operator==(const LogBatch&, const LogBatch&) = default;
};

/// An entry of the aborted-transaction list that a read_committed fetch carries.
struct AbortedTransaction {
  Offset first_offset = 0;
  std::int64_t producer_id = 0;

  friend bool operator==(const AbortedTransaction&, const AbortedTransaction&) = default;
};

}  // namespace sharelock
