#include "model/group/classic/classic_group.h"

#include <algorithm>

namespace sharelock {

const ClassicSubscription* ClassicMember::subscription(ClassicAssignor assignor) const {
  const auto found = std::ranges::find(protocols, assignor, &ClassicProtocol::assignor);
  return found == protocols.end() ? nullptr : &found->subscription;
}

void ClassicGroup::arm_session(MemberId id, ClassicGroupOutbox& out) const {
  tell(out, classic_effect::SessionArmed{id, members_.at(id).session_timeout});
}

// ----- SyncGroup

KafkaError ClassicGroup::sync_refusal(const ClassicSync& request) const {
  if (!members_.contains(request.member)) return KafkaError::unknown_member_id;
  if (request.generation != generation_) return KafkaError::illegal_generation;
  if (request.assignor != assignor_) return KafkaError::inconsistent_group_protocol;
  if (state_ == ClassicGroupState::preparing_rebalance) return KafkaError::rebalance_in_progress;
  return KafkaError::none;
}

void ClassicGroup::sync(const ClassicSync& request, ClassicGroupOutbox& out) {
  if (const KafkaError error = sync_refusal(request); error != KafkaError::none)
    return tell(out, classic_effect::SyncAnswered{request.request, {error, {}}});
  ClassicMember& member = members_.at(request.member);
  note_sync(member, out);
  if (state_ == ClassicGroupState::stable) {
    tell(out, classic_effect::SyncAnswered{request.request, {KafkaError::none, member.assignment}});
    return arm_session(request.member, out);
  }
  member.sync = request.request;
  if (request.member != leader_) return;
  assigning_.push_back({generation_, request.assignments});
  tell(out, classic_effect::GroupWritten{record(request.assignments), true});
}

void ClassicGroup::note_sync(ClassicMember& member, ClassicGroupOutbox& out) {
  if (!std::exchange(member.owes_sync, false)) return;
  const auto owes = [](const auto& entry) { return entry.second.owes_sync; };
  if (std::ranges::none_of(members_, owes)) tell(out, classic_effect::SyncTimerCancelled{});
}

/// Members that the leader left out get nothing; whom it names and who is no member, neither.
ClassicGroupRecord ClassicGroup::record(const std::map<MemberId, NamedPartitions>& assignments) const {
  ClassicGroupRecord record{generation_, assignor_, leader_, {}};
  for (const auto& [id, member] : members_) {
    ClassicMember& kept = record.members[id];
    kept.session_timeout = member.session_timeout;
    kept.rebalance_timeout = member.rebalance_timeout;
    kept.protocols = {{*assignor_, *member.subscription(*assignor_)}};
    if (const auto assigned = assignments.find(id); assigned != assignments.end()) kept.assignment = assigned->second;
  }
  return record;
}

namespace {

/// What members are told when their assignment could not be written.
KafkaError told_instead(KafkaError error) {
  switch (error) {
    case KafkaError::unknown_topic_or_partition:
    case KafkaError::not_enough_replicas:
    case KafkaError::request_timed_out:
      return KafkaError::coordinator_not_available;
    case KafkaError::not_leader_or_follower:
    case KafkaError::kafka_storage_error:
      return KafkaError::not_coordinator;
    case KafkaError::message_too_large:
    case KafkaError::record_list_too_large:
      return KafkaError::unknown_server_error;
    default:
      return error;
  }
}

}  // namespace

void ClassicGroup::assignment_written(KafkaError error, const ClassicGroupConfiguration& configuration,
                                      ClassicGroupOutbox& out) {
  const Assigning assigning = std::move(assigning_.front());
  assigning_.erase(assigning_.begin());
  // Another rebalance came in between, or the leader sent its assignment twice.
  if (state_ != ClassicGroupState::completing_rebalance || assigning.generation != generation_) return;
  if (error == KafkaError::none) return take_assignment(assigning, out);
  answer_syncs(told_instead(error), out);
  prepare_or_complete(configuration, out);
}

// ----- Heartbeat, LeaveGroup, OffsetCommit, DeleteGroups

KafkaError ClassicGroup::heartbeat(MemberId member, std::int32_t generation, ClassicGroupOutbox& out) {
  if (!members_.contains(member)) return KafkaError::unknown_member_id;
  if (generation != generation_) return KafkaError::illegal_generation;
  arm_session(member, out);
  const bool asks_to_join = state_ == ClassicGroupState::preparing_rebalance;
  return asks_to_join ? KafkaError::rebalance_in_progress : KafkaError::none;
}

KafkaError ClassicGroup::leave(MemberId member, const ClassicGroupConfiguration& configuration,
                               ClassicGroupOutbox& out) {
  const bool pending = std::ranges::find(pending_joins_, member) != pending_joins_.end();
  if (!pending && !members_.contains(member)) return KafkaError::unknown_member_id;
  tell(out, classic_effect::SessionCancelled{member});
  remove_member(member, configuration, out);
  return KafkaError::none;
}

KafkaError ClassicGroup::commit(const ClassicCommit& request, ClassicGroupOutbox& out) {
  const bool stands_alone = request.generation < 0 && request.member == MemberId{};
  if (!exists_ && request.generation >= 0) return KafkaError::illegal_generation;
  if (stands_alone && state_ != ClassicGroupState::empty) return KafkaError::unknown_member_id;
  // Without a generation an empty group takes a commit of anybody.
  const bool is_free = request.generation < 0 && state_ == ClassicGroupState::empty;
  if (!is_free && !members_.contains(request.member)) return KafkaError::unknown_member_id;
  if (!is_free && request.generation != generation_) return KafkaError::illegal_generation;
  if (state_ == ClassicGroupState::completing_rebalance) return KafkaError::rebalance_in_progress;
  exists_ = true;
  if (!is_free) arm_session(request.member, out);
  for (const auto& [partition, offset] : request.offsets) offsets_[partition] = offset;
  tell(out, classic_effect::OffsetsWritten{request.offsets});
  return KafkaError::none;
}

KafkaError ClassicGroup::delete_group(ClassicGroupOutbox& out) {
  if (!exists_) return KafkaError::group_id_not_found;
  if (state_ != ClassicGroupState::empty) return KafkaError::non_empty_group;
  for (const MemberId pending : pending_joins_) tell(out, classic_effect::SessionCancelled{pending});
  *this = ClassicGroup{};
  tell(out, classic_effect::GroupDeleted{});
  return KafkaError::none;
}

// ----- Fail-over

ClassicGroup ClassicGroup::loaded(ClassicGroupRecord record, CommittedOffsets offsets,
                                  const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  ClassicGroup group;
  group.exists_ = true;
  group.generation_ = record.generation;
  group.assignor_ = record.assignor;
  group.leader_ = record.leader;
  group.members_ = std::move(record.members);
  group.offsets_ = std::move(offsets);
  if (group.members_.empty()) return group;
  group.state_ = ClassicGroupState::stable;
  for (const auto& [id, member] : group.members_) group.arm_session(id, out);
  if (group.members_.size() > configuration.members_max) group.prepare_rebalance(configuration, out);
  return group;
}

}  // namespace sharelock
