// One partition of the state topic: its retained records, how far they are replicated, and the shard that leads it.
//
// Owns:             append and replay as one step, when an answer may be released, going back after a failed append,
//                   loading, pruning.
// Knows nothing of: the rules that decide what is written; when replication makes progress; other partitions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/store/share_coordinator_shard.h"

namespace sharelock {

class StatePartition {
 public:
  /// Whether records are kept. Without them nothing can be loaded, reverted or lost: a store that cannot fail.
  enum class Log : std::uint8_t { none, retained };

  explicit StatePartition(Log log = Log::retained) : log_{log} {}

  /// The answer to one entry, and when it may be given.
  struct Answer {
    StateResult result;
    Offset released_at;  ///< Once the high watermark is here (RT-3; RT-4 for an operation without records).
  };

  bool is_loaded() const { return shard_.has_value(); }
  /// Precondition: loaded.
  const ShareCoordinatorShard& shard() const { return *shard_; }
  Offset log_start() const { return log_start_; }
  Offset log_end() const { return log_end_; }
  Offset high_watermark() const { return high_watermark_; }
  /// A retained record. Precondition: the log is retained, log_start <= offset < log_end.
  const StateRecord& record(Offset offset) const { return records_[static_cast<std::size_t>(offset - log_start_)]; }

  /// Runs one entry as a write operation (RT-2). Precondition: loaded.
  Answer execute(const SharePartitionKey& key, const StateEntry& entry, const ShardSurroundings& around);
  /// Appends and replays the records of one operation. Precondition: loaded.
  void append(std::vector<StateRecord> records);

  /// The log is replicated up to here; nothing before it can be reverted any more. Lower values change nothing.
  void commit(Offset high_watermark);
  /// The log ends that can be gone back to, ascending; the last one is the present end. Precondition: loaded, retained.
  std::span<const Offset> boundaries() const { return boundaries_; }
  /// The append of what lies behind `boundary` failed: state and log go back (RT-7).
  void revert(Offset boundary);

  /// An election: a fresh shard replays what is retained (RT-10).
  void load(const ShareCoordinatorConfiguration& configuration);
  /// A resignation. What was appended stays in the log.
  void unload();
  /// The tail that was not replicated did not survive a change of leaders. Precondition: not loaded, at or above the
  /// high watermark.
  void truncate(Offset end);
  /// Deletes the records below an offset that all replicas hold.
  void prune(Offset to);

  friend bool operator==(const StatePartition&, const StatePartition&) = default;

 private:
  struct Undo {
    Offset offset;
    ShareCoordinatorShard::Before before;

    friend bool operator==(const Undo&, const Undo&) = default;
  };
  void append_one(StateRecord record);
  void end_operation();

  Log log_;
  Offset log_start_ = 0;
  Offset log_end_ = 0;
  Offset high_watermark_ = 0;
  std::vector<StateRecord> records_;
  std::optional<ShareCoordinatorShard> shard_;
  std::vector<Offset> boundaries_;  ///< At or above high watermark and log start.
  std::vector<Undo> undo_;          ///< Of the records behind the first boundary.
};

}  // namespace sharelock
