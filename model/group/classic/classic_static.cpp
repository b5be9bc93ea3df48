// Static members of a classic group: who comes again under its instance takes the place that it had, and whoever uses
// the id that it had before is fenced.
#include <algorithm>

#include "model/group/classic/classic_group.h"

namespace sharelock {

std::optional<MemberId> ClassicGroup::static_member(InstanceId instance) const {
  if (instance == InstanceId{}) return std::nullopt;
  const auto found = std::ranges::find_if(members_, [&](const auto& each) { return each.second.instance == instance; });
  return found == members_.end() ? std::nullopt : std::optional{found->first};
}

/// Why who asks is not a member; none if it is.
KafkaError ClassicGroup::stranger(ClassicIdentity who) const {
  if (who.instance != InstanceId{}) {
    const auto member = static_member(who.instance);
    if (!member) return KafkaError::unknown_member_id;
    if (*member != who.member) return KafkaError::fenced_instance_id;
  }
  return members_.contains(who.member) ? KafkaError::none : KafkaError::unknown_member_id;
}

/// Whoever has a place that another one takes hears so.
void ClassicGroup::fence(MemberId id, ClassicGroupOutbox& out) {
  ClassicMember& member = members_.at(id);
  end_join(member, {KafkaError::fenced_instance_id, id}, out);
  if (member.sync)
    tell(out,
         classic_effect::SyncAnswered{*std::exchange(member.sync, std::nullopt), {KafkaError::fenced_instance_id, {}}});
}

/// Without a rebalance, if the group is stable and would elect the same assignor: not even if the member subscribes to
/// other topics now. What it took the place of is written first. The session of its old id runs out later, for nobody.
void ClassicGroup::replace(MemberId before, const ClassicJoin& request, const ClassicGroupConfiguration& configuration,
                           ClassicGroupOutbox& out) {
  const MemberId now = request.proposed;
  fence(before, out);
  members_.at(before).is_new = false;
  const Replacing replacing{request.request, now, before, members_.at(before), leader_, request.can_skip};
  rename(before, now);
  arm_session(now, out);
  ClassicMember& member = members_.at(now);
  member.protocols = request.protocols;
  member.session_timeout = request.session_timeout;
  member.rebalance_timeout = request.rebalance_timeout;
  member.join = request.request;
  if (state_ != ClassicGroupState::stable || elected_assignor() != assignor_)
    return prepare_or_complete(configuration, out);
  std::map<MemberId, NamedPartitions> assignments;
  for (const auto& [id, each] : members_) assignments[id] = each.assignment;
  write(replacing, record(assignments), out);
}

void ClassicGroup::rename(MemberId from, MemberId to) {
  auto node = members_.extract(from);
  node.key() = to;
  members_.insert(std::move(node));
  if (leader_ == from) leader_ = to;
}

/// Who took the place that it had hears the current generation: its last join does, if it joined again meanwhile. A
/// leader that cannot skip hears the id that it had before as the leader's: so it does not assign.
void ClassicGroup::replaced(const Replacing& replacing, KafkaError error, ClassicGroupOutbox& out) {
  const auto found = members_.find(replacing.now);
  if (found == members_.end()) return;
  if (error != KafkaError::none) return not_replaced(replacing, error, out);
  const bool skips = replacing.can_skip && replacing.now == leader_;
  // Kafka's coordinator throws when it is to tell the members while it prepares a rebalance: the leader waits for that.
  if (!found->second.join || (skips && state_ == ClassicGroupState::preparing_rebalance)) return;
  ClassicJoinAnswer answer = join_answer(replacing.now);
  answer.skips_assignment = skips;
  if (!replacing.can_skip) {
    answer.leader = replacing.leader;
    answer.members.clear();
  }
  end_join(found->second, std::move(answer), out);
}

/// The place goes back to the id that had it, whatever the new one has heard since. If that joined again meanwhile,
/// Kafka never answers this.
void ClassicGroup::not_replaced(const Replacing& replacing, KafkaError error, ClassicGroupOutbox& out) {
  if (!replacing.is_answered)
    answer_join(replacing.request, {error, {}, generation_, *assignor_, replacing.leader}, out);
  ClassicMember& member = members_.at(replacing.now);
  member.join.reset();
  fence(replacing.now, out);
  member.protocols = replacing.was.protocols;
  member.session_timeout = replacing.was.session_timeout;
  member.rebalance_timeout = replacing.was.rebalance_timeout;
  rename(replacing.now, replacing.before);
  arm_session(replacing.before, out);
}

}  // namespace sharelock
