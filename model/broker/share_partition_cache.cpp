#include "model/broker/share_partition_cache.h"

namespace sharelock {

SharePartitionId SharePartitionCache::add(const SharePartitionKey& key, SharePartition partition) {
  const SharePartitionId id{next_++};
  objects_.emplace(id, Object{key, std::move(partition)});
  cached_.emplace(key, id);
  return id;
}

std::optional<SharePartitionId> SharePartitionCache::find(const SharePartitionKey& key) const {
  const auto found = cached_.find(key);
  if (found == cached_.end()) return std::nullopt;
  return found->second;
}

void SharePartitionCache::remove(const SharePartitionKey& key) {
  const auto found = cached_.find(key);
  if (found == cached_.end()) return;
  (*this)[found->second].cached = false;
  cached_.erase(found);
}

std::vector<SharePartitionKey> SharePartitionCache::keys_of(GroupId group) const {
  std::vector<SharePartitionKey> keys;
  for (const auto& [key, object] : cached_)
    if (key.group == group) keys.push_back(key);
  return keys;
}

std::vector<SharePartitionKey> SharePartitionCache::keys() const {
  std::vector<SharePartitionKey> keys;
  for (const auto& [key, object] : cached_) keys.push_back(key);
  return keys;
}

std::vector<SharePartitionKey> SharePartitionCache::keys_of(TopicIdPartition what) const {
  std::vector<SharePartitionKey> keys;
  for (const auto& [id, object] : objects_)
    if (object.cached && object.key.topic == what.topic && object.key.partition == what.partition)
      keys.push_back(object.key);
  return keys;
}

}  // namespace sharelock
