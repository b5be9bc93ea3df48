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
  if (const KafkaError error = stranger(request.who); error != KafkaError::none) return error;
  if (request.generation != generation_) return KafkaError::illegal_generation;
  if (assignor_ && request.assignor != *assignor_) return KafkaError::inconsistent_group_protocol;
  if (state_ == ClassicGroupState::preparing_rebalance) return KafkaError::rebalance_in_progress;
  return KafkaError::none;
}

void ClassicGroup::sync(const ClassicSync& request, ClassicGroupOutbox& out) {
  if (const KafkaError error = sync_refusal(request); error != KafkaError::none)
    return tell(out, classic_effect::SyncAnswered{request.request, {error, {}}});
  const MemberId id = request.who.member;
  ClassicMember& member = members_.at(id);
  note_sync(id, out);
  if (state_ == ClassicGroupState::stable)
    return tell(out, classic_effect::SyncAnswered{request.request, {KafkaError::none, member.assignment}});
  member.sync = request.request;
  if (id == leader_) write(Assigning{generation_, request.assignments}, record(request.assignments), out);
}

void ClassicGroup::note_sync(MemberId id, ClassicGroupOutbox& out) {
  if (owes_sync_.erase(id) > 0 && owes_sync_.empty()) tell(out, classic_effect::SyncTimerCancelled{});
}

void ClassicGroup::write(Writing what, ClassicGroupRecord record, ClassicGroupOutbox& out) {
  writing_.push_back(std::move(what));
  tell(out, classic_effect::GroupWritten{std::move(record)});
}

/// Members that the leader left out get nothing; whom it names and who is no member, neither.
ClassicGroupRecord ClassicGroup::record(const std::map<MemberId, NamedPartitions>& assignments) const {
  ClassicGroupRecord record{generation_, assignor_, leader_, {}};
  for (const auto& [id, member] : members_) {
    ClassicMember& kept = record.members[id];
    kept.session_timeout = member.session_timeout;
    kept.rebalance_timeout = member.rebalance_timeout;
    kept.instance = member.instance;
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

void ClassicGroup::group_written(KafkaError error, const ClassicGroupConfiguration& configuration,
                                 ClassicGroupOutbox& out) {
  const Writing what = std::move(writing_.front());
  writing_.erase(writing_.begin());
  const KafkaError told = told_instead(error);
  if (const auto* group = std::get_if<NewGroup>(&what); group && error != KafkaError::none)
    new_group_failed(*group, told, out);
  if (const auto* assigning = std::get_if<Assigning>(&what)) assigned(*assigning, told, configuration, out);
  if (const auto* replacing = std::get_if<Replacing>(&what)) replaced(*replacing, told, out);
}

void ClassicGroup::assigned(const Assigning& assigning, KafkaError error,
                            const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  // Another rebalance came in between, or the leader sent its assignment twice.
  if (state_ != ClassicGroupState::completing_rebalance || assigning.generation != generation_) return;
  if (error == KafkaError::none) return take_assignment(assigning, out);
  answer_syncs(error, out);
  prepare_or_complete(configuration, out);
}

// ----- Heartbeat, LeaveGroup, OffsetCommit, DeleteGroups

KafkaError ClassicGroup::heartbeat(ClassicIdentity who, std::int32_t generation, ClassicGroupOutbox& out) {
  if (const KafkaError error = stranger(who); error != KafkaError::none) return error;
  if (generation != generation_) return KafkaError::illegal_generation;
  arm_session(who.member, out);
  const bool asks_to_join = state_ == ClassicGroupState::preparing_rebalance;
  return asks_to_join ? KafkaError::rebalance_in_progress : KafkaError::none;
}

std::vector<KafkaError> ClassicGroup::leave(const std::vector<ClassicIdentity>& leaving,
                                            const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  std::vector<KafkaError> errors;
  bool any = false;
  for (ClassicIdentity who : leaving) {
    if (who.member == MemberId{}) who.member = static_member(who.instance).value_or(MemberId{});
    const bool pending = pending_joins_.contains(who.member);
    errors.push_back(pending ? KafkaError::none : stranger(who));
    if (errors.back() != KafkaError::none) continue;
    any = true;
    tell(out, classic_effect::SessionCancelled{who.member});
    forget(who.member, out);
  }
  if (any && state_ != ClassicGroupState::empty) prepare_or_complete(configuration, out);
  return errors;
}

KafkaError ClassicGroup::commit_refusal(const ClassicCommit& request) const {
  const bool stands_alone = request.generation < 0 && request.who == ClassicIdentity{};
  if (!exists_ && request.generation >= 0) return KafkaError::group_id_not_found;
  if (stands_alone && state_ != ClassicGroupState::empty) return KafkaError::unknown_member_id;
  // Without a generation an empty group takes a commit of anybody.
  if (request.generation < 0 && state_ == ClassicGroupState::empty) return KafkaError::none;
  if (const KafkaError error = stranger(request.who); error != KafkaError::none) return error;
  if (request.generation != generation_) return KafkaError::illegal_generation;
  return state_ == ClassicGroupState::completing_rebalance ? KafkaError::rebalance_in_progress : KafkaError::none;
}

KafkaError ClassicGroup::commit(const ClassicCommit& request, ClassicGroupOutbox& out) {
  if (const KafkaError error = commit_refusal(request); error != KafkaError::none) return error;
  exists_ = true;
  if (members_.contains(request.who.member)) arm_session(request.who.member, out);
  for (const auto& [partition, offset] : request.offsets) offsets_[partition] = offset;
  tell(out, classic_effect::OffsetsWritten{request.offsets});
  return KafkaError::none;
}

KafkaError ClassicGroup::delete_group(ClassicGroupOutbox& out) {
  if (!exists_) return KafkaError::group_id_not_found;
  if (state_ != ClassicGroupState::empty) return KafkaError::non_empty_group;
  std::vector<Writing> underway(writing_.size(), Emptied{});  // Whatever becomes of it, it changes nothing any more.
  *this = ClassicGroup{};
  writing_ = std::move(underway);
  tell(out, classic_effect::GroupDeleted{});
  return KafkaError::none;
}

// ----- Fail-over

void ClassicGroup::unload(ClassicGroupOutbox& out) {
  for (auto& [id, member] : members_) {
    end_join(member, {KafkaError::not_coordinator, id}, out);
    if (member.sync)
      tell(out,
           classic_effect::SyncAnswered{*std::exchange(member.sync, std::nullopt), {KafkaError::not_coordinator, {}}});
  }
}

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
