// The delayed fetches by the keys that wake them, in the order in which they are checked: the watchers of Kafka's
// DelayedOperationPurgatory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "model/partition/share_partition.h"
#include "model/store/share_partition_key.h"

namespace sharelock {

/// What a delayed fetch is watched under (SP-162): a share partition, or with `no_group` a partition.
using WatchKey = SharePartitionKey;

/// Fetches that are no longer waiting are not in it.
class WatchLists {
 public:
  /// A place in a list. It keeps its meaning when others are added or removed.
  using Place = std::uint64_t;
  struct Entry {
    Place place;
    FetchId fetch;

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  void watch(const WatchKey& key, FetchId fetch) { lists_[key].push_back({next_place_++, fetch}); }
  void forget(std::span<const WatchKey> keys, FetchId fetch);

  std::span<const Entry> watched(const WatchKey& key) const;
  /// The first one of a list, or the first one behind a place.
  std::optional<Entry> first(const WatchKey& key) const;
  std::optional<Entry> behind(const WatchKey& key, Place place) const;

  const std::map<WatchKey, std::vector<Entry>>& lists() const { return lists_; }

  friend bool operator==(const WatchLists&, const WatchLists&) = default;

 private:
  std::map<WatchKey, std::vector<Entry>> lists_;
  Place next_place_ = 0;
};

}  // namespace sharelock
