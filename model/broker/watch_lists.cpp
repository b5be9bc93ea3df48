#include "model/broker/watch_lists.h"

#include <algorithm>

namespace sharelock {

void WatchLists::watch(const WatchKey& key, FetchId fetch) {
  std::vector<Entry>& list = lists_[key];
  if (!list.empty() && list.back().fetch == FetchId{}) list.pop_back();
  list.push_back({next_place_++, fetch});
}

void WatchLists::forget(std::span<const WatchKey> keys, FetchId fetch) {
  for (const WatchKey& key : keys) {
    const auto list = lists_.find(key);
    if (list == lists_.end()) continue;
    const auto entry = std::ranges::find(list->second, fetch, &Entry::fetch);
    if (entry == list->second.end()) continue;
    if (std::next(entry) == list->second.end())
      entry->fetch = FetchId{};
    else
      list->second.erase(entry);
  }
}

void WatchLists::passed(const WatchKey& key, Place place) {
  const auto list = lists_.find(key);
  if (list == lists_.end() || list->second.back() != Entry{place, FetchId{}}) return;
  list->second.pop_back();
  if (list->second.empty()) lists_.erase(list);
}

std::vector<FetchId> WatchLists::waiting(const WatchKey& key) const {
  std::vector<FetchId> fetches;
  for (const Entry& entry : watched(key))
    if (entry.fetch != FetchId{}) fetches.push_back(entry.fetch);
  return fetches;
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
