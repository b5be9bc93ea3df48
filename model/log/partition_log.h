// The log of one partition as share groups see it: record batches, transactions, compaction, a start that moves.
//
// Owns:             which offsets hold a record that a consumer may see; high watermark and last stable offset.
// Knows nothing of: time, replicas, segments, who reads.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <limits>
#include <span>
#include <vector>

#include "model/interval_set.h"
#include "model/log/log_batch.h"
#include "model/partition/requests.h"

namespace sharelock {

/// What a read of the log returned. The batches are a view into the log, valid until it changes.
struct LogRead {
  KafkaError error = KafkaError::none;  ///< OFFSET_OUT_OF_RANGE: below the log start or beyond the end.
  std::span<const LogBatch> batches{};
  std::vector<AbortedTransaction> aborted;  ///< Under read_committed only, by first offset.
};

class PartitionLog {
 public:
  Offset start() const { return start_; }
  /// The offset that the next record gets.
  Offset end() const { return end_; }
  /// Reads see nothing at or beyond it.
  Offset high_watermark() const { return high_watermark_; }
  /// The high watermark, or the first offset of the earliest transaction that is still open below it.
  Offset last_stable_offset() const;
  /// Where a reader of that isolation stops (SP-160).
  Offset readable_end(Isolation isolation) const {
    return isolation == Isolation::read_committed ? last_stable_offset() : high_watermark_;
  }

  /// Appends a batch of `count` > 0 records and replicates it at once. Returns its first offset.
  Offset append(std::int32_t count);
  /// The same within the open transaction of `producer`, which begins if there is none.
  Offset append_transactional(std::int32_t count, std::int64_t producer);
  /// Writes the marker. False, and nothing changed, if `producer` has no open transaction.
  bool end_transaction(std::int64_t producer, ControlType marker);
  /// From now on the high watermark stays until `replicate`: the followers are slow.
  void hold_replication() { held_ = true; }
  void replicate() {
    held_ = false;
    high_watermark_ = end_;
  }
  /// Removes single records. A batch that lost all of its records disappears, the last batch of the log excepted;
  /// markers stay.
  void compact(Offset first, Offset last);
  /// Retention or DeleteRecords: everything below `start` is gone. Never backwards, never beyond the high watermark.
  void move_start(Offset start);

  /// Reads whole batches from the one that holds `from` on, until their offsets number `offsets_max`; at least one.
  /// Whoever is late sees nothing at or beyond `until`.
  LogRead read(Offset from, Isolation isolation, std::int64_t offsets_max,
               Offset until = std::numeric_limits<Offset>::max()) const;

  /// Whether an application of that isolation can ever be given this offset, as far as is known now: it holds a record
  /// of data that was not compacted away, is at or above the start, below the end, and not aborted.
  bool is_visible(Offset offset, Isolation isolation) const;
  bool is_compacted(Offset offset) const { return compacted_.contains(offset); }
  bool has_open_transaction(std::int64_t producer) const {
    return std::ranges::any_of(open_, [&](const OpenTransaction& open) { return open.producer == producer; });
  }
  /// Whether what is appended is replicated at once.
  bool is_replicating() const { return !held_; }
  /// The first visible offset of [from, last]; one past `last` if there is none.
  Offset first_visible(Offset from, Offset last, Isolation isolation) const;
  /// The first offset of [from, last] that is not visible; one past `last` if all are.
  Offset first_invisible(Offset from, Offset last, Isolation isolation) const;

  /// The least offset that the log has to be coded from if nothing below `lowest` is ever looked at: batches are whole.
  Offset base_for(Offset lowest) const;
  /// What of the log lies at or above the base of the coder, as a world codes it (coding.h).
  template <class Coder, class Self>
  static void code(Self& self, Coder& coder);

  friend bool operator==(const PartitionLog&, const PartitionLog&) = default;

 private:
  struct OpenTransaction {
    std::int64_t producer;
    Offset first;
    friend bool operator==(const OpenTransaction&, const OpenTransaction&) = default;
  };
  struct Aborted {
    Offset first;
    Offset marker;
    std::int64_t producer;
    friend bool operator==(const Aborted&, const Aborted&) = default;
  };

  using Batches = boost::container::small_vector<LogBatch, 8>;

  Offset append(LogBatch batch, std::int32_t count);
  std::span<const LogBatch> batches() const { return std::span{batches_}.subspan(batches_dropped_); }
  std::span<const LogBatch>::iterator first_ending_at_or_after(Offset offset) const;
  bool is_aborted(const LogBatch& batch) const;
  void drop_batches_below_start();

  Offset start_ = 0;
  Offset end_ = 0;
  Offset high_watermark_ = 0;
  bool held_ = false;
  Batches batches_;                  ///< In order.
  std::size_t batches_dropped_ = 0;  ///< So many of them, from the front, are below the start; erased in bulk.
  IntervalSet compacted_;            ///< Offsets whose record compaction removed.
  boost::container::small_vector<OpenTransaction, 1> open_;  ///< By first offset.
  boost::container::small_vector<Aborted, 1> aborted_;       ///< By marker.
};

}  // namespace sharelock
