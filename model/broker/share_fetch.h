// A share fetch request, and what it becomes when it cannot be answered at once: a delayed share fetch (SP-160 to
// SP-172).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/broker/log_read.h"
#include "model/broker/watch_lists.h"

namespace sharelock {

/// An object in or once in the cache of share partitions: later objects of the same key are others.
using SharePartitionId = Strong<struct SharePartitionIdTag, std::uint32_t>;

/// What a request asks for, after its head was accepted (SP-187).
struct ShareFetchParameters {
  GroupId group{};
  MemberId member{};
  std::int32_t epoch = 0;  ///< Of the session, for the rotation (SP-161).
  std::int64_t wait_max_ms = 500;
  std::int32_t bytes_min = 1;
  std::int32_t bytes_max = 52'428'800;
  std::int32_t records_max = 500;
  std::int32_t batch_size = 500;
  AcquireMode mode = AcquireMode::batch_optimized;
  Isolation isolation = Isolation::read_uncommitted;

  friend bool operator==(const ShareFetchParameters&, const ShareFetchParameters&) = default;
};

/// The answer of one partition.
struct FetchAnswerPart {
  TopicIdPartition what{};
  KafkaError error = KafkaError::none;
  AcquiredRanges acquired{};
  std::vector<LogBatch> records{};
  std::int32_t bytes = 0;  ///< Of the records.
  bool failed = false;     ///< It shares the error of the whole request.
};

/// A share partition whose fetch lock a fetch took, and the offset that it is to be read from.
struct HeldPartition {
  TopicIdPartition what{};
  SharePartitionId object;
  Offset offset = 0;

  friend bool operator==(const HeldPartition&, const HeldPartition&) = default;
};

/// What was read, by partition, in the order of reading.
using LogReads = std::vector<std::pair<TopicIdPartition, LogReadResult>>;

/// An asynchronous read for the decision whether to complete (V-7).
struct PendingLogRead {
  LogReadId id;
  std::vector<TopicIdPartition> parts{};
  std::optional<LogReadAnswer> answer{};  ///< None: it is under way.
  bool met_by_check = false;              ///< A check came meanwhile, and did not try the fetch.

  friend bool operator==(const PendingLogRead&, const PendingLogRead&) = default;
};

/// A remote read of a fetch.
struct RemoteFetch {
  RemoteReadId id;
  TopicIdPartition what{};
  RemoteReadInfo info;
  std::optional<RemoteReadAnswer> answer{};

  friend bool operator==(const RemoteFetch&, const RemoteFetch&) = default;
};

struct ShareFetch {
  FetchId id{};
  ShareFetchParameters parameters;
  std::vector<TopicIdPartition> partitions{};  ///< In the order in which they are served (SP-161).
  std::vector<std::pair<TopicIdPartition, KafkaError>> erroneous{};
  bool answered = false;

  // The delayed fetch.
  std::vector<std::pair<TopicIdPartition, SharePartitionId>> shares{};  ///< Those that have an object.
  std::vector<WatchKey> keys{};
  bool queued = false;     ///< It is in the purgatory, or was.
  bool completed = false;  ///< It is out of the purgatory; its answer may still wait for a read.
  bool timer_runs = false;
  std::int32_t tried = 0;             ///< How many attempts at it are under way, one inside the other.
  std::vector<HeldPartition> held{};  ///< What it is to be completed with, as it believes.
  std::uint32_t held_list = 0;        ///< Counts the lists that were in that place.
  /// Former lists, while an attempt that began with one of them may be under way (D-20).
  std::map<std::uint32_t, std::vector<HeldPartition>> former_held{};
  LogReads already_read{};
  std::optional<PendingLogRead> pending_read{};
  std::vector<RemoteFetch> remote{};          ///< Not empty: remote reads were scheduled.
  bool remote_limit_runs = false;             ///< It timed out and waits for its remote reads.
  bool remote_is_late = false;                ///< Their time is over, too.
  KafkaError read_failed = KafkaError::none;  ///< Its asynchronous read.
  KafkaError remote_refused = KafkaError::none;

  /// Puts another list in the place of what is held. To clear `held` is something else: whoever began with that list
  /// finds it empty.
  void hold(std::vector<HeldPartition> list);
  /// What has become of a list that was in that place.
  const std::vector<HeldPartition>& held_of(std::uint32_t list) const;
  /// The error of a partition replaces an earlier one.
  void add_erroneous(TopicIdPartition what, KafkaError error);
  bool is_erroneous(TopicIdPartition what) const;
  /// Whether it waits for remote reads that are all answered.
  bool remote_is_done() const;
};

}  // namespace sharelock
