// What the group coordinator writes to its log for share groups (section 6 of the specification).
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "model/group/cluster_image.h"
#include "model/group/topic_partitions.h"
#include "model/strong.h"

namespace sharelock {

/// What clients call themselves; value 0 is none.
using ClientId = Strong<struct ClientIdTag, std::uint32_t>;

namespace group_record {

struct GroupMetadata {
  std::int32_t epoch = 0;
  std::uint64_t metadata_hash = 0;

  friend bool operator==(const GroupMetadata&, const GroupMetadata&) = default;
};
struct MemberMetadata {
  RackId rack;
  ClientId client;
  TopicNames topics;  ///< What it subscribes to; they need not exist.

  friend bool operator==(const MemberMetadata&, const MemberMetadata&) = default;
};
struct TargetAssignmentMetadata {
  std::int32_t epoch = 0;
  TimeMs timestamp = 0;

  friend bool operator==(const TargetAssignmentMetadata&, const TargetAssignmentMetadata&) = default;
};
struct TargetAssignmentMember {
  TopicPartitions partitions;

  friend bool operator==(const TargetAssignmentMember&, const TargetAssignmentMember&) = default;
};
struct CurrentMemberAssignment {
  std::int32_t epoch = 0;
  std::int32_t previous_epoch = 0;
  TopicPartitions assigned;

  friend bool operator==(const CurrentMemberAssignment&, const CurrentMemberAssignment&) = default;
};
/// A topic whose delivery state is initialised, with the name that it had when that was recorded.
struct InitialisedTopic {
  TopicName name;  ///< Value 0 if it did not exist then.
  PartitionSet partitions;

  friend bool operator==(const InitialisedTopic&, const InitialisedTopic&) = default;
};
struct StatePartitionMetadata {
  TopicPartitions initialising;
  boost::container::flat_map<TopicId, InitialisedTopic> initialised;
  boost::container::flat_set<TopicId> deleting;

  friend bool operator==(const StatePartitionMetadata&, const StatePartitionMetadata&) = default;
};

}  // namespace group_record

enum class GroupRecordKind : std::uint8_t {
  group_metadata,
  member_metadata,
  target_assignment_metadata,
  target_assignment_member,
  current_member_assignment,
  state_partition_metadata
};

struct GroupRecord {
  GroupId group;
  MemberId member;  ///< Nobody for records of the group.
  GroupRecordKind kind;
  /// Nothing for a tombstone, otherwise the alternative of the kind.
  std::variant<std::monostate, group_record::GroupMetadata, group_record::MemberMetadata,
               group_record::TargetAssignmentMetadata, group_record::TargetAssignmentMember,
               group_record::CurrentMemberAssignment, group_record::StatePartitionMetadata>
      value;

  bool is_tombstone() const { return value.index() == 0; }
  friend bool operator==(const GroupRecord&, const GroupRecord&) = default;
};

using GroupRecords = std::vector<GroupRecord>;

class ShareGroup;

/// What a compacted log holds of a group: the latest record of each key. A coordinator that loads them knows what one
/// knows that loads everything that was ever written.
GroupRecords records_of(GroupId id, const ShareGroup& group);

}  // namespace sharelock
