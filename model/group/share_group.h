// One share group in the memory of the group coordinator, as its records made it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "model/group/group_records.h"

namespace sharelock {

struct GroupMember {
  group_record::MemberMetadata metadata;
  group_record::CurrentMemberAssignment current;

  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

/// Delivery state of the group's partitions, as far as the group coordinator knows (section 7.4).
struct DeliveryStates {
  group_record::StatePartitionMetadata topics;
  TimeMs recorded_at = 0;  ///< When the record was replayed here: the retry clock of all of its topics (GC-5).

  friend bool operator==(const DeliveryStates&, const DeliveryStates&) = default;
};

class ShareGroup {
 public:
  /// @param first_epoch  Group and assignment epoch of a group that is new (GC-3).
  explicit ShareGroup(std::int32_t first_epoch) : assignment_{first_epoch, 0}, metadata_{first_epoch, 0} {}

  std::int32_t epoch() const { return metadata_.epoch; }
  std::uint64_t metadata_hash() const { return metadata_.metadata_hash; }
  std::int32_t assignment_epoch() const { return assignment_.epoch; }
  TimeMs assignment_timestamp() const { return assignment_.timestamp; }
  /// Empty, otherwise Stable (GC-1).
  bool is_empty() const { return members_.empty(); }

  const std::map<MemberId, GroupMember>& members() const { return members_; }
  const std::map<MemberId, TopicPartitions>& target() const { return target_; }
  const GroupMember* find(MemberId id) const;
  /// Names that somebody subscribes to, with how many do.
  const boost::container::flat_map<TopicName, std::int32_t>& subscribers() const { return subscribers_; }
  /// Those names after the member's subscription became `now`; null: it left.
  TopicNames subscribed(MemberId changed, const TopicNames* now) const;
  const std::optional<DeliveryStates>& delivery() const { return delivery_; }

  /// Some initialised topic that somebody subscribes to is not assigned as it is initialised (GC-21).
  bool awaits_assignment() const;

  /// The cluster's metadata is looked at again with the next heartbeat: after a load, a change, a long time (GC-22).
  /// Also if the heartbeat that looked at it last failed after it had raised the epoch.
  bool refresh_is_due(TimeMs now) const { return now >= refresh_at_ || epoch() < refreshed_epoch_; }
  void request_refresh() { refresh_at_ = 0; }
  void refreshed(TimeMs now, std::int32_t epoch);

  /// A member of which nothing is recorded: its first heartbeat failed (Switch::failed_join_stays).
  void add_unrecorded(MemberId id);
  static bool is_unrecorded(const GroupMember& member) { return member.current.previous_epoch == no_epoch; }
  /// Applies a record of this group. Not for the tombstone of its metadata.
  void replay(const GroupRecord& record, TimeMs now);

  /// All that answers depend on, as a world codes it (coding.h). `members`: of the world, so many by number.
  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, std::uint32_t members);

  friend bool operator==(const ShareGroup& a, const ShareGroup& b) {
    return a.metadata_ == b.metadata_ && a.assignment_ == b.assignment_ && a.members_ == b.members_ &&
           a.target_ == b.target_ && a.delivery_ == b.delivery_ && a.refresh_at_ == b.refresh_at_ &&
           a.refreshed_epoch_ == b.refreshed_epoch_;
  }

 private:
  static constexpr std::int32_t no_epoch = -1;

  void count(const TopicNames& names, std::int32_t by);
  bool computed_awaits_assignment() const;

  group_record::TargetAssignmentMetadata assignment_;
  group_record::GroupMetadata metadata_;
  std::map<MemberId, GroupMember> members_;
  std::map<MemberId, TopicPartitions> target_;
  std::optional<DeliveryStates> delivery_;
  TimeMs refresh_at_ = 0;
  std::int32_t refreshed_epoch_ = 0;

  boost::container::flat_map<TopicName, std::int32_t> subscribers_;
  mutable std::optional<bool> awaits_;  ///< What awaits_assignment() computed, until a record may change it.
};

}  // namespace sharelock
