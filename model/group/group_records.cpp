#include "model/group/group_records.h"

#include "model/group/share_group.h"

namespace sharelock {

using namespace group_record;

GroupRecords records_of(GroupId id, const ShareGroup& group) {
  GroupRecords records;
  const auto add = [&](MemberId member, GroupRecordKind kind, auto value) {
    records.push_back({id, member, kind, std::move(value)});
  };
  add(nobody, GroupRecordKind::group_metadata, GroupMetadata{group.epoch(), group.metadata_hash()});
  for (const auto& [member, state] : group.members()) {
    if (ShareGroup::is_unrecorded(state)) continue;
    add(member, GroupRecordKind::member_metadata, state.metadata);
    add(member, GroupRecordKind::current_member_assignment, state.current);
  }
  add(nobody, GroupRecordKind::target_assignment_metadata,
      TargetAssignmentMetadata{group.assignment_epoch(), group.assignment_timestamp()});
  for (const auto& [member, partitions] : group.target())
    add(member, GroupRecordKind::target_assignment_member, TargetAssignmentMember{partitions});
  if (group.delivery()) add(nobody, GroupRecordKind::state_partition_metadata, group.delivery()->topics);
  return records;
}

}  // namespace sharelock
