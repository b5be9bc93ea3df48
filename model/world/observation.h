// What a step did, in Kafka's words. Drivers hand observations to claims, statistics and reports.
//
// They are emitted where an effect happens (the lock in the timer, the write in the store, the response at the client),
// not by the rule that is judged.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "model/log/log_batch.h"
#include "model/overloaded.h"
#include "model/partition/outbox.h"
#include "model/partition/requests.h"
#include "model/world/broker.h"
#include "model/world/step.h"

namespace sharelock {

/// A share partition object of a group: numbered from 1 in order of creation.
using InstanceNumber = Strong<struct InstanceNumberTag, std::uint32_t>;

namespace seen {

// --- At the leader

struct InstanceCreated {
  GroupId group;
  InstanceNumber instance;
};
/// The state was read: the share partition is active, or failed.
struct InstanceLoaded {
  GroupId group;
  InstanceNumber instance;
  KafkaError error;
};
struct InstanceDropped {
  GroupId group;
  InstanceNumber instance;
};
struct SessionOpened {
  GroupId group;
  MemberId member;
  BrokerId broker;
};
/// The records of the member are given back (`released`), unless the whole broker is gone.
struct SessionClosed {
  GroupId group;
  MemberId member;
  bool released;
};
/// A fetch acquired a run of records, as it is reported to the member.
struct Acquired {
  GroupId group;
  InstanceNumber instance;
  MemberId member;
  Offset first;
  Offset last;
  std::int32_t delivery_count;
};
/// An acknowledgement reached a share partition, which took it (`error` none so far) or refused it.
struct AcknowledgementTaken {
  GroupId group;
  InstanceNumber instance;
  MemberId member;
  Offset first;
  Offset last;
  AcknowledgeType type;
  KafkaError error;
};
struct LockArmed {
  GroupId group;
  InstanceNumber instance;
  AcquisitionLock lock;
};
struct LockFired {
  GroupId group;
  InstanceNumber instance;
  AcquisitionLock lock;
};
struct LockHandled {
  GroupId group;
  InstanceNumber instance;
  AcquisitionLock lock;
};
struct LockCancelled {
  GroupId group;
  InstanceNumber instance;
  AcquisitionLock lock;
};
struct StartOffsetMoved {
  GroupId group;
  InstanceNumber instance;
  Offset from;
  Offset to;
};
/// A rule changed, or may have changed, the states of a range: claims look at it.
struct RangeTouched {
  GroupId group;
  InstanceNumber instance;
  Offset first;
  Offset last;
};
/// The states of a range are part of a write that is asked of the store.
struct StatesWritten {
  GroupId group;
  InstanceNumber instance;
  Offset first;
  Offset last;
};
/// The same when the write was answered.
struct StatesAnswered {
  GroupId group;
  InstanceNumber instance;
  Offset first;
  Offset last;
  StoreCause cause;
  KafkaError error;
  StateBatch written;  ///< What was asked to be written.
};
/// A call ended in an internal error half-way.
struct CallAborted {
  GroupId group;
  InstanceNumber instance;
  StepKind during;
};
/// A fetch could not be satisfied and waits.
struct FetchWaits {
  GroupId group;
  MemberId member;
  std::uint32_t connection;  ///< Running number, for the step's hint.
};
/// A waiting fetch is to be tried again.
struct FetchWoken {
  GroupId group;
  MemberId member;
  std::uint32_t connection;  ///< Running number, for the step's hint.
};
/// A fetch attempt took the fetch lock and waits for a log read.
struct LogReadAsked {
  GroupId group;
  InstanceNumber instance;
  MemberId member;
  std::uint32_t connection;  ///< Running number, for the step's hint.
  Offset from;
};
/// A fetch gave the fetch lock back, as it believes.
struct FetchUnlocked {
  GroupId group;
  InstanceNumber instance;
  MemberId member;
  bool held;  ///< It had it.
};
/// The leader has answered the member's request.
struct RequestAnswered {
  GroupId group;
  MemberId member;
};

// --- At the store

struct StoreAsked {
  GroupId group;
  InstanceNumber instance;
  std::uint32_t request;  ///< Running id, for the step's hint.
  StoreCause cause;
  MemberId member;
  Offset first;
  Offset last;
  Offset start_offset;  ///< Of a write; -1 for a read.
};
struct StoreApplied {
  GroupId group;
  InstanceNumber instance;
  std::uint32_t request;
  StoreCause cause;
  KafkaError error;           ///< What the store thinks of it.
  bool repeated;              ///< A second copy; nobody waits for its answer.
  std::int32_t leader_epoch;  ///< Of the request, and so is
  std::int32_t state_epoch;   ///< this; -1 in a read.
  bool newer = false;         ///< An initialise with an epoch above the stored one: a new state epoch begins.
};
/// The store was loaded from its log, and knows of no leader epoch above this one any more.
struct StoreReloaded {
  GroupId group;
  std::int32_t leader_epoch;
};
struct StoreAnswered {
  GroupId group;
  InstanceNumber instance;
  std::uint32_t request;
  StoreCause cause;
  KafkaError error;
  bool applied;
  Offset first;
  Offset last;
};
struct DeadLetterAsked {
  GroupId group;
  InstanceNumber instance;
  std::uint32_t request;
  Offset first;
  Offset last;
  DeadLetterCause cause;
};
struct DeadLetterAnswered {
  GroupId group;
  InstanceNumber instance;
  Offset first;
  Offset last;
};

// --- At the member

struct RequestSent {
  GroupId group;
  MemberId member;
  bool fetches;
};
/// The application was given records. `delivery_count` is what the response said.
struct Delivered {
  GroupId group;
  MemberId member;
  Offset first;
  Offset last;
  std::int32_t delivery_count;
};
struct AcknowledgementGiven {
  GroupId group;
  MemberId member;
  Offset first;
  Offset last;
  AcknowledgeType type;
};
/// The response with the outcome of an acknowledgement reached the member.
struct AcknowledgementConfirmed {
  GroupId group;
  MemberId member;
  Offset first;
  Offset last;
  AcknowledgeType type;
  bool present = true;  ///< Of the state epoch that is stored now, and not of an earlier one.
};
/// The member knows that an acknowledgement failed, or that it will never know.
struct AcknowledgementFailed {
  GroupId group;
  MemberId member;
  Offset first;
  Offset last;
  AcknowledgeType type;
  KafkaError error;
};
/// A response was read. `records` were delivered by it.
struct ResponseRead {
  GroupId group;
  MemberId member;
  KafkaError error;
  std::int64_t records;
};
struct MemberCrashed {
  GroupId group;
  MemberId member;
};
struct MemberDisconnected {
  GroupId group;
  MemberId member;
  std::uint32_t connection;  ///< Running number, for the step's hint.
};
struct MemberStarted {
  GroupId group;
  MemberId member;
};

// --- In the log

struct Appended {
  Offset first;
  Offset last;
};
struct TransactionEnded {
  MemberId producer;
  ControlType marker;
};
struct Compacted {
  Offset first;
  Offset last;
};
struct LogStartMoved {
  Offset to;
};
struct LeaderMoved {
  std::int32_t leader_epoch;
};
/// A broker knows now whether it leads.
struct BrokerLearned {
  BrokerRole broker;
  bool leads;
};
/// A member's client knows now which broker leads.
struct MemberLearned {
  GroupId group;
  MemberId member;
};

struct ConfigurationChanged {
  GroupId group;
};

// --- At the group coordinator

/// A heartbeat was answered.
struct HeartbeatAnswered {
  GroupId group;
  MemberId member;
  KafkaError error;
  std::int32_t epoch;
  bool joins;           ///< It was the first of a membership.
  bool newly_assigned;  ///< The member has the partition now, and had not before.
};
struct MemberLeft {
  GroupId group;
  MemberId member;
  bool expired;
};
struct GroupCoordinatorMoved {};
/// Partitions are recorded as being initialised: if no outcome is recorded, they are overdue at that time.
struct InitialisationRecorded {
  GroupId group;
  TimeMs overdue_at;
};
/// An alteration of offsets was accepted: an initialise request is on its way. Whoever asked waits.
struct AlterationBegun {
  GroupId group;
  std::int32_t state_epoch;
  Offset start;
};
/// Whoever asked for it was told how it ended.
struct AlterationAnswered {
  GroupId group;
  KafkaError error;
  std::int32_t state_epoch;
  Offset start;
};
struct PartitionCreated {};

}  // namespace seen

using Observation =
    std::variant<seen::InstanceCreated, seen::InstanceLoaded, seen::InstanceDropped, seen::SessionOpened,
                 seen::SessionClosed, seen::Acquired, seen::AcknowledgementTaken, seen::LockArmed, seen::LockFired,
                 seen::LockHandled, seen::LockCancelled, seen::StartOffsetMoved, seen::RangeTouched,
                 seen::StatesWritten, seen::StatesAnswered, seen::CallAborted, seen::FetchWaits, seen::FetchWoken,
                 seen::RequestAnswered, seen::StoreAsked, seen::StoreApplied, seen::StoreReloaded, seen::StoreAnswered,
                 seen::DeadLetterAsked, seen::DeadLetterAnswered, seen::RequestSent, seen::Delivered,
                 seen::AcknowledgementGiven, seen::AcknowledgementConfirmed, seen::AcknowledgementFailed,
                 seen::ResponseRead, seen::MemberCrashed, seen::MemberDisconnected, seen::MemberStarted, seen::Appended,
                 seen::TransactionEnded, seen::Compacted, seen::LogStartMoved, seen::LeaderMoved, seen::BrokerLearned,
                 seen::MemberLearned, seen::ConfigurationChanged, seen::LogReadAsked, seen::FetchUnlocked,
                 seen::HeartbeatAnswered, seen::MemberLeft, seen::GroupCoordinatorMoved, seen::InitialisationRecorded,
                 seen::AlterationBegun, seen::AlterationAnswered, seen::PartitionCreated>;

using Observations = std::vector<Observation>;

}  // namespace sharelock
