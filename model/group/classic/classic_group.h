// One classic consumer group in the group coordinator: who is a member, in which generation, with which assignment, and
// which offsets were committed (Kafka's ClassicGroup).
//
// Owns:             members, the state of the rebalance, the answers that members wait for.
// Knows nothing of: time (it says which timers are to run), how partitions are assigned (the leader among the members
//                   does it: range_assignor.h, cooperative_sticky_assignor.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "model/group/classic/classic_member.h"
#include "model/protocol/kafka_error.h"

namespace sharelock {

struct ClassicGroupConfiguration {
  std::size_t members_max = 2'147'483'647;  ///< group.max.size
  TimeMs initial_rebalance_delay = 3'000;   ///< group.initial.rebalance.delay.ms
  TimeMs session_timeout_min = 6'000;       ///< group.min.session.timeout.ms
  TimeMs session_timeout_max = 1'800'000;   ///< group.max.session.timeout.ms

  friend bool operator==(const ClassicGroupConfiguration&, const ClassicGroupConfiguration&) = default;
};

/// How long a member that is new may wait for its first generation, in ms.
inline constexpr TimeMs new_member_join_timeout_ms = 300'000;

enum class ClassicGroupState : std::uint8_t { empty, preparing_rebalance, completing_rebalance, stable };

struct ClassicJoin {
  ClassicRequestId request;
  ClassicIdentity who;
  MemberId proposed;           ///< The id of a new one; unique.
  bool needs_id_first = true;  ///< A new dynamic member hears its id and asks again with it (JoinGroup 4 and later).
  bool can_skip = true;        ///< A leader that took its own place hears that it need not assign (JoinGroup 9).
  TimeMs session_timeout = 45'000;
  TimeMs rebalance_timeout = 300'000;
  std::vector<ClassicProtocol> protocols;  ///< Not empty.
};

struct ClassicJoinAnswer {
  KafkaError error = KafkaError::none;
  MemberId member{};
  std::int32_t generation = no_generation;
  ClassicAssignor assignor = ClassicAssignor::range;
  MemberId leader{};
  bool skips_assignment = false;                                    ///< Nothing moves: the leader syncs without one.
  std::vector<std::pair<MemberId, ClassicSubscription>> members{};  ///< The leader's answer only.

  friend bool operator==(const ClassicJoinAnswer&, const ClassicJoinAnswer&) = default;
};

struct ClassicSync {
  ClassicRequestId request;
  ClassicIdentity who;
  std::int32_t generation = no_generation;
  ClassicAssignor assignor = ClassicAssignor::range;
  std::map<MemberId, NamedPartitions> assignments;  ///< Only the leader's count.
};

struct ClassicSyncAnswer {
  KafkaError error = KafkaError::none;
  NamedPartitions assignment;

  friend bool operator==(const ClassicSyncAnswer&, const ClassicSyncAnswer&) = default;
};

/// A partition whose offset is committed.
using CommittedOffsets = std::map<std::pair<TopicName, std::int32_t>, Offset>;

struct ClassicCommit {
  ClassicIdentity who;  ///< Nobody, with no generation: whoever is in no group.
  std::int32_t generation = no_generation;
  CommittedOffsets offsets;
};

/// What a new coordinator finds in the log: the last generation that was complete.
struct ClassicGroupRecord {
  std::int32_t generation = 0;
  std::optional<ClassicAssignor> assignor;
  MemberId leader;
  std::map<MemberId, ClassicMember> members;  ///< Nobody of them waits for anything.

  friend bool operator==(const ClassicGroupRecord&, const ClassicGroupRecord&) = default;
};

namespace classic_effect {

struct JoinAnswered {
  ClassicRequestId request;
  ClassicJoinAnswer answer;
};
struct SyncAnswered {
  ClassicRequestId request;
  ClassicSyncAnswer answer;
};
/// To be written to the log. Whether that succeeds is told to `group_written`, in order.
struct GroupWritten {
  ClassicGroupRecord record;
};
struct GroupDeleted {};
struct OffsetsWritten {
  CommittedOffsets offsets;
};
/// Call `session_expired` after this time, unless it is armed again or cancelled before.
struct SessionArmed {
  MemberId member;
  TimeMs timeout;
};
struct SessionCancelled {
  MemberId member;
};
/// Call `join_expired` or `sync_expired` after this time, unless it is armed again or cancelled before.
struct JoinTimerArmed {
  TimeMs timeout;
};
struct JoinTimerCancelled {};
struct SyncTimerArmed {
  TimeMs timeout;
};
struct SyncTimerCancelled {};

}  // namespace classic_effect

using ClassicEffect =
    std::variant<classic_effect::JoinAnswered, classic_effect::SyncAnswered, classic_effect::GroupWritten,
                 classic_effect::GroupDeleted, classic_effect::OffsetsWritten, classic_effect::SessionArmed,
                 classic_effect::SessionCancelled, classic_effect::JoinTimerArmed, classic_effect::JoinTimerCancelled,
                 classic_effect::SyncTimerArmed, classic_effect::SyncTimerCancelled>;
using ClassicGroupOutbox = std::vector<ClassicEffect>;

template <class Effect>
void tell(ClassicGroupOutbox& out, Effect effect) {
  out.emplace_back(std::move(effect));
}

class ClassicGroup {
 public:
  /// JoinGroup. The answer is an effect, of this call or of a later one; a later join of the same member takes the
  /// place of an earlier one, which is then never answered. Errors: INVALID_SESSION_TIMEOUT, UNKNOWN_MEMBER_ID,
  /// GROUP_MAX_SIZE_REACHED, INCONSISTENT_GROUP_PROTOCOL, MEMBER_ID_REQUIRED, FENCED_INSTANCE_ID (also told to whoever
  /// waits and whose place a static member takes), UNKNOWN_SERVER_ERROR (a new dynamic member names an instance).
  void join(const ClassicJoin& request, const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  /// SyncGroup, answered like a join. Errors: UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, INCONSISTENT_GROUP_PROTOCOL,
  /// REBALANCE_IN_PROGRESS, FENCED_INSTANCE_ID.
  void sync(const ClassicSync& request, ClassicGroupOutbox& out);
  /// The oldest record that is being written was written, or failed to be.
  void group_written(KafkaError error, const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  /// Heartbeat. Errors: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS.
  KafkaError heartbeat(ClassicIdentity who, std::int32_t generation, ClassicGroupOutbox& out);
  /// LeaveGroup, of one member or several. The error of each: UNKNOWN_MEMBER_ID if it is no member, nor about to be
  /// one, FENCED_INSTANCE_ID. (A static member that closes does not leave; somebody else can make it leave.)
  std::vector<KafkaError> leave(const std::vector<ClassicIdentity>& leaving,
                                const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  /// OffsetCommit. Errors: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS,
  /// GROUP_ID_NOT_FOUND (before OffsetCommit 9 it is ILLEGAL_GENERATION).
  KafkaError commit(const ClassicCommit& request, ClassicGroupOutbox& out);
  /// GROUP_ID_NOT_FOUND, NON_EMPTY_GROUP.
  KafkaError delete_group(ClassicGroupOutbox& out);

  void session_expired(MemberId member, const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  void join_expired(ClassicGroupOutbox& out);
  void sync_expired(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);

  /// This coordinator is it no longer: whoever waits hears NOT_COORDINATOR.
  void unload(ClassicGroupOutbox& out);
  /// A new coordinator reads the log: what was under way is lost, and every member gets a full session.
  static ClassicGroup loaded(ClassicGroupRecord record, CommittedOffsets offsets,
                             const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);

  bool exists() const { return exists_; }
  ClassicGroupState state() const { return state_; }
  std::int32_t generation() const { return generation_; }
  MemberId leader() const { return leader_; }
  std::optional<ClassicAssignor> assignor() const { return assignor_; }
  const std::map<MemberId, ClassicMember>& members() const { return members_; }
  /// They heard their id and have not asked again.
  const std::set<MemberId>& pending_joins() const { return pending_joins_; }
  /// They have not synced this generation. Also such that are members no longer.
  const std::set<MemberId>& owing_sync() const { return owes_sync_; }
  const CommittedOffsets& offsets() const { return offsets_; }

  friend bool operator==(const ClassicGroup&, const ClassicGroup&) = default;

 private:
  struct NewGroup {
    ClassicRequestId request;  ///< Whose join made it.

    friend bool operator==(const NewGroup&, const NewGroup&) = default;
  };
  struct Assigning {
    std::int32_t generation;
    std::map<MemberId, NamedPartitions> assignments;

    friend bool operator==(const Assigning&, const Assigning&) = default;
  };
  /// A static member took the place that it had before, under another id.
  struct Replacing {
    ClassicRequestId request;
    MemberId now;
    MemberId before;
    ClassicMember was;
    MemberId leader;  ///< Before.
    bool can_skip;
    bool is_answered = false;

    friend bool operator==(const Replacing&, const Replacing&) = default;
  };
  struct Emptied {
    friend bool operator==(const Emptied&, const Emptied&) = default;
  };
  using Writing = std::variant<NewGroup, Assigning, Replacing, Emptied>;
  /// The first rebalance of an empty group waits for more members (group.initial.rebalance.delay.ms).
  struct InitialWait {
    TimeMs delay;      ///< Of each round.
    TimeMs remaining;  ///< After the round that is under way.

    friend bool operator==(const InitialWait&, const InitialWait&) = default;
  };

  // classic_join.cpp
  KafkaError refusal(const ClassicJoin& request, const ClassicGroupConfiguration& configuration);
  void admit(const ClassicJoin& request, const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  bool has_room_for(MemberId member, std::size_t members_max) const;
  bool supports_one_of(const std::vector<ClassicProtocol>& protocols) const;
  void join_again(ClassicMember& member, const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                  ClassicGroupOutbox& out);
  void add_member(MemberId id, const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                  ClassicGroupOutbox& out);
  ClassicJoinAnswer join_answer(MemberId id) const;
  void answer_join(ClassicRequestId request, ClassicJoinAnswer answer, ClassicGroupOutbox& out);
  void end_join(ClassicMember& member, ClassicJoinAnswer answer, ClassicGroupOutbox& out);
  void new_group_failed(const NewGroup& group, KafkaError error, ClassicGroupOutbox& out);

  // classic_static.cpp
  std::optional<MemberId> static_member(InstanceId instance) const;
  KafkaError stranger(ClassicIdentity who) const;
  void replace(MemberId before, const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
               ClassicGroupOutbox& out);
  void fence(MemberId id, ClassicGroupOutbox& out);
  void rename(MemberId from, MemberId to);
  void replaced(const Replacing& replacing, KafkaError error, ClassicGroupOutbox& out);
  void not_replaced(const Replacing& replacing, KafkaError error, ClassicGroupOutbox& out);

  // classic_rebalance.cpp
  void prepare_or_complete(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  void prepare_rebalance(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out);
  void complete_if_all_joined(ClassicGroupOutbox& out);
  bool all_joined() const;
  void remove_late_members(ClassicGroupOutbox& out);
  bool has_joined_leader();
  void complete_join(ClassicGroupOutbox& out);
  ClassicAssignor elected_assignor() const;
  void answer_syncs(KafkaError error, ClassicGroupOutbox& out);
  void take_assignment(const Assigning& assigning, ClassicGroupOutbox& out);
  void forget(MemberId id, ClassicGroupOutbox& out);
  TimeMs rebalance_timeout() const;

  // classic_group.cpp
  KafkaError sync_refusal(const ClassicSync& request) const;
  KafkaError commit_refusal(const ClassicCommit& request) const;
  void arm_session(MemberId id, ClassicGroupOutbox& out) const;
  void note_sync(MemberId id, ClassicGroupOutbox& out);
  void write(Writing what, ClassicGroupRecord record, ClassicGroupOutbox& out);
  void assigned(const Assigning& assigning, KafkaError error, const ClassicGroupConfiguration& configuration,
                ClassicGroupOutbox& out);
  ClassicGroupRecord record(const std::map<MemberId, NamedPartitions>& assignments) const;

  bool exists_ = false;
  ClassicGroupState state_ = ClassicGroupState::empty;
  std::int32_t generation_ = 0;
  std::optional<ClassicAssignor> assignor_;
  MemberId leader_{};
  std::map<MemberId, ClassicMember> members_;
  std::set<MemberId> pending_joins_;
  std::set<MemberId> owes_sync_;
  std::optional<InitialWait> initial_;  ///< Of the rebalance that is being prepared.
  bool came_while_waiting_ = false;     ///< Somebody came in a wait that was not prolonged for that: the next one is.
  std::vector<Writing> writing_;
  CommittedOffsets offsets_;
};

}  // namespace sharelock
