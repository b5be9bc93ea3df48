#include "model/broker/watch_lists.h"

#include <algorithm>

namespace sharelock {

void WatchLists::forget(std::span<const WatchKey> keys, FetchId fetch) {
  for (const WatchKey& key : keys) {
    const auto list = lists_.find(key);
    if (list == lists_.end()) continue;
    std::erase_if(list->second, [&](const Entry& entry) { return entry.fetch == fetch; });
    if (list->second.empty()) lists_.erase(list);
  }
}

std::span<const WatchLists::Entry> WatchLists::watched(const WatchKey& key) const {
  const auto list = lists_.find(key);
  if (list == lists_.end()) return {};
  return list->second;
}

std::optional<WatchLists::Entry> WatchLists::first(const WatchKey& key) const {
  const auto list = watched(key);
  if (list.empty()) return std::nullopt;
  return list.front();
}

std::optional<WatchLists::Entry> WatchLists::behind(const WatchKey& key, Place place) const {
  const auto list = watched(key);
  const auto found = std::ranges::upper_bound(list, place, {}, &Entry::place);
  if (found == list.end()) return std::nullopt;
  return *found;
}

}  // namespace sharelock
