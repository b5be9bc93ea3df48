// Delivery state seen from the group: outcomes of initialisation (GC-48), altering and deleting offsets, deleting
// groups (section 7.5).
#include "model/group/share_group_coordinator.h"

namespace sharelock {
namespace {

using namespace group_record;

/// Takes partitions away; a topic without any is no longer there.
void remove(TopicPartitions& from, const TopicPartitions& what) {
  for (const auto& [topic, partitions] : what) {
    const auto found = from.find(topic);
    if (found == from.end()) continue;
    for (const std::int32_t partition : partitions) found->second.erase(partition);
    if (found->second.empty()) from.erase(found);
  }
}

PartitionSet all_partitions(const ClusterTopic& topic) {
  PartitionSet all;
  for (std::int32_t partition = 0; partition < topic.partitions; ++partition) all.insert(all.end(), partition);
  return all;
}

}  // namespace

void ShareGroupCoordinator::initialised(GroupId id, const TopicPartitions& topics, const GroupSurroundings& around,
                                        GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (!group) return;  // GC-48b: the class fails there, and nothing is written.
  StatePartitionMetadata states = group->delivery() ? group->delivery()->topics : StatePartitionMetadata{};
  remove(states.initialising, topics);
  for (const auto& [topic, partitions] : topics) {
    const bool was_deleted = around.image.find(topic) == nullptr;
    if (was_deleted && !around.profile.has(Switch::missed_clean_up_stays)) continue;
    InitialisedTopic& state = states.initialised[topic];
    state.name = around.image.name_of(topic);
    state.partitions.insert(partitions.begin(), partitions.end());
  }
  write(id, std::move(states), around, out);
}

void ShareGroupCoordinator::not_initialised(GroupId id, const TopicPartitions& topics, const GroupSurroundings& around,
                                            GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (!group || !group->delivery() || group->delivery()->topics.initialising.empty()) return;
  StatePartitionMetadata states = group->delivery()->topics;
  remove(states.initialising, topics);
  write(id, std::move(states), around, out);
}

AlterOffsetsAnswer ShareGroupCoordinator::alter_offsets(
    GroupId id, const std::map<TopicName, std::map<std::int32_t, Offset>>& topics, const GroupSurroundings& around,
    GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (group && !group->is_empty()) return {KafkaError::non_empty_group, {}, {}};
  AlterOffsetsAnswer answer;
  const bool bumps = around.profile.has(Switch::alter_bumps_epoch);
  answer.initialise.state_epoch = (group ? group->epoch() : first_epoch(id, around.profile)) + (bumps ? 1 : 0);
  StatePartitionMetadata states = group && group->delivery() ? group->delivery()->topics : StatePartitionMetadata{};
  bool any_exists = false;
  for (const auto& [name, offsets] : topics) {
    const ClusterTopic* topic = around.image.find(name);
    if (topic) states.initialising[topic->id];  // GC-61: even if none of its partitions is accepted.
    any_exists = any_exists || topic;
    answer.results[name];
    for (const auto& [partition, offset] : offsets) {
      const bool accepted = topic && partition < topic->partitions;
      answer.results[name][partition] = accepted ? KafkaError::none : KafkaError::unknown_topic_or_partition;
      if (!accepted) continue;
      states.initialising[topic->id].insert(partition);
      answer.initialise.topics[topic->id][partition] = offset;
    }
  }
  if (bumps) {
    const std::uint64_t hash = group ? group->metadata_hash() : 0;
    write({{id, nobody, GroupRecordKind::group_metadata, GroupMetadata{answer.initialise.state_epoch, hash}}}, around,
          out);
  }
  if (!any_exists) return answer;
  for (const auto& [topic, partitions] : states.initialising) states.deleting.erase(topic);
  write(id, std::move(states), around, out);
  return answer;
}

DeleteOffsetsAnswer ShareGroupCoordinator::begin_delete_offsets(GroupId id, std::span<const TopicName> topics,
                                                                const GroupSurroundings& around, GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (!group) return {KafkaError::group_id_not_found, {}, {}};
  if (!group->is_empty()) return {KafkaError::non_empty_group, {}, {}};
  DeleteOffsetsAnswer answer;
  if (!group->delivery()) return answer;
  StatePartitionMetadata states = group->delivery()->topics;
  TopicPartitions removed;
  for (const TopicName name : topics) {
    const ClusterTopic* topic = around.image.find(name);
    if (topic && states.initialised.contains(topic->id)) {
      removed[topic->id] = states.initialised.at(topic->id).partitions;
      states.initialised.erase(topic->id);
      states.deleting.insert(topic->id);
    } else if (topic && states.deleting.contains(topic->id)) {
      removed[topic->id] = all_partitions(*topic);
    } else {
      answer.errors[name] = KafkaError::unknown_topic_or_partition;
    }
  }
  if (!removed.empty()) answer.remove = std::move(removed);
  write(id, std::move(states), around, out);
  return answer;
}

void ShareGroupCoordinator::complete_delete_offsets(GroupId id, std::span<const TopicId> topics,
                                                    const GroupSurroundings& around, GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (!group || !group->delivery()) return;
  StatePartitionMetadata states = group->delivery()->topics;
  for (const TopicId topic : topics) states.deleting.erase(topic);
  write(id, std::move(states), around, out);
}

DeleteGroupAnswer ShareGroupCoordinator::begin_delete_group(GroupId id, const GroupSurroundings& around,
                                                            GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (!group) return {};
  if (!group->is_empty()) return {KafkaError::non_empty_group, {}};
  if (!group->delivery()) return {};
  const StatePartitionMetadata& states = group->delivery()->topics;
  TopicPartitions removed = states.initialising;
  for (const auto& [topic, state] : states.initialised)
    removed[topic].insert(state.partitions.begin(), state.partitions.end());
  for (const TopicId topic : states.deleting)
    if (const ClusterTopic* known = around.image.find(topic)) {
      const PartitionSet all = all_partitions(*known);
      removed[topic].insert(all.begin(), all.end());
    }
  StatePartitionMetadata now;
  for (const auto& [topic, partitions] : removed) now.deleting.insert(topic);
  write(id, std::move(now), around, out);
  if (removed.empty()) return {};
  return {KafkaError::none, std::move(removed)};
}

KafkaError ShareGroupCoordinator::delete_group(GroupId id, const GroupSurroundings& around, GroupOutbox& out) {
  const ShareGroup* group = find(id);
  if (!group) return KafkaError::group_id_not_found;
  if (!group->is_empty()) return KafkaError::non_empty_group;
  write({{id, nobody, GroupRecordKind::target_assignment_metadata, {}},
         {id, nobody, GroupRecordKind::state_partition_metadata, {}},
         {id, nobody, GroupRecordKind::group_metadata, {}}},
        around, out);
  return KafkaError::none;
}

}  // namespace sharelock
