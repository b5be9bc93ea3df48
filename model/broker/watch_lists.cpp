#include "model/broker/watch_lists.h"

#include <algorithm>

namespace sharelock {

void WatchLists::watch(const WatchKey& key, FetchId fetch) {
  std::vector<Entry>& list = lists_.try_emplace(key, List{next_place_, {}}).first->second.entries;
  if (!list.empty() && list.back().fetch == FetchId{}) list.pop_back();
  list.push_back({next_place_++, fetch});
}

void WatchLists::forget(std::span<const WatchKey> keys, FetchId fetch) {
  for (const WatchKey& key : keys) {
    const auto found = lists_.find(key);
    if (found == lists_.end()) continue;
    std::vector<Entry>& list = found->second.entries;
    const auto entry = std::ranges::find(list, fetch, &Entry::fetch);
    if (entry == list.end()) continue;
    if (std::next(entry) == list.end())
      entry->fetch = FetchId{};
    else
      list.erase(entry);
  }
}

void WatchLists::passed(const WatchKey& key, Place place) {
  const auto found = lists_.find(key);
  if (found == lists_.end() || found->second.entries.back() != Entry{place, FetchId{}}) return;
  found->second.entries.pop_back();
  if (found->second.entries.empty()) lists_.erase(found);
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
  return list->second.entries;
}

std::optional<WatchLists::Entry> WatchLists::first(const WatchKey& key) const {
  const auto list = watched(key);
  if (list.empty()) return std::nullopt;
  return list.front();
}

std::optional<WatchLists::Entry> WatchLists::behind(const WatchKey& key, Place place) const {
  const auto list = lists_.find(key);
  if (list == lists_.end() || list->second.begun > place) return std::nullopt;
  const auto found = std::ranges::upper_bound(list->second.entries, place, {}, &Entry::place);
  if (found == list->second.entries.end()) return std::nullopt;
  return *found;
}

}  // namespace sharelock
