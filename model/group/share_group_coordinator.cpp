#include "model/group/share_group_coordinator.h"

namespace sharelock {

using namespace group_record;

/// The group epoch that a group begins with (GC-3).
std::int32_t ShareGroupCoordinator::first_epoch(GroupId group, const Profile& profile) const {
  const auto deleted = last_epochs_.find(group);
  if (deleted != last_epochs_.end()) return deleted->second;
  return profile.has(Switch::group_epochs_from_one) ? 1 : 0;
}

const ShareGroup* ShareGroupCoordinator::find(GroupId group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : &found->second;
}

void ShareGroupCoordinator::replay(const GroupRecord& record, const GroupSurroundings& around) {
  const bool removes_group = record.kind == GroupRecordKind::group_metadata && record.is_tombstone();
  if (removes_group)
    remove_group(record.group, around.profile);
  else if (record.is_tombstone() && !groups_.contains(record.group))
    return;
  else
    groups_.try_emplace(record.group, first_epoch(record.group, around.profile))
        .first->second.replay(record, around.now);
}

void ShareGroupCoordinator::remove_group(GroupId id, const Profile& profile) {
  const ShareGroup* group = find(id);
  if (group == nullptr) return;
  if (!profile.has(Switch::group_epochs_restart)) last_epochs_[id] = group->epoch();
  groups_.erase(id);
}

void ShareGroupCoordinator::write(GroupRecords records, const GroupSurroundings& around, GroupOutbox& out) {
  for (GroupRecord& record : records) {
    replay(record, around);
    out.push_back(group_effect::RecordWritten{std::move(record)});
  }
}

void ShareGroupCoordinator::write(GroupId group, StatePartitionMetadata states, const GroupSurroundings& around,
                                  GroupOutbox& out) {
  write({{group, nobody, GroupRecordKind::state_partition_metadata, std::move(states)}}, around, out);
}

/// GC-37, GC-38.
void ShareGroupCoordinator::remove_member(GroupId id, MemberId member, const GroupSurroundings& around,
                                          GroupOutbox& out) {
  const ShareGroup& group = groups_.at(id);
  const std::int32_t epoch = group.epoch() + 1;
  const std::uint64_t hash = metadata_hash(group.subscribed(member, nullptr), around.image);
  GroupRecords records{{id, member, GroupRecordKind::current_member_assignment, {}},
                       {id, member, GroupRecordKind::target_assignment_member, {}},
                       {id, member, GroupRecordKind::member_metadata, {}},
                       {id, nobody, GroupRecordKind::group_metadata, GroupMetadata{epoch, hash}}};
  if (group.members().size() == 1 && around.profile.has(Switch::empty_group_catches_up))
    records.push_back({id, nobody, GroupRecordKind::target_assignment_metadata, TargetAssignmentMetadata{epoch, 0}});
  write(std::move(records), around, out);
}

void ShareGroupCoordinator::session_expired(GroupId group, MemberId member, const GroupSurroundings& around,
                                            GroupOutbox& out) {
  const ShareGroup* known = find(group);
  if (known && known->find(member)) remove_member(group, member, around, out);
}

void ShareGroupCoordinator::topics_changed(const TopicNames& names) {
  for (auto& [id, group] : groups_)
    for (const TopicName name : names)
      if (group.subscribers().contains(name)) group.request_refresh();
}

void ShareGroupCoordinator::topics_deleted(std::span<const TopicId> topics, const GroupSurroundings& around,
                                           GroupOutbox& out) {
  for (auto& [id, group] : groups_) {
    if (!group.delivery()) continue;
    StatePartitionMetadata states = group.delivery()->topics;
    for (const TopicId topic : topics) {
      states.initialising.erase(topic);
      states.initialised.erase(topic);
      states.deleting.erase(topic);
    }
    if (states != group.delivery()->topics) write(id, std::move(states), around, out);
  }
}

/// Those that some group still knows the state of.
std::vector<TopicId> ShareGroupCoordinator::deleted_topics(const ClusterImage& image) const {
  std::vector<TopicId> deleted;
  const auto look_at = [&](TopicId topic) {
    if (image.find(topic) == nullptr) deleted.push_back(topic);
  };
  for (const auto& [id, group] : groups_) {
    if (!group.delivery()) continue;
    const StatePartitionMetadata& states = group.delivery()->topics;
    for (const auto& [topic, partitions] : states.initialising) look_at(topic);
    for (const auto& [topic, state] : states.initialised) look_at(topic);
    for (const TopicId topic : states.deleting) look_at(topic);
  }
  return deleted;
}

ShareGroupCoordinator ShareGroupCoordinator::loaded(std::span<const GroupRecord> log, const GroupSurroundings& around,
                                                    GroupOutbox& out) {
  ShareGroupCoordinator coordinator;
  for (const GroupRecord& record : log) coordinator.replay(record, around);
  if (!around.profile.has(Switch::missed_clean_up_stays))
    coordinator.topics_deleted(coordinator.deleted_topics(around.image), around, out);
  for (const auto& [id, group] : coordinator.groups_)
    for (const auto& [member, state] : group.members())
      out.push_back(group_effect::SessionArmed{id, member, around.configuration.session_timeout});
  return coordinator;
}

}  // namespace sharelock
