// How a member comes into a classic group: JoinGroup.
#include <algorithm>

#include "model/group/classic/classic_group.h"

namespace sharelock {

void ClassicGroup::join(const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                        ClassicGroupOutbox& out) {
  const bool was_there = exists_;
  const KafkaError error = refusal(request, configuration);
  if (!was_there && exists_) write(NewGroup{request.request}, {}, out);
  if (error == KafkaError::none) {
    admit(request, configuration, out);
  } else {
    ClassicJoinAnswer refused{error, request.who.member};
    if (error == KafkaError::group_max_size_reached) {
      refused.member = {};
      forget(request.who.member, out);
    }
    if (error == KafkaError::member_id_required) {
      refused.member = request.proposed;
      pending_joins_.insert(request.proposed);
      tell(out, classic_effect::SessionArmed{request.proposed, request.session_timeout});
    }
    answer_join(request.request, std::move(refused), out);
  }
}

void ClassicGroup::admit(const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                         ClassicGroupOutbox& out) {
  const auto known = members_.find(request.who.member);
  if (known != members_.end()) return join_again(known->second, request, configuration, out);
  const bool is_new = request.who.member == MemberId{};
  const auto before = is_new ? static_member(request.who.instance) : std::nullopt;
  if (before) return replace(*before, request, configuration, out);
  add_member(is_new ? request.proposed : request.who.member, request, configuration, out);
}

KafkaError ClassicGroup::refusal(const ClassicJoin& request, const ClassicGroupConfiguration& configuration) {
  if (request.session_timeout < configuration.session_timeout_min ||
      request.session_timeout > configuration.session_timeout_max)
    return KafkaError::invalid_session_timeout;
  const auto& [member, instance] = request.who;
  const bool is_new = member == MemberId{};
  if (!exists_ && !is_new) return KafkaError::unknown_member_id;
  exists_ = true;
  if (!has_room_for(member, configuration.members_max)) return KafkaError::group_max_size_reached;
  if (!supports_one_of(request.protocols)) return KafkaError::inconsistent_group_protocol;
  const bool is_static = instance != InstanceId{};
  if (is_new) return request.needs_id_first && !is_static ? KafkaError::member_id_required : KafkaError::none;
  if (!pending_joins_.contains(member)) return stranger(request.who);
  return is_static ? KafkaError::unknown_server_error : KafkaError::none;
}

/// While a rebalance is prepared only those count that have joined it: the first to come stay.
bool ClassicGroup::has_room_for(MemberId member, std::size_t members_max) const {
  const auto known = members_.find(member);
  if (state_ == ClassicGroupState::empty) return true;
  if (state_ != ClassicGroupState::preparing_rebalance) return known != members_.end() || members_.size() < members_max;
  if (known != members_.end() && known->second.join) return true;
  const auto joined = std::ranges::count_if(members_, [](const auto& entry) { return entry.second.join.has_value(); });
  return static_cast<std::size_t>(joined) < members_max;
}

bool ClassicGroup::supports_one_of(const std::vector<ClassicProtocol>& protocols) const {
  if (state_ == ClassicGroupState::empty) return !protocols.empty();
  return std::ranges::any_of(protocols, [&](const ClassicProtocol& offered) {
    const auto can_do = [&](const auto& entry) { return entry.second.subscription(offered.assignor) != nullptr; };
    return std::ranges::all_of(members_, can_do);
  });
}

/// A member joins that is one already.
void ClassicGroup::join_again(ClassicMember& member, const ClassicJoin& request,
                              const ClassicGroupConfiguration& configuration, ClassicGroupOutbox& out) {
  const bool same = member.protocols == request.protocols;
  // It did not hear the answer to its last join, or follows and has nothing new to say: what it missed is told again.
  const MemberId id = request.who.member;
  const bool tell_again = same && (state_ == ClassicGroupState::completing_rebalance ||
                                   (state_ == ClassicGroupState::stable && id != leader_));
  if (tell_again) return answer_join(request.request, join_answer(id), out);
  member.protocols = request.protocols;
  member.session_timeout = request.session_timeout;
  member.rebalance_timeout = request.rebalance_timeout;
  member.join = request.request;
  member.join_failed = false;
  prepare_or_complete(configuration, out);
}

void ClassicGroup::add_member(MemberId id, const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                              ClassicGroupOutbox& out) {
  if (members_.empty() || leader_ == MemberId{}) leader_ = id;
  if (initial_) came_while_waiting_ = true;
  ClassicMember& member = members_[id];
  member.instance = request.who.instance;
  member.session_timeout = request.session_timeout;
  member.rebalance_timeout = request.rebalance_timeout;
  member.protocols = request.protocols;
  member.is_new = true;
  member.join = request.request;
  pending_joins_.erase(id);
  tell(out, classic_effect::SessionArmed{id, new_member_join_timeout_ms});
  prepare_or_complete(configuration, out);
}

ClassicJoinAnswer ClassicGroup::join_answer(MemberId id) const {
  ClassicJoinAnswer answer{KafkaError::none, id, generation_, *assignor_, leader_};
  if (id != leader_) return answer;
  for (const auto& [each, member] : members_) {
    answer.members.emplace_back(each, *member.subscription(*assignor_));
    answer.members.back().second.instance = member.instance;
  }
  return answer;
}

void ClassicGroup::answer_join(ClassicRequestId request, ClassicJoinAnswer answer, ClassicGroupOutbox& out) {
  tell(out, classic_effect::JoinAnswered{request, std::move(answer)});
  for (Writing& writing : writing_) {
    if (writing == Writing{NewGroup{request}}) writing = Emptied{};
    if (auto* replacing = std::get_if<Replacing>(&writing); replacing && replacing->request == request)
      replacing->is_answered = true;
  }
}

/// Whoever waits for it hears it, and waits no longer.
void ClassicGroup::end_join(ClassicMember& member, ClassicJoinAnswer answer, ClassicGroupOutbox& out) {
  if (!member.join) return;
  if (!member.join_failed) answer_join(*member.join, std::move(answer), out);
  member.join.reset();
  member.join_failed = false;
}

/// The group is there nevertheless; only the join that made it hears of it, if it was not answered yet.
void ClassicGroup::new_group_failed(const NewGroup& group, KafkaError error, ClassicGroupOutbox& out) {
  tell(out, classic_effect::JoinAnswered{group.request, {error}});
  for (auto& [id, member] : members_)
    if (member.join == group.request) member.join_failed = true;
}

}  // namespace sharelock
