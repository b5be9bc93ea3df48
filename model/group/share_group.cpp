#include "model/group/share_group.h"

#include <limits>

namespace sharelock {

using namespace group_record;

const GroupMember* ShareGroup::find(MemberId id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

TopicNames ShareGroup::subscribed(MemberId changed, const TopicNames* now) const {
  const GroupMember* before = find(changed);
  TopicNames names;
  for (const auto& [name, count] : subscribers_) {
    const bool is_own = before && before->metadata.topics.contains(name);
    if (count > (is_own ? 1 : 0)) names.insert(names.end(), name);
  }
  if (now) names.insert(now->begin(), now->end());
  return names;
}

bool ShareGroup::awaits_assignment() const {
  if (!awaits_) awaits_ = computed_awaits_assignment();
  return *awaits_;
}

bool ShareGroup::computed_awaits_assignment() const {
  if (is_empty() || subscribers_.empty() || !delivery_) return false;
  const auto& initialised = delivery_->topics.initialised;
  if (initialised.empty()) return false;
  TopicPartitions assigned;
  for (const auto& [member, partitions] : target_)
    for (const auto& [topic, numbers] : partitions)
      if (initialised.contains(topic)) assigned[topic].insert(numbers.begin(), numbers.end());
  for (const auto& [topic, state] : initialised)
    if (subscribers_.contains(state.name) && assigned[topic] != state.partitions) return true;
  return false;
}

void ShareGroup::refreshed(TimeMs now, std::int32_t epoch) {
  constexpr TimeMs interval = std::numeric_limits<std::int32_t>::max();
  refresh_at_ = now + interval;
  refreshed_epoch_ = epoch;
}

void ShareGroup::count(const TopicNames& names, std::int32_t by) {
  for (const TopicName name : names)
    if ((subscribers_[name] += by) == 0) subscribers_.erase(name);
}

void ShareGroup::add_unrecorded(MemberId id) {
  members_.try_emplace(id, GroupMember{{}, {0, no_epoch, {}}});
}

void ShareGroup::replay(const GroupRecord& record, TimeMs now) {
  awaits_.reset();
  switch (record.kind) {
    case GroupRecordKind::group_metadata:
      metadata_ = std::get<GroupMetadata>(record.value);
      break;
    case GroupRecordKind::target_assignment_metadata:
      assignment_ =
          record.is_tombstone() ? TargetAssignmentMetadata{} : std::get<TargetAssignmentMetadata>(record.value);
      break;
    case GroupRecordKind::target_assignment_member:
      if (record.is_tombstone())
        target_.erase(record.member);
      else
        target_[record.member] = std::get<TargetAssignmentMember>(record.value).partitions;
      break;
    case GroupRecordKind::member_metadata:
      if (const GroupMember* before = find(record.member)) count(TopicNames{before->metadata.topics}, -1);
      if (record.is_tombstone()) {
        members_.erase(record.member);
      } else {
        members_[record.member].metadata = std::get<MemberMetadata>(record.value);
        count(members_[record.member].metadata.topics, 1);
      }
      break;
    case GroupRecordKind::current_member_assignment:
      // Its tombstone comes with that of the member.
      members_[record.member].current =
          record.is_tombstone() ? CurrentMemberAssignment{} : std::get<CurrentMemberAssignment>(record.value);
      break;
    case GroupRecordKind::state_partition_metadata:
      if (record.is_tombstone())
        delivery_.reset();
      else
        delivery_ = DeliveryStates{std::get<StatePartitionMetadata>(record.value), now};
      break;
  }
}

}  // namespace sharelock
