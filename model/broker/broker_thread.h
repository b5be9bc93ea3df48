// What a thread of the broker has still to do: Kafka's call stack as a value, innermost call last.
//
// A thread stops where Kafka reads the log. Everything between two reads is one step, so whatever other threads do
// happens before or after it (SP-1).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "model/broker/share_fetch.h"
#include "model/partition/outbox.h"

namespace sharelock {

namespace task {

/// The partitions of a request are looked up one by one; then it is answered or queued (SP-162).
struct Prepare {
  FetchId fetch{};
  std::size_t next = 0;
};

/// A delayed fetch enters the purgatory: tried, watched, tried again (SP-162).
struct TryElseWatch {
  enum class Stage : std::uint8_t { try_first, watch, conclude };

  FetchId fetch{};
  Stage stage = Stage::try_first;
};

/// One attempt to complete a delayed fetch (SP-163).
struct Attempt {
  enum class Stage : std::uint8_t { begin, read, sum_bytes };

  FetchId fetch{};
  Stage stage = Stage::begin;
  std::vector<HeldPartition> held{};
  LogReads reads{};
  std::vector<TopicIdPartition> asked{};    ///< In the read that is under way.
  std::vector<std::int32_t> byte_shares{};  ///< Of `held`.
  std::size_t next = 0;                     ///< The partition whose bytes are added next.
  std::int64_t bytes = 0;
  bool read_apart = false;      ///< The read did not end at once: what became of the fetch's own list counts (D-20).
  std::uint32_t held_list = 0;  ///< Which list that is.
  bool met_by_check = false;    ///< During that read (PendingLogRead).
};

/// A delayed fetch that left the purgatory is answered (SP-167).
struct Complete {
  enum class Stage : std::uint8_t { begin, read, process, fail };

  FetchId fetch{};
  Stage stage = Stage::begin;
  std::vector<HeldPartition> held{};  ///< To be given back in the end, in order.
  /// Which list of the fetch's own that is, if it is one: who clears that list clears this (D-20).
  std::optional<std::uint32_t> held_list{};
  std::size_t remote = 0;      ///< So many of them, in front, were to be read remotely.
  bool keeps_objects = false;  ///< The error with which it failed removes no share partition.
  LogReads reads{};
  std::vector<TopicIdPartition> asked{};
  std::size_t next = 0;  ///< The result that is processed next.
  std::int64_t acquired = 0;
  std::vector<FetchAnswerPart> parts{};
  KafkaError failed = KafkaError::none;
};

/// The fetches watched under a key are tried, one after the other.
struct Check {
  WatchKey key{};
  bool begun = false;
  WatchLists::Place tried{};
  std::optional<WatchLists::Entry> next{};
  std::int32_t completed = 0;
};

struct CheckKeys {
  std::vector<WatchKey> keys{};
  std::size_t next = 0;
};

/// The rest of what a call of a share partition did.
struct Interpret {
  SharePartitionId object;
  std::vector<Effect> effects{};
  std::vector<StateBatch> batches{};
  std::size_t next = 0;
};

/// Objects are removed from the cache, one after the other (SP-150).
struct RemoveObjects {
  std::vector<SharePartitionKey> keys{};
  std::size_t next = 0;
};

struct AddErroneous {
  FetchId fetch{};
  TopicIdPartition what{};
  KafkaError error;
};

/// An acknowledge or a release, partition by partition.
struct GiveBack {
  RequestId request{};
  std::size_t next = 0;
};

/// The answer of one of its partitions.
struct GaveBack {
  RequestId request{};
  std::size_t part;
  KafkaError error;
};

}  // namespace task

using BrokerTask =
    std::variant<task::Prepare, task::TryElseWatch, task::Attempt, task::Complete, task::Check, task::CheckKeys,
                 task::Interpret, task::RemoveObjects, task::AddErroneous, task::GiveBack, task::GaveBack>;

struct BrokerThread {
  std::vector<BrokerTask> tasks{};
  /// It does not wait for a fetch that another thread tries: the check is put off.
  bool waits_for_nobody = false;

  bool is_idle() const { return tasks.empty(); }

  // What the last inner call came to.
  bool completed_fetch = false;         ///< An attempt: it completed the fetch.
  std::int32_t completed_by_check = 0;  ///< A check: so many fetches.

  // What the log read that the innermost call waits for came to: one of both.
  std::optional<LogReadAnswer> read_answer{};
  std::optional<LogReadId> read_pending{};
};

}  // namespace sharelock
