// The order in which a java.util.HashMap or HashSet enumerates what it holds.
//
// The assignor of share groups enumerates such tables and its result depends on it (AS-3). Buckets come in ascending
// order, the entries of one bucket in the order of their chain. Not followed: chains of eight entries and more, which
// Java turns into trees.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sharelock {

/// A set of entries, each with the hash that Java gives it. Entries lie in the order of enumeration.
template <class Entry>
class HashOrder {
 public:
  HashOrder() = default;
  /// A table that is made for so many entries.
  static HashOrder made_for(std::size_t entries) {
    HashOrder table;
    const auto wanted = static_cast<std::size_t>(static_cast<float>(entries + 1) / 0.75f + 1.0f);
    for (table.capacity_ = 1; table.capacity_ < wanted;) table.capacity_ *= 2;
    return table;
  }

  std::size_t size() const { return slots_.size(); }
  auto begin() const { return slots_.begin(); }
  auto end() const { return slots_.end(); }
  const Entry& operator[](std::size_t index) const { return slots_[index].second; }
  Entry& operator[](std::size_t index) { return slots_[index].second; }

  /// The index of the entry that equals `key`; size() if there is none.
  template <class Key>
  std::size_t find(std::uint32_t hash, const Key& key) const {
    const auto [first, last] = chain(spread(hash));
    const auto found = std::find_if(first, last, [&](const Slot& slot) { return slot.second == key; });
    return found == last ? size() : static_cast<std::size_t>(found - slots_.begin());
  }

  /// Adds an entry at the end of its chain, unless it is there; what a set does. The table may double afterwards.
  void add(std::uint32_t hash, Entry entry) {
    if (find(hash, entry) != size()) return;
    const std::uint32_t spread_hash = spread(hash);
    slots_.insert(chain(spread_hash).second, {spread_hash, std::move(entry)});
    if (is_too_full()) grow();
  }

  /// The entry that equals `key`, made from `make()` at the head of its chain if there was none; what "compute if
  /// absent" does. The table may double before.
  template <class Key, class Make>
  Entry& find_or_make(std::uint32_t hash, const Key& key, const Make& make) {
    if (is_too_full()) grow();
    if (const std::size_t found = find(hash, key); found != size()) return slots_[found].second;
    const std::uint32_t spread_hash = spread(hash);
    return slots_.insert(chain(spread_hash).first, {spread_hash, make()})->second;
  }

  void remove_at(std::size_t index) { slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(index)); }

 private:
  using Slot = std::pair<std::uint32_t, Entry>;  ///< With the hash as buckets are chosen by it.

  static std::uint32_t spread(std::uint32_t hash) { return hash ^ (hash >> 16); }
  bool is_too_full() const { return size() > capacity_ / 4 * 3 + capacity_ % 4 * 3 / 4; }
  auto bucket() const {
    return [mask = capacity_ - 1](const Slot& slot) { return slot.first & mask; };
  }
  std::pair<typename std::vector<Slot>::const_iterator, typename std::vector<Slot>::const_iterator> chain(
      std::uint32_t spread_hash) const {
    const auto found = std::ranges::equal_range(slots_, spread_hash & (capacity_ - 1), {}, bucket());
    return {found.begin(), found.end()};
  }
  void grow() {
    capacity_ *= 2;
    std::ranges::stable_sort(slots_, {}, bucket());
  }

  std::size_t capacity_ = 16;  ///< A power of two.
  std::vector<Slot> slots_;
};

}  // namespace sharelock
