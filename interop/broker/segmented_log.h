// The log of one partition as a broker keeps it: segments of files, a remote part, a high watermark. What the oracle
// reads from, and the model's fetch path beside it.
//
// Knows nothing of: roles, errors that a script wants, the protocol.
#pragma once

#include <cstdint>
#include <vector>

#include "interop/protocol/request_parts.h"
#include "model/broker/log_read.h"

namespace sharelock::interop {

class SegmentedLog {
 public:
  struct Aborted {
    Offset first;
    Offset last;
    std::int64_t producer_id;
  };

  explicit SegmentedLog(Offset base)
      : start{base}, local_start{base}, last_stable{base}, high_watermark{base}, end_{base}, segments_{{base, {}, 0}} {}

  Offset start;
  Offset local_start;  ///< Below it, data is remote.
  Offset last_stable;
  Offset high_watermark;
  std::vector<Aborted> aborted;

  Offset end() const { return end_; }
  bool can_roll() const { return !segments_.back().batches.empty(); }
  void roll() { segments_.push_back({end_, {}, 0}); }
  void append(const SizedLogBatch& batch);
  void truncate(Offset to);

  /// Where the batch with this offset begins; the end of the log for its end offset.
  LogPosition position(Offset offset) const;
  /// What a local or remote read of `bytes_max` returns: a batch at the end may be cut.
  LogReadResult read(Offset offset, std::int32_t bytes_max, bool at_least_one_batch, Isolation isolation) const;

 private:
  struct Stored {
    LogBatch batch;
    std::int32_t bytes;
    std::int32_t position;
  };
  struct Segment {
    Offset base;
    std::vector<Stored> batches;
    std::int32_t size;

    std::vector<Stored>::const_iterator find(Offset offset) const;
  };

  std::size_t floor(Offset offset) const;
  std::vector<AbortedTransaction> aborted_between(Offset first, Offset end) const;

  Offset end_;
  std::vector<Segment> segments_;
};

}  // namespace sharelock::interop
