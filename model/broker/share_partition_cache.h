// The share partitions of a broker: those in the cache by key, and those that left it and are still referred to
// (SP-150).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model/broker/share_fetch.h"
#include "model/partition/share_partition.h"

namespace sharelock {

class SharePartitionCache {
 public:
  struct Object {
    SharePartitionKey key;
    SharePartition partition;
    bool cached = true;
    bool met_lock = false;  ///< A fetch found its fetch lock held (D-24 repaired).
  };

  /// Adds an object under a key that has none.
  SharePartitionId add(const SharePartitionKey& key, SharePartition partition);
  std::optional<SharePartitionId> find(const SharePartitionKey& key) const;
  /// The object leaves the cache.
  void remove(const SharePartitionKey& key);
  void forget_fetch_metadata() {
    for (auto& [id, object] : objects_) object.partition.forget_fetch_metadata();
  }

  Object& operator[](SharePartitionId id) { return objects_.find(id)->second; }
  const Object& operator[](SharePartitionId id) const { return objects_.find(id)->second; }
  const std::map<SharePartitionId, Object>& objects() const { return objects_; }

  /// The cached ones of a group, by topic and partition; of all groups, by group.
  std::vector<SharePartitionKey> keys_of(GroupId group) const;
  std::vector<SharePartitionKey> keys() const;
  /// The cached ones of a partition, in order of creation.
  std::vector<SharePartitionKey> keys_of(TopicIdPartition what) const;

 private:
  std::map<SharePartitionKey, SharePartitionId> cached_;
  std::map<SharePartitionId, Object> objects_;
  std::uint32_t next_ = 1;
};

}  // namespace sharelock
