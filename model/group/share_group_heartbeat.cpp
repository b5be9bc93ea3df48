// A heartbeat of a share group's member: sections 7.1 to 7.4 of the specification.
#include <algorithm>

#include "model/group/share_group_coordinator.h"
#include "model/group/simple_assignor.h"

namespace sharelock {
namespace {

using namespace group_record;

constexpr std::int32_t join_epoch = 0;
constexpr std::int32_t leave_epoch = -1;

/// Rows 9 to 12 of section 7.1. `group` is null if there is none.
KafkaError check(const HeartbeatRequest& request, const ShareGroup* group, const GroupSurroundings& around) {
  if (!group) return request.epoch == join_epoch ? KafkaError::none : KafkaError::group_id_not_found;
  const GroupMember* member = group->find(request.member);
  const bool leaves = request.epoch == leave_epoch;
  if (!leaves && !member && static_cast<std::int32_t>(group->members().size()) >= around.configuration.members_max)
    return KafkaError::group_max_size_reached;
  if (!member) return request.epoch == join_epoch ? KafkaError::none : KafkaError::unknown_member_id;
  if (leaves || request.epoch == join_epoch) return KafkaError::none;
  const auto& [epoch, previous_epoch, assigned] = member->current;
  const bool is_current = request.epoch == epoch;
  const bool lost_its_answer = request.epoch < epoch && request.epoch == previous_epoch;  // GC-11
  return is_current || lost_its_answer ? KafkaError::none : KafkaError::fenced_member_epoch;
}

TopicPartitions filtered(const TopicPartitions& target, const TopicNames& subscribed, const ClusterImage& image) {
  TopicPartitions result;
  for (const auto& [topic, partitions] : target)
    if (const TopicName name = image.name_of(topic); name != TopicName{} && subscribed.contains(name))
      result.emplace_hint(result.end(), topic, partitions);
  return result;
}

/// One heartbeat that passed the checks. It looks at the group as it was and collects records; whoever made it writes
/// them.
class Heartbeat {
 public:
  Heartbeat(const HeartbeatRequest& request, ShareGroup& group, const GroupSurroundings& around)
      : request_{request}, group_{group}, around_{around} {
    if (const GroupMember* known = group.find(request.member)) member_ = *known;
  }

  /// UNKNOWN_SERVER_ERROR if the assignor fails (GC-24).
  HeartbeatAnswer process() {
    update_member();
    update_epoch();
    if (const KafkaError error = update_target(); error != KafkaError::none) return {error, 0, 0, {}, {}};
    HeartbeatAnswer answer = reconcile();
    answer.initialise = initialise();
    return answer;
  }

  GroupRecords records;

 private:
  const TopicNames& own_topics() const { return member_.metadata.topics; }
  void add(MemberId member, GroupRecordKind kind, auto value) {
    records.push_back({request_.group, member, kind, std::move(value)});
  }

  /// GC-20.
  void update_member() {
    const GroupMember* known = group_.find(request_.member);
    MemberMetadata& now = member_.metadata;
    if (request_.rack != RackId{}) now.rack = request_.rack;
    now.client = request_.client;
    if (request_.topics) now.topics = *request_.topics;
    subscribed_ = group_.subscribed(request_.member, &now.topics);
    if (known && known->metadata == now) return;
    add(request_.member, GroupRecordKind::member_metadata, now);
    bump_ = !known || known->metadata.topics != now.topics;
  }

  /// GC-21 to GC-23.
  void update_epoch() {
    epoch_ = group_.epoch();
    const bool looks = around_.profile.has(Switch::pending_while_owed) ? !bump_ : group_.assignment_epoch() >= epoch_;
    if (looks && group_.awaits_assignment()) bump_ = true;
    std::uint64_t hash = group_.metadata_hash();
    if (bump_ || group_.refresh_is_due(around_.now)) {
      hash = metadata_hash(subscribed_, around_.image);
      bump_ = bump_ || hash != group_.metadata_hash();
      group_.refreshed(around_.now, epoch_ + (bump_ ? 1 : 0));
    }
    if (!bump_) return;
    ++epoch_;
    add(nobody, GroupRecordKind::group_metadata, GroupMetadata{epoch_, hash});
  }

  bool is_delayed() const {
    const TimeMs interval = around_.configuration.assignment_interval;
    return around_.profile.has(Switch::assignment_interval) && group_.assignment_timestamp() != 0 && interval != 0 &&
           around_.now < group_.assignment_timestamp() + interval;
  }

  /// GC-24.
  KafkaError update_target() {
    assignment_epoch_ = group_.assignment_epoch();
    if (const auto target = group_.target().find(request_.member); target != group_.target().end())
      target_ = target->second;
    if (assignment_epoch_ >= epoch_ || is_delayed()) return KafkaError::none;
    const auto [members, input] = assignor_input();
    Assigned assigned = assign(input);
    if (assigned.error != AssignorError::none) return KafkaError::unknown_server_error;
    assigned.by_member.resize(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto before = group_.target().find(members[i]);
      TopicPartitions& now = assigned.by_member[i];
      if (members[i] == request_.member) target_ = now;
      if (before != group_.target().end() && before->second == now) continue;
      add(members[i], GroupRecordKind::target_assignment_member, TargetAssignmentMember{std::move(now)});
    }
    assignment_epoch_ = epoch_;
    add(nobody, GroupRecordKind::target_assignment_metadata, TargetAssignmentMetadata{epoch_, around_.now});
    return KafkaError::none;
  }

  std::pair<std::vector<MemberId>, AssignorInput> assignor_input() const {
    std::vector<MemberId> members;
    AssignorInput input;
    if (!around_.profile.has(Switch::binary64_assignor)) input.arithmetic = Arithmetic::exact;
    add_topics(input);
    const auto add_member = [&](MemberId id, const TopicNames& names) {
      members.push_back(id);
      AssignorMember& member = input.members.emplace_back();
      input.same_subscription = input.same_subscription && names.size() == subscribed_.size();
      for (const TopicName name : names)
        if (const ClusterTopic* topic = around_.image.find(name)) member.subscribed.push_back(topic->id);
      if (const auto before = group_.target().find(id); before != group_.target().end())
        for (const auto& [topic, partitions] : before->second)
          member.previous.emplace_back(topic, std::vector<std::int32_t>(partitions.begin(), partitions.end()));
    };
    bool added = false;
    for (const auto& [id, member] : group_.members()) {
      if (!added && request_.member <= id) add_member(request_.member, own_topics());
      added = added || request_.member <= id;
      if (id != request_.member) add_member(id, member.metadata.topics);
    }
    if (!added) add_member(request_.member, own_topics());
    return {std::move(members), std::move(input)};
  }

  /// Only initialised partitions may be assigned.
  void add_topics(AssignorInput& input) const {
    for (const TopicName name : subscribed_) {
      const ClusterTopic* topic = around_.image.find(name);
      if (!topic) continue;
      AssignorTopic& described = input.topics.emplace_back(AssignorTopic{topic->id, topic->hash, true, {}});
      if (!group_.delivery()) continue;
      const auto& initialised = group_.delivery()->topics.initialised;
      if (const auto state = initialised.find(topic->id); state != initialised.end())
        for (const std::int32_t partition : state->second.partitions)
          if (partition >= 0 && partition < topic->partitions) described.targets.push_back(partition);
    }
  }

  /// GC-25, GC-27.
  HeartbeatAnswer reconcile() {
    const CurrentMemberAssignment before = member_.current;
    CurrentMemberAssignment& current = member_.current;
    if (current.epoch != assignment_epoch_)
      current = {assignment_epoch_, before.epoch, filtered(target_, own_topics(), around_.image)};
    else if (bump_)
      current.assigned = filtered(target_, own_topics(), around_.image);
    if (current != before) add(request_.member, GroupRecordKind::current_member_assignment, current);
    HeartbeatAnswer answer{KafkaError::none, current.epoch, around_.configuration.heartbeat_interval, {}, {}};
    if (request_.epoch == join_epoch || request_.topics || current.assigned != before.assigned)
      answer.assignment = current.assigned;
    return answer;
  }

  /// Partitions that are neither initialised nor under way (GC-45).
  PartitionSet needed(const ClusterTopic& topic, const DeliveryStates* states) const {
    PartitionSet known;
    if (states) {
      const auto initialised = states->topics.initialised.find(topic.id);
      if (initialised != states->topics.initialised.end()) known = initialised->second.partitions;
      const TimeMs retry_interval =
          std::max(around_.configuration.initialise_retry_interval, around_.configuration.write_timeout);
      const auto initialising = states->topics.initialising.find(topic.id);
      const bool is_young = around_.now - states->recorded_at < retry_interval;
      const bool counts = is_young || around_.profile.has(Switch::initialises_once);
      if (initialising != states->topics.initialising.end() && counts)
        known.insert(initialising->second.begin(), initialising->second.end());
    }
    PartitionSet need;
    if (static_cast<std::int32_t>(known.size()) >= topic.partitions) return need;
    for (std::int32_t partition = 0; partition < topic.partitions; ++partition)
      if (!known.contains(partition)) need.insert(need.end(), partition);
    return need;
  }

  /// GC-47.
  Offset start_offset(TopicId topic, const DeliveryStates* states) const {
    constexpr Offset undecided = -1;
    if (!states) return undecided;
    const bool was_initialised = states->topics.initialised.contains(topic);
    const bool is_known = was_initialised || states->topics.initialising.contains(topic);
    switch (static_cast<AddedPartitions>(around_.profile.value(Switch::added_partitions))) {
      case AddedPartitions::undecided:
        return undecided;
      case AddedPartitions::from_zero:
        return is_known ? 0 : undecided;
      case AddedPartitions::from_zero_when_initialised:
        return was_initialised ? 0 : undecided;
    }
    return undecided;
  }

  /// GC-45 to GC-47.
  std::optional<InitialiseRequest> initialise() {
    const DeliveryStates* states = group_.delivery() ? &*group_.delivery() : nullptr;
    InitialiseRequest request{epoch_, {}};
    StatePartitionMetadata now = states ? states->topics : StatePartitionMetadata{};
    for (const TopicName name : subscribed_) {
      const ClusterTopic* topic = around_.image.find(name);
      if (!topic) continue;
      const PartitionSet need = needed(*topic, states);
      if (need.empty()) continue;
      const Offset start = start_offset(topic->id, states);
      for (const std::int32_t partition : need) request.topics[topic->id][partition] = start;
      now.initialising[topic->id].insert(need.begin(), need.end());
    }
    if (request.topics.empty()) return std::nullopt;
    for (const auto& [topic, partitions] : now.initialising) now.deleting.erase(topic);
    add(nobody, GroupRecordKind::state_partition_metadata, std::move(now));
    return request;
  }

  const HeartbeatRequest& request_;
  ShareGroup& group_;
  const GroupSurroundings& around_;

  GroupMember member_;  ///< As it will be.
  TopicNames subscribed_;
  bool bump_ = false;
  std::int32_t epoch_ = 0;
  std::int32_t assignment_epoch_ = 0;
  TopicPartitions target_;
};

}  // namespace

HeartbeatAnswer ShareGroupCoordinator::heartbeat(const HeartbeatRequest& request, const GroupSurroundings& around,
                                                 GroupOutbox& out) {
  const auto known = groups_.find(request.group);
  if (const KafkaError error = check(request, known == groups_.end() ? nullptr : &known->second, around);
      error != KafkaError::none)
    return {error, 0, 0, {}, {}};
  if (request.epoch == leave_epoch) {
    remove_member(request.group, request.member, around, out);
    out.push_back(group_effect::SessionCancelled{request.group, request.member});
    return {KafkaError::none, leave_epoch, 0, {}, {}};
  }
  ShareGroup fresh{first_epoch(request.group, around.profile)};
  const bool is_new = known == groups_.end();
  Heartbeat heartbeat{request, is_new ? fresh : known->second, around};
  HeartbeatAnswer answer = heartbeat.process();
  if (answer.error != KafkaError::none) {
    if (!is_new && around.profile.has(Switch::failed_join_stays)) known->second.add_unrecorded(request.member);
    return answer;
  }
  if (is_new) groups_.emplace(request.group, fresh);
  write(std::move(heartbeat.records), around, out);
  out.push_back(group_effect::SessionArmed{request.group, request.member, around.configuration.session_timeout});
  return answer;
}

}  // namespace sharelock
