// The cluster's metadata as the group coordinator sees it: topics by name.
#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <cstdint>

#include "model/store/share_partition_key.h"
#include "model/strong.h"

namespace sharelock {

/// A topic name. Members subscribe to names; a topic that is created again under its name is another topic.
using TopicName = Strong<struct TopicNameTag, std::uint32_t>;
using TopicNames = boost::container::flat_set<TopicName>;

/// Where a broker or a client is; value 0 is nowhere.
using RackId = Strong<struct RackIdTag, std::uint32_t>;

struct ClusterTopic {
  TopicId id;
  std::int32_t partitions = 0;
  std::uint32_t hash = 0;  ///< Java's hash of the id. Only orders of enumeration depend on it.

  friend bool operator==(const ClusterTopic&, const ClusterTopic&) = default;
};

class ClusterImage {
 public:
  void set(TopicName name, const ClusterTopic& topic) { topics_.insert_or_assign(name, topic); }
  void erase(TopicName name) { topics_.erase(name); }

  /// Null if there is no such topic.
  const ClusterTopic* find(TopicName name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : &found->second;
  }
  /// Null if there is no such topic.
  const ClusterTopic* find(TopicId id) const {
    for (const auto& [name, topic] : topics_)
      if (topic.id == id) return &topic;
    return nullptr;
  }
  /// The name of a topic that exists; value 0 otherwise.
  TopicName name_of(TopicId id) const {
    for (const auto& [name, topic] : topics_)
      if (topic.id == id) return name;
    return {};
  }

  friend bool operator==(const ClusterImage&, const ClusterImage&) = default;

 private:
  boost::container::flat_map<TopicName, ClusterTopic> topics_;
};

/// A hash over what assignments depend on (GC-56), in no order: 0 if none of the topics exists.
std::uint64_t metadata_hash(const TopicNames& names, const ClusterImage& image);

}  // namespace sharelock
