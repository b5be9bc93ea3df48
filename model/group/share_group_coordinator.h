// The share groups of one shard of the group coordinator: heartbeats, leaving and expiry, initialisation of delivery
// state, administration of offsets (sections 6 and 7 of the specification).
//
// Owns:             the groups, as the records of the log made them.
// Knows nothing of: the log itself, timers, the persister. It says which records it wrote, which session timers are to
//                   be armed or cancelled, and what is to be initialised or deleted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "model/group/share_group.h"
#include "model/profile/profile.h"
#include "model/protocol/kafka_error.h"

namespace sharelock {

/// Section 10.2.
struct ShareGroupConfiguration {
  std::int32_t members_max = 200;
  TimeMs session_timeout = 45'000;
  TimeMs heartbeat_interval = 5'000;
  TimeMs assignment_interval = 1'000;
  TimeMs initialise_retry_interval = 30'000;
  TimeMs write_timeout = 5'000;

  friend bool operator==(const ShareGroupConfiguration&, const ShareGroupConfiguration&) = default;
};

/// A request that passed the checks of the service (rows 1 to 8 of section 7.1).
struct HeartbeatRequest {
  GroupId group;
  MemberId member;
  std::int32_t epoch = 0;            ///< 0 joins, -1 leaves.
  std::optional<TopicNames> topics;  ///< None: unchanged.
  RackId rack;                       ///< Value 0: unchanged.
  ClientId client;
};

/// Delivery state that is to be initialised: start offsets by topic and partition.
struct InitialiseRequest {
  std::int32_t state_epoch = 0;
  boost::container::flat_map<TopicId, boost::container::flat_map<std::int32_t, Offset>> topics;
};

struct HeartbeatAnswer {
  KafkaError error = KafkaError::none;
  std::int32_t epoch = 0;
  TimeMs heartbeat_interval = 0;
  std::optional<TopicPartitions> assignment;    ///< None: unchanged (GC-27).
  std::optional<InitialiseRequest> initialise;  ///< Not awaited by the response (GC-28).
};

struct AlterOffsetsAnswer {
  KafkaError error = KafkaError::none;
  std::map<TopicName, std::map<std::int32_t, KafkaError>> results;
  InitialiseRequest initialise;  ///< Without topics if there is nothing to be initialised.
};

struct DeleteOffsetsAnswer {
  KafkaError error = KafkaError::none;
  std::map<TopicName, KafkaError> errors;
  std::optional<TopicPartitions> remove;  ///< What is to be deleted from the store.
};

struct DeleteGroupAnswer {
  KafkaError error = KafkaError::none;
  std::optional<TopicPartitions> remove;
};

namespace group_effect {

struct RecordWritten {
  GroupRecord record;
};
/// Call `session_expired` after this time, unless it is armed again or cancelled before.
struct SessionArmed {
  GroupId group;
  MemberId member;
  TimeMs timeout;
};
struct SessionCancelled {
  GroupId group;
  MemberId member;
};

}  // namespace group_effect

using GroupEffect =
    std::variant<group_effect::RecordWritten, group_effect::SessionArmed, group_effect::SessionCancelled>;
using GroupOutbox = std::vector<GroupEffect>;

/// What the coordinator looks at and does not own.
struct GroupSurroundings {
  TimeMs now;
  const ShareGroupConfiguration& configuration;
  const ClusterImage& image;
  const Profile& profile;
};

class ShareGroupCoordinator {
 public:
  HeartbeatAnswer heartbeat(const HeartbeatRequest& request, const GroupSurroundings& around, GroupOutbox& out);
  /// A session timer fired (GC-36). Nothing if the member is gone.
  void session_expired(GroupId group, MemberId member, const GroupSurroundings& around, GroupOutbox& out);

  /// Outcome of an initialise request: all of it succeeded (GC-48).
  void initialised(GroupId group, const TopicPartitions& topics, const GroupSurroundings& around, GroupOutbox& out);
  /// Outcome of an initialise request: some of it failed, and none of it counts.
  void not_initialised(GroupId group, const TopicPartitions& topics, const GroupSurroundings& around, GroupOutbox& out);

  AlterOffsetsAnswer alter_offsets(GroupId group, const std::map<TopicName, std::map<std::int32_t, Offset>>& topics,
                                   const GroupSurroundings& around, GroupOutbox& out);
  /// Step 1 of deleting offsets (GC-65).
  DeleteOffsetsAnswer begin_delete_offsets(GroupId group, std::span<const TopicName> topics,
                                           const GroupSurroundings& around, GroupOutbox& out);
  /// Step 3: these topics were deleted from the store. Nothing is checked.
  void complete_delete_offsets(GroupId group, std::span<const TopicId> topics, const GroupSurroundings& around,
                               GroupOutbox& out);
  /// Step 1 of deleting a group (GC-66).
  DeleteGroupAnswer begin_delete_group(GroupId group, const GroupSurroundings& around, GroupOutbox& out);
  /// Step 3 (GC-68).
  KafkaError delete_group(GroupId group, const GroupSurroundings& around, GroupOutbox& out);

  /// The metadata of these topics changed, or they came or went.
  void topics_changed(const TopicNames& names);
  /// These topics were deleted: their delivery state is gone (GC-52).
  void topics_deleted(std::span<const TopicId> topics, const GroupSurroundings& around, GroupOutbox& out);

  /// A coordinator that begins with the log of another one (GC-39). Every member gets a full session timeout.
  static ShareGroupCoordinator loaded(std::span<const GroupRecord> log, const GroupSurroundings& around,
                                      GroupOutbox& out);

  const std::map<GroupId, ShareGroup>& groups() const { return groups_; }
  /// Null if there is no such group.
  const ShareGroup* find(GroupId group) const;

  /// What is known of one group, as a world codes it (coding.h).
  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, GroupId group, std::uint32_t members);

  friend bool operator==(const ShareGroupCoordinator&, const ShareGroupCoordinator&) = default;

 private:
  void replay(const GroupRecord& record, const GroupSurroundings& around);
  void write(GroupRecords records, const GroupSurroundings& around, GroupOutbox& out);
  void write(GroupId group, group_record::StatePartitionMetadata states, const GroupSurroundings& around,
             GroupOutbox& out);
  std::int32_t first_epoch(GroupId group, const Profile& profile) const;
  std::vector<TopicId> deleted_topics(const ClusterImage& image) const;
  void remove_group(GroupId group, const Profile& profile);
  void remove_member(GroupId group, MemberId member, const GroupSurroundings& around, GroupOutbox& out);

  std::map<GroupId, ShareGroup> groups_;
  std::map<GroupId, std::int32_t> last_epochs_;  ///< Of groups that were deleted; profile `ideal` (CV-5).
};

}  // namespace sharelock
