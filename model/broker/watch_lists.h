// The delayed fetches by the keys that wake them, in the order in which they are checked: the watchers of Kafka's
// DelayedOperationPurgatory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <vector>

#include "model/partition/share_partition.h"
#include "model/store/share_partition_key.h"

namespace sharelock {

/// What a delayed fetch is watched under (SP-162): a share partition, or with `no_group` a partition.
using WatchKey = SharePartitionKey;

/// A fetch that is no longer waiting is not in it, but for one thing: the last place of a list stays, empty, until a
/// check passes it or another fetch comes behind it. A check looks the next place up before it tries a fetch; with such
/// a place behind the last fetch it meets what is added meanwhile, without it does not. A list without places ends;
/// what comes later under its key is in another one, which a check that began with the first does not see.
class WatchLists {
 public:
  /// A place in a list. It keeps its meaning when others are added or removed.
  using Place = std::uint64_t;
  struct Entry {
    Place place;
    FetchId fetch;  ///< Value 0: nobody waits here.

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  void watch(const WatchKey& key, FetchId fetch);
  /// The fetch waits no longer.
  void forget(std::span<const WatchKey> keys, FetchId fetch);
  /// A check is behind that place.
  void passed(const WatchKey& key, Place place);

  std::span<const Entry> watched(const WatchKey& key) const;
  /// The fetches that wait, in order.
  std::vector<FetchId> waiting(const WatchKey& key) const;
  /// The first one of a list, or the first one behind a place.
  std::optional<Entry> first(const WatchKey& key) const;
  std::optional<Entry> behind(const WatchKey& key, Place place) const;

  /// The keys under which there is a list.
  auto keys() const { return std::views::keys(lists_); }

  friend bool operator==(const WatchLists&, const WatchLists&) = default;

 private:
  struct List {
    Place begun;  ///< The first place that it had.
    std::vector<Entry> entries;

    friend bool operator==(const List&, const List&) = default;
  };

  std::map<WatchKey, List> lists_;
  Place next_place_ = 0;
};

}  // namespace sharelock
