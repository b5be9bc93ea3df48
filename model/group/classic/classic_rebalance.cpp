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
  owes_sync_.clear();
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
  if (!initial_ || !came_while_waiting_ || initial_->remaining == 0) return complete_join(out);
  const TimeMs next = std::min(initial_->delay, initial_->remaining);
  initial_->remaining = std::max<TimeMs>(initial_->remaining - next, 0);
  came_while_waiting_ = false;
  tell(out, classic_effect::JoinTimerArmed{next});
}

/// Static members keep their place until their session expires.
void ClassicGroup::remove_late_members(ClassicGroupOutbox& out) {
  std::vector<MemberId> late;
  for (const auto& [id, member] : members_)
    if (!member.join && member.instance == InstanceId{}) late.push_back(id);
  for (const MemberId id : late) {
    tell(out, classic_effect::SessionCancelled{id});
    forget(id, out);
  }
}

/// If the leader has not joined, the first that has leads. False if nobody has.
bool ClassicGroup::has_joined_leader() {
  if (const auto leader = members_.find(leader_); leader != members_.end() && leader->second.join) return true;
  const auto joined = std::ranges::find_if(members_, [](const auto& entry) { return entry.second.join.has_value(); });
  if (joined != members_.end()) leader_ = joined->first;
  return joined != members_.end();
}

/// Whoever is in it and has joined is the next generation, and those of static members that have not.
void ClassicGroup::complete_join(ClassicGroupOutbox& out) {
  tell(out, classic_effect::JoinTimerCancelled{});
  remove_late_members(out);
  if (!members_.empty() && !has_joined_leader()) return tell(out, classic_effect::JoinTimerArmed{rebalance_timeout()});
  initial_.reset();
  ++generation_;
  owes_sync_.clear();
  if (members_.empty()) {
    assignor_.reset();
    state_ = ClassicGroupState::empty;
    return write(Emptied{}, {generation_, {}, {}, {}}, out);
  }
  assignor_ = elected_assignor();
  state_ = ClassicGroupState::completing_rebalance;
  for (auto& [id, member] : members_) {
    end_join(member, join_answer(id), out);
    member.is_new = false;
    owes_sync_.insert(id);
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

/// Of a member that waits for an assignment, the wait is never answered.
void ClassicGroup::forget(MemberId id, ClassicGroupOutbox& out) {
  pending_joins_.erase(id);
  const auto found = members_.find(id);
  if (found == members_.end()) return;
  end_join(found->second, {KafkaError::unknown_member_id}, out);
  members_.erase(found);
  owes_sync_.erase(id);
  if (leader_ == id) leader_ = members_.empty() ? MemberId{} : members_.begin()->first;
}

/// A member that waits for an answer of a later generation lives, however long that takes; a new one does not.
void ClassicGroup::session_expired(MemberId id, const ClassicGroupConfiguration& configuration,
                                   ClassicGroupOutbox& out) {
  const auto found = members_.find(id);
  if (found == members_.end() && !pending_joins_.contains(id)) return;
  const bool is_member = found != members_.end();
  if (is_member && !found->second.is_new && (found->second.join || found->second.sync)) return;
  forget(id, out);
  // Unlike one that leaves, it ends the wait of an empty group for its first members.
  if (state_ == ClassicGroupState::preparing_rebalance && all_joined()) return complete_join(out);
  // Also unlike one that leaves, one that had only heard its id disturbs nobody.
  if (state_ != ClassicGroupState::preparing_rebalance && is_member) prepare_rebalance(configuration, out);
}

/// One that owes it and is no member any more (a static one that took its place came) counts, too.
void ClassicGroup::sync_expired(const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  const std::set<MemberId> late = owes_sync_;
  if (late.empty()) return;
  for (const MemberId id : late) {
    tell(out, classic_effect::SessionCancelled{id});
    forget(id, out);
  }
  prepare_rebalance(configuration, out);
}

}  // namespace sharelock
