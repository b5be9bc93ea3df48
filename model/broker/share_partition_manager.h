// The share fetch path of a broker: kafka.server.share.SharePartitionManager and DelayedShareFetch as one value
// (section 8 of the specification).
//
// Owns:             the cache of share partitions, the share sessions, the fetches that wait and their watch lists, the
//                   action queue, what is asked of share partitions on behalf of members.
// Knows nothing of: clocks, timers, chance, logs, stores, threads. Reads and timers are asked for in an Outbox.
// Therefore:        what a thread of the broker has to do is a value too, and `run` carries it on to the next read of
//                   the log. Calls that take a thread only put down what it has to do.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "model/broker/broker_outbox.h"
#include "model/broker/broker_surroundings.h"
#include "model/broker/broker_thread.h"
#include "model/broker/share_partition_cache.h"
#include "model/broker/share_session_cache.h"

namespace sharelock {

/// What a member acknowledges of one partition.
struct PartitionAcknowledgement {
  struct Batch {
    Offset first = 0;
    Offset last = 0;
    std::vector<AcknowledgeType> types{};
  };

  TopicIdPartition what{};
  std::vector<Batch> batches{};
};

class SharePartitionManager {
 public:
  /// @param sessions_max  group.share.max.share.sessions
  explicit SharePartitionManager(std::size_t sessions_max) : sessions_{sessions_max} {}

  // --- Threads

  /// Carries a thread on until it has nothing to do, or needs the log: then the read that it waits for.
  std::optional<LogReadRequest> run(BrokerThread& thread, const BrokerSurroundings& around, BrokerOutbox& out);
  /// The answer to the read that the thread waits for.
  static void log_was_read(BrokerThread& thread, LogReadAnswer answer) { thread.read_answer = std::move(answer); }
  /// The read that the thread waits for goes on without it (V-7).
  static void log_read_goes_on(BrokerThread& thread, LogReadId id) { thread.read_pending = id; }
  /// A read that went on has ended.
  void log_read_ended(BrokerThread& thread, LogReadId id, LogReadAnswer answer, const BrokerSurroundings& around);

  // --- Members (SP-160 to SP-190)

  /// A fetch whose head was accepted. `fetch` is unique and not 0.
  void fetch(BrokerThread& thread, FetchId fetch, const ShareFetchParameters& parameters,
             std::span<const TopicIdPartition> partitions);
  /// SP-71, behind the checks of the request handler. `request` is unique among acknowledges and releases.
  void acknowledge(BrokerThread& thread, RequestId request, GroupId group, MemberId member,
                   std::vector<PartitionAcknowledgement> acknowledgements);
  /// The session of a member is closed by its last request; SHARE_SESSION_NOT_FOUND if there is none.
  KafkaError release_session(BrokerThread& thread, RequestId request, GroupId group, MemberId member);
  /// The head of a ShareFetch (SP-181).
  ShareFetchBegun new_context(BrokerThread& thread, const ShareFetchHead& head, const BrokerSurroundings& around);
  /// A connection ended (SP-189).
  void disconnected(BrokerThread& thread, ConnectionId connection, const BrokerSurroundings& around);
  /// The share feature was switched off: no sessions, no share partitions (SP-150).
  void feature_disabled(BrokerThread& thread, const BrokerSurroundings& around);

  // --- Events of the broker

  /// The fetches watched under the key are checked (SP-165).
  void check(BrokerThread& thread, const WatchKey& key);
  /// The same, from the action queue.
  void check_later(const WatchKey& key) { actions_.push_back({key}); }
  /// Runs what is in the action queue now.
  void run_actions(BrokerThread& thread, BrokerOutbox& out);
  std::size_t actions() const { return actions_.size(); }
  /// As if no log had been read: where fetch offsets are in their logs is known no longer.
  void forget_reads() { cache_.forget_fetch_metadata(); }
  /// The broker no longer leads the partition, or no longer has it (SP-150).
  void partition_lost(BrokerThread& thread, TopicIdPartition what);
  /// The timer of a fetch fired.
  void fetch_timed_out(BrokerThread& thread, FetchId fetch);
  void remote_limit_reached(BrokerThread& thread, FetchId fetch);
  void remote_read_answered(BrokerThread& thread, RemoteReadId id, RemoteReadAnswer answer, BrokerOutbox& out);

  // --- Answers and timers of share partitions

  void read_answered(BrokerThread& thread, SharePartitionId object, HandOverId read, const ReadAnswer& answer,
                     const BrokerSurroundings& around, BrokerOutbox& out);
  void write_answered(BrokerThread& thread, SharePartitionId object, HandOverId write, const WriteAnswer& answer,
                      const BrokerSurroundings& around, BrokerOutbox& out);
  void dead_letter_answered(BrokerThread& thread, SharePartitionId object, HandOverId dead_letter,
                            const BrokerSurroundings& around, BrokerOutbox& out);
  void lock_fired(SharePartitionId object, const AcquisitionLock& lock) { cache_[object].partition.lock_fired(lock); }
  Outcome lock_expiry_handled(BrokerThread& thread, SharePartitionId object, const AcquisitionLock& lock,
                              const BrokerSurroundings& around, BrokerOutbox& out);

  // --- What can be seen

  const SharePartitionCache& cache() const { return cache_; }
  const ShareSessionCache& sessions() const { return sessions_; }
  const WatchLists& watched() const { return watched_; }
  /// Those that are not answered, and those that a thread still tries.
  const std::map<FetchId, ShareFetch>& fetches() const { return fetches_; }
  const ShareFetch* find(FetchId fetch) const;
  /// Whether a thread that waits for nobody has to put a check of this key off.
  bool is_tried(const WatchKey& key) const;

 private:
  /// Who asked a share partition for something that ends later.
  struct Asked {
    std::optional<FetchId> initialised_by{};  ///< None: a part of a request to give back.
    RequestId request{};
    std::size_t part = 0;
    SharePartitionKey key{};
    SharePartitionId object{};
    bool returned = false;  ///< The call is over: its end comes later.
  };
  /// An acknowledge or a release that is not answered.
  struct GivingBack {
    GroupId group{};
    MemberId member{};
    bool release = false;
    bool answered = true;  ///< Somebody waits for the answer.
    bool issued = false;   ///< All partitions were asked.
    std::vector<PartitionAcknowledgement> asked{};
    std::vector<std::optional<KafkaError>> answers{};
  };
  struct Step;

  ShareFetch* fetch_at(FetchId fetch);
  void release_for_nobody(BrokerThread& thread, ShareSessionKey session, std::vector<TopicIdPartition> partitions);
  void forget_if_over(FetchId fetch);

  ShareSessionCache sessions_;
  SharePartitionCache cache_;
  WatchLists watched_;
  std::map<FetchId, ShareFetch> fetches_;
  std::deque<std::vector<WatchKey>> actions_;
  std::map<RequestId, Asked> asked_;
  std::map<RequestId, GivingBack> giving_back_;
  std::map<LogReadId, FetchId> log_reads_;
  std::map<FetchId, task::Complete> parked_;  ///< Completions that wait for a read.
  std::map<RemoteReadId, FetchId> remote_reads_;
  std::uint64_t next_asked_ = 1;
  std::uint64_t next_unanswered_ = std::uint64_t{1} << 63;
  std::uint32_t next_remote_ = 0;
};

}  // namespace sharelock
