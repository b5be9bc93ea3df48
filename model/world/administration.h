// The group coordinator of a world: what it knows, what it waits for.
//
// Heartbeats are answered at once, and assignments are never put off. Of the topic's other partition, if it has one,
// nothing is modelled but that it is there: it is initialised as soon as that is asked for.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>

#include "model/group/share_group_coordinator.h"

namespace sharelock {

/// An initialise request to the store whose outcome the coordinator waits for.
struct AwaitedInitialise {
  GroupId group;
  std::uint32_t request = 0;  ///< Its id among the group's store requests.
  bool with_other = false;    ///< The topic's other partition is part of it.
  bool alters = false;        ///< Somebody altered offsets and waits.
};

/// What the world keeps of a group beside what its coordinator knows.
struct AdministeredGroup {
  bool overdue = false;   ///< What is being initialised has been so for longer than the retry interval.
  TimeMs overdue_at = 0;  ///< When it may become so.
  /// When the partition was created the group had initialised other partitions of the topic, and nobody altered its
  /// offsets since: it is owed every record of the new one.
  bool knew_topic = false;
};

struct Administration {
  static constexpr TopicName topic_name{1};
  static constexpr TopicId topic{1};

  /// As in a new world: a topic of one partition, and groups that nobody has joined.
  explicit Administration(std::size_t group_count) : groups(group_count) { set_partitions(1); }

  ShareGroupCoordinator coordinator;
  ClusterImage image;
  boost::container::small_vector<AwaitedInitialise, 2> awaited;
  boost::container::small_vector<AdministeredGroup, 1> groups;

  const AdministeredGroup& of(GroupId id) const { return groups[id.value() - 1]; }
  AdministeredGroup& of(GroupId id) { return groups[id.value() - 1]; }
  std::int32_t partitions() const { return image.find(topic_name)->partitions; }
  void set_partitions(std::int32_t count) { image.set(topic_name, {topic, count, 0}); }
  /// Whether the coordinator knows a member as one of its group.
  bool has_joined(GroupId group, MemberId member) const {
    const ShareGroup* known = coordinator.find(group);
    return known != nullptr && known->find(member) != nullptr;
  }
  /// Whether the store is believed to hold the state of a partition.
  bool is_initialised(GroupId group, std::int32_t partition) const;
  /// Whether any partition is recorded as being initialised.
  bool is_initialising(GroupId group) const;
  const AwaitedInitialise* find(GroupId group, std::uint32_t request) const {
    for (const AwaitedInitialise& each : awaited)
      if (each.group == group && each.request == request) return &each;
    return nullptr;
  }
};

}  // namespace sharelock
