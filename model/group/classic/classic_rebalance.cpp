// How a classic group comes from one generation to the next: it waits until its members have joined, elects how they
// assign, waits for the leader's assignment, and gives it out.
#include <algorithm>
#include <array>

#include "model/group/classic/classic_group.h"

namespace sharelock {

void ClassicGroup::prepare_or_complete(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  if (state_ == ClassicGroupState::preparing_rebalance) return complete_if_all_joined(out);
  prepare_rebalance(configuration, out);
}

void ClassicGroup::prepare_rebalance(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  if (state_ == ClassicGroupState::completing_rebalance) answer_syncs(KafkaError::rebalance_in_progress, out);
  tell(out, classic_effect::SyncTimerCancelled{});
  const bool was_empty = state_ == ClassicGroupState::empty;
  state_ = ClassicGroupState::preparing_rebalance;
  if (was_empty) {
    const TimeMs delay = configuration.initial_rebalance_delay;
    initial_ = InitialWait{delay, std::max<TimeMs>(rebalance_timeout() - delay, 0)};
    return tell(out, classic_effect::JoinTimerArmed{delay});
  }
  if (all_joined()) return complete_join(out);
  tell(out, classic_effect::JoinTimerArmed{rebalance_timeout()});
}

/// The first rebalance of an empty group lasts as long as its timer says, whoever has joined.
void ClassicGroup::complete_if_all_joined(ClassicGroupOutbox& out) {
  if (!initial_ && all_joined()) complete_join(out);
}

bool ClassicGroup::all_joined() const {
  const auto joined = [](const auto& entry) { return entry.second.join.has_value(); };
  return pending_joins_.empty() && std::ranges::all_of(members_, joined);
}

TimeMs ClassicGroup::rebalance_timeout() const {
  TimeMs longest = 0;
  for (const auto& [id, member] : members_) longest = std::max(longest, member.rebalance_timeout);
  return longest;
}

void ClassicGroup::join_expired(ClassicGroupOutbox& out) {
  if (!initial_ || !initial_->extended || initial_->remaining == 0) return complete_join(out);
  const TimeMs next = std::min(initial_->delay, initial_->remaining);
  initial_->remaining = std::max<TimeMs>(initial_->remaining - next, 0);
  initial_->extended = false;
  tell(out, classic_effect::JoinTimerArmed{next});
}

/// Whoever has not joined is a member no longer; the others are the next generation.
void ClassicGroup::complete_join(ClassicGroupOutbox& out) {
  tell(out, classic_effect::JoinTimerCancelled{});
  initial_.reset();
  for (auto at = members_.begin(); at != members_.end();) {
    const MemberId id = at->first;
    const bool joined = at->second.join.has_value();
    ++at;  // Before it is forgotten.
    if (joined) continue;
    tell(out, classic_effect::SessionCancelled{id});
    forget(id, out);
  }
  ++generation_;
  if (members_.empty()) {
    assignor_.reset();
    state_ = ClassicGroupState::empty;
    return tell(out, classic_effect::GroupWritten{ClassicGroupRecord{generation_, {}, {}, {}}});
  }
  assignor_ = elected_assignor();
  state_ = ClassicGroupState::completing_rebalance;
  for (auto& [id, member] : members_) {
    answer_join(id, *member.join, out);
    member.join.reset();
    member.is_new = false;
    member.owes_sync = true;
    arm_session(id, out);
  }
  tell(out, classic_effect::SyncTimerArmed{rebalance_timeout()});
}

/// Every member votes for the first on its list that all of them can do.
ClassicAssignor ClassicGroup::elected_assignor() const {
  constexpr std::array all{ClassicAssignor::range, ClassicAssignor::cooperative_sticky};
  std::array<std::size_t, all.size()> votes{};
  const auto common = [&](const ClassicProtocol& protocol) {
    return std::ranges::all_of(members_,
                               [&](const auto& entry) { return entry.second.subscription(protocol.assignor); });
  };
  for (const auto& [id, member] : members_)
    ++votes[static_cast<std::size_t>(std::ranges::find_if(member.protocols, common)->assignor)];
  return all[static_cast<std::size_t>(std::ranges::max_element(votes) - votes.begin())];
}

/// No assignment: whoever waits for one hears why.
void ClassicGroup::answer_syncs(KafkaError error, ClassicGroupOutbox& out) {
  for (auto& [id, member] : members_) {
    member.assignment.clear();
    if (!member.sync) continue;
    tell(out, classic_effect::SyncAnswered{*std::exchange(member.sync, std::nullopt), {error, {}}});
    arm_session(id, out);
  }
}

void ClassicGroup::take_assignment(const Assigning& assigning, ClassicGroupOutbox& out) {
  for (auto& [id, member] : members_) {
    const auto assigned = assigning.assignments.find(id);
    member.assignment = assigned == assigning.assignments.end() ? NamedPartitions{} : assigned->second;
    if (!member.sync) continue;
    const ClassicRequestId request = *std::exchange(member.sync, std::nullopt);
    tell(out, classic_effect::SyncAnswered{request, {KafkaError::none, member.assignment}});
    arm_session(id, out);
  }
  state_ = ClassicGroupState::stable;
}

// ----- Leaving

void ClassicGroup::remove_member(MemberId id, const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  const bool was_member = members_.contains(id);
  forget(id, out);
  if (state_ == ClassicGroupState::preparing_rebalance) return complete_if_all_joined(out);
  if (was_member) prepare_rebalance(configuration, out);
}

/// Of a member that waits for an assignment, the wait is never answered.
void ClassicGroup::forget(MemberId id, ClassicGroupOutbox& out) {
  std::erase(pending_joins_, id);
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  if (found->second.join) tell(out, classic_effect::JoinAnswered{*found->second.join, {KafkaError::unknown_member_id}});
  members_.erase(found);
  if (leader_ == id) leader_ = members_.empty() ? MemberId{} : members_.begin()->first;
}

/// A member that waits for an answer of a later generation lives, however long that takes; a new one does not.
void ClassicGroup::session_expired(MemberId id, const ClassicGroupConfiguration& configuration,
                                   ClassicGroupOutbox& out) {
  const auto found = members_.find(id);
  if (found != members_.end() && !found->second.is_new && (found->second.join || found->second.sync)) return;
  remove_member(id, configuration, out);
}

void ClassicGroup::sync_expired(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  std::vector<MemberId> late;
  for (const auto& [id, member] : members_)
    if (member.owes_sync) late.push_back(id);
  if (late.empty()) return;
  for (const MemberId id : late) {
    tell(out, classic_effect::SessionCancelled{id});
    forget(id, out);
  }
  prepare_rebalance(configuration, out);
}

}  // namespace sharelock
