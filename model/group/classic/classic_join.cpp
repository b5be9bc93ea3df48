// How a member comes into a classic group: JoinGroup.
#include <algorithm>

#include "model/group/classic/classic_group.h"

namespace sharelock {

void ClassicGroup::join(const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                        ClassicGroupOutbox& out) {
  if (const KafkaError error = refusal(request, configuration); error != KafkaError::none) {
    ClassicJoinAnswer refused{error, request.member};
    if (error == KafkaError::member_id_required) {
      refused.member = request.proposed;
      pending_joins_.push_back(request.proposed);
      tell(out, classic_effect::SessionArmed{request.proposed, request.session_timeout});
    }
    return tell(out, classic_effect::JoinAnswered{request.request, std::move(refused)});
  }
  const auto known = members_.find(request.member);
  if (known != members_.end()) return join_again(known->second, request, configuration, out);
  add_member(request.member == MemberId{} ? request.proposed : request.member, request, configuration, out);
}

KafkaError ClassicGroup::refusal(const ClassicJoin& request, const ClassicGroupConfiguration& configuration) {
  if (request.session_timeout < configuration.session_timeout_min ||
      request.session_timeout > configuration.session_timeout_max)
    return KafkaError::invalid_session_timeout;
  const bool is_new = request.member == MemberId{};
  if (!exists_ && !is_new) return KafkaError::unknown_member_id;
  exists_ = true;
  if (!has_room_for(request.member, configuration.members_max)) {
    std::erase(pending_joins_, request.member);
    return KafkaError::group_max_size_reached;
  }
  if (!supports_one_of(request.protocols)) return KafkaError::inconsistent_group_protocol;
  if (is_new) return request.needs_id_first ? KafkaError::member_id_required : KafkaError::none;
  const bool pending = std::ranges::find(pending_joins_, request.member) != pending_joins_.end();
  return pending || members_.contains(request.member) ? KafkaError::none : KafkaError::unknown_member_id;
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
  const bool tell_again = same && (state_ == ClassicGroupState::completing_rebalance ||
                                   (state_ == ClassicGroupState::stable && request.member != leader_));
  if (tell_again) return answer_join(request.member, request.request, out);
  member.protocols = request.protocols;
  member.session_timeout = request.session_timeout;
  member.rebalance_timeout = request.rebalance_timeout;
  member.join = request.request;
  prepare_or_complete(configuration, out);
}

void ClassicGroup::add_member(MemberId id, const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                              ClassicGroupOutbox& out) {
  if (members_.empty() || leader_ == MemberId{}) leader_ = id;
  if (initial_) initial_->extended = true;
  ClassicMember& member = members_[id];
  member.session_timeout = request.session_timeout;
  member.rebalance_timeout = request.rebalance_timeout;
  member.protocols = request.protocols;
  member.is_new = true;
  member.join = request.request;
  std::erase(pending_joins_, id);
  tell(out, classic_effect::SessionArmed{id, new_member_join_timeout_ms});
  prepare_or_complete(configuration, out);
}

void ClassicGroup::answer_join(MemberId id, ClassicRequestId request, ClassicGroupOutbox& out) const {
  ClassicJoinAnswer answer{KafkaError::none, id, generation_, *assignor_, leader_, {}};
  if (id == leader_)
    for (const auto& [each, member] : members_) answer.members.emplace_back(each, *member.subscription(*assignor_));
  tell(out, classic_effect::JoinAnswered{request, std::move(answer)});
}

}  // namespace sharelock
