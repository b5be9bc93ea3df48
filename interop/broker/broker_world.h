// The model's share fetch path with scripted surroundings: clock, timers, logs, persister, remote storage, dead-letter
// queue and a second thread, as the broker oracle has them (interop/kafka/broker/PROTOCOL.md).
//
// Owns:             what is outstanding, the numbering of everything, the events of the request in progress.
// Knows nothing of: the form of requests and answers, but for the text of events.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "interop/broker/segmented_log.h"
#include "interop/harness/virtual_timer.h"
#include "interop/protocol/name_table.h"
#include "interop/protocol/request.h"
#include "model/broker/share_partition_manager.h"

namespace sharelock::interop {

/// What the broker is to a partition.
enum class PartitionRole : std::uint8_t { leader, follower, offline, moved, deleted };

/// A hosted partition, its log, and the errors that the script wants.
struct HostedLog {
  SegmentedLog log{0};
  PartitionRole role = PartitionRole::leader;
  std::int32_t epoch = 0;
  KafkaError read_error = KafkaError::none;
  KafkaError read_throws = KafkaError::none;
  KafkaError end_error = KafkaError::none;
  KafkaError lookup_error = KafkaError::none;
  KafkaError remote_error = KafkaError::none;
  std::optional<Offset> by_timestamp{};
};

/// Whether something happens by itself or by the script.
enum class Completing : std::uint8_t { manual, automatic };

class BrokerWorld : public BrokerSurroundings {
 public:
  struct Modes {
    Completing reads = Completing::automatic;
    Completing writes = Completing::manual;
    Completing dead_letters = Completing::manual;
    Completing actions = Completing::automatic;
    Completing log_reads = Completing::automatic;
    std::int32_t draw = 0;
  };
  /// A hand-over to the persister or the dead-letter queue.
  struct HandOver {
    enum class Kind : std::uint8_t { read, write, dead_letter };

    std::int64_t id;
    Kind kind;
    SharePartitionId object;
    HandOverId hand_over;
    std::string share;  ///< The key of its share partition.
    std::string text;   ///< Its description, without braces.
  };
  struct LogRead {
    LogReadId id;
    FetchId fetch;
    LogReadAnswer answer;
    bool cancelled = false;
  };
  struct RemoteRead {
    RemoteReadId id;
    TopicIdPartition what;
    RemoteReadInfo info;
  };
  /// A timer of a fetch.
  struct FetchTimer {
    TimeMs due;
    std::uint64_t order;
    FetchId fetch;
    bool remote_limit;
    friend auto operator<=>(const FetchTimer&, const FetchTimer&) = default;
  };
  /// A fetch that is not answered, as the member named its partitions.
  struct FetchRequest {
    GroupId group;
    MemberId member;
    std::vector<TopicIdPartition> partitions;
  };
  /// What the answer of a fetch said that its member holds.
  struct Told {
    SharePartitionKey key;
    MemberId member;
    AcquiredRange range;
  };
  /// A partition that the script named, with its log once it was created.
  struct NamedPartition {
    std::string name;
    std::string topic;
    std::int32_t number;
    std::optional<HostedLog> hosted{};
  };

  BrokerWorld(const Profile& profile, const GroupConfiguration& group, TimeMs now, std::size_t sessions_max,
              std::int64_t remote_max_wait_ms)
      : manager_{sessions_max}, profile_{profile}, group_{group}, now_{now}, remote_max_wait_ms_{remote_max_wait_ms} {}

  // --- BrokerSurroundings
  TimeMs now() const override { return now_; }
  const Profile& profile() const override { return profile_; }
  const GroupConfiguration& configuration(GroupId) const override { return group_; }
  HostedPartition hosted(TopicIdPartition what) const override;
  LogLookups lookups(TopicIdPartition what, std::int32_t leader_epoch) const override;
  LogEnd log_end(TopicIdPartition what, Isolation isolation) const override;
  std::int64_t remote_max_wait_ms() const override { return remote_max_wait_ms_; }
  void order_removals(std::vector<SharePartitionKey>& keys) const override;
  std::int32_t draw(std::int32_t bound) const override { return ((modes.draw % bound) + bound) % bound; }

  // --- Names
  /// Numbers grow with first use, which is the order in which 4.4 enumerates partitions.
  /// @throws BadInput  if it is not `topic-number`
  TopicIdPartition partition(std::string_view name);
  const std::string& name_of(TopicIdPartition what) const { return partitions_[what.topic.value() - 1].name; }
  std::string name_of(const SharePartitionKey& key) const;
  const std::string& name_of(SharePartitionId object) const { return objects_.at(object.value() - 1).name; }
  /// Null if it was not created.
  HostedLog* log(std::string_view name);
  HostedLog* log(TopicIdPartition what);
  /// The broker leads the partition from now on, with an empty log.
  void create(TopicIdPartition what, std::int32_t epoch, Offset base) {
    partitions_[what.topic.value() - 1].hosted = HostedLog{.log = SegmentedLog{base}, .epoch = epoch};
  }
  const std::vector<NamedPartition>& partitions() const { return partitions_; }

  // --- What the script does
  /// Lets a call of the manager run to its end.
  void act(const std::function<void(BrokerThread&, BrokerOutbox&)>& call);
  std::int32_t check(const WatchKey& key);
  void run_actions();
  /// What follows every step: the action queue, then the oldest automatic hand-over, until nothing is left.
  void settle();
  void complete(const HandOver& hand_over, const HandOverOutcome& outcome);
  std::optional<HandOver> take(HandOver::Kind kind, std::int64_t id);
  std::int64_t advance(TimeMs to);
  /// The number of the request, and whether it is answered.
  std::pair<std::int64_t, bool> fetch(const ShareFetchParameters& parameters,
                                      const std::vector<TopicIdPartition>& partitions);
  /// The same for an acknowledge or a release; nothing if the call failed as a whole.
  std::optional<std::pair<std::int64_t, bool>> give_back(const std::function<void(BrokerThread&, RequestId)>& call);
  /// The same for one that is answered with an error as a whole.
  std::pair<std::int64_t, bool> give_back_refused(KafkaError error);
  void fire(const AcquisitionLock& lock);
  void fire(const FetchTimer& timer);
  /// What the other thread had to wait for.
  void resume();

  // --- What can be seen
  SharePartitionManager& manager() { return manager_; }
  const SharePartitionManager& manager() const { return manager_; }
  const std::map<FetchId, FetchRequest>& fetches() const { return fetch_requests_; }
  const std::vector<Told>& told() const { return told_; }
  VirtualTimer& locks() { return lock_timer_; }
  SharePartitionId object_of(const AcquisitionLock& lock) const { return locks_[lock.id.value()].first; }
  bool is_cancelled(SharePartitionId object, LockId lock) const;
  const std::set<FetchTimer>& fetch_timers() const { return fetch_timers_; }
  void remove(const FetchTimer& timer) { fetch_timers_.erase(timer); }

  NameTable groups;
  NameTable members;
  NameTable connections;
  Modes modes;
  GroupConfiguration& group() { return group_; }
  void set_time(TimeMs now) { now_ = now; }
  std::map<std::string, HandOverOutcome, std::less<>> stored;
  std::vector<HandOver> hand_overs;
  std::vector<LogRead> log_reads;
  std::vector<RemoteRead> remote_reads;
  bool tells = true;             ///< What happens is told as events; otherwise only the model works.
  std::string events;            ///< Of the request in progress, joined by commas.
  std::function<void()> during;  ///< What another thread does in the first log read.
  bool concurrent = false;       ///< The other thread is at work.

  std::string& event(std::string_view kind);
  void append_timer(std::string& out, const AcquisitionLock& lock) const;
  static void append_timer(std::string& out, const FetchTimer& timer);

 private:
  struct Object {
    std::string name;
    std::vector<std::uint32_t> locks;  ///< The timer's ids by the share partition's.
  };
  /// An acknowledge or a release that is not answered: its number, once the call returned.
  struct GiveBackRequest {
    std::optional<std::int64_t> number;
    std::optional<broker_effect::RequestAnswered> answer;
    bool called = false;
  };

  void drive(BrokerThread& thread);
  void answer_read(BrokerThread& thread, const LogReadRequest& wanted);
  LogReadResult read_one(const LogReadPart& part, std::int32_t bytes_max, bool at_least_one, Isolation isolation);
  void tell(const BrokerOutbox& out);
  void tell(const broker_effect::SharePartitionCreated& created);
  void tell(const broker_effect::SharePartitionRemoved& removed);
  void tell(const broker_effect::FromSharePartition& effect);
  void tell(const broker_effect::FetchesChecked& checked);
  void tell(const broker_effect::CheckPutOff& put_off);
  void tell(const broker_effect::ActionRuns&);
  void tell(const broker_effect::RandomDrawn& drawn);
  void tell(const broker_effect::EarliestLookedUp& look_up);
  void tell(const broker_effect::FetchTimerStarted& started);
  void tell(const broker_effect::FetchTimerCancelled& cancelled);
  void tell(const broker_effect::RemoteReadIssued& issued);
  void tell(const broker_effect::RemoteReadCancelled& cancelled);
  void tell(const broker_effect::LogReadAbandoned& abandoned);
  void tell(const broker_effect::FetchAnswered& answered);
  void tell(const broker_effect::RequestAnswered& answered);
  void issue(HandOver::Kind kind, SharePartitionId object, HandOverId hand_over, std::string text);
  void start_lock(SharePartitionId object, const AcquisitionLock& lock);
  /// What an event tells of a hand-over.
  std::string description(const broker_effect::FromSharePartition& from) const;
  void tell_id(std::string_view kind, std::int64_t id);
  void tell_name(std::string_view kind, std::string_view field, std::string_view name);
  void tell_look_up(TopicIdPartition what, std::string_view kind);
  void tell_timer(std::string_view kind, const AcquisitionLock& lock);
  void tell_timer(std::string_view kind, const FetchTimer& timer);
  void tell_read(const LogReadRequest& wanted, const LogReadAnswer& answer);
  void tell_log_read(LogReadId id, FetchId fetch);
  void respond(const broker_effect::FetchAnswered& answered, const FetchRequest& request);
  void append_acked(std::int64_t number, const broker_effect::RequestAnswered& answered);
  const HandOver* automatic() const;

  SharePartitionManager manager_;
  Profile profile_;
  GroupConfiguration group_;
  TimeMs now_;
  std::int64_t remote_max_wait_ms_;
  std::vector<NamedPartition> partitions_;
  std::vector<Object> objects_;
  std::map<std::string, std::int32_t, std::less<>> generations_;
  VirtualTimer lock_timer_;
  std::vector<std::pair<SharePartitionId, LockId>> locks_;  ///< By the timer's id.
  std::set<FetchTimer> fetch_timers_;
  std::uint64_t next_fetch_timer_ = 0;
  std::map<FetchId, FetchRequest> fetch_requests_;
  std::map<RequestId, GiveBackRequest> give_backs_;
  std::vector<Told> told_;
  std::optional<FetchId> fetching_;  ///< Its call has not returned: its answer is told afterwards.
  std::optional<broker_effect::FetchAnswered> fetched_;
  std::deque<std::function<void()>> deferred_;
  std::int64_t next_hand_over_ = 0;
  std::int64_t next_request_ = 0;
  std::uint32_t next_log_read_ = 0;
  std::uint64_t next_give_back_ = 0;
};

}  // namespace sharelock::interop
