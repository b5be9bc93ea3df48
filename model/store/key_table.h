// Values by SharePartitionKey: one key is flat and allocates nothing, many are found in logarithmic time.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <utility>

#include "model/store/share_partition_key.h"

namespace sharelock {

/// An ordered map. Values stay where they are; only a small index entry moves when a key is added between others.
template <class Value>
class KeyTable {
 public:
  std::size_t size() const { return index_.size(); }
  bool empty() const { return index_.empty(); }

  const Value* find(const SharePartitionKey& key) const {
    const auto found = at_or_after(key);
    return found != index_.end() && found->key == key ? &slots_[found->slot] : nullptr;
  }
  Value* find(const SharePartitionKey& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

  /// The value of the key, a fresh one if there was none.
  Value& operator[](const SharePartitionKey& key) {
    const auto found = index_.begin() + (at_or_after(key) - index_.cbegin());
    if (found != index_.end() && found->key == key) return slots_[found->slot];
    auto slot = static_cast<std::uint32_t>(slots_.size());
    if (free_.empty()) {
      slots_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    index_.insert(found, {key, slot});
    return slots_[slot];
  }

  void erase(const SharePartitionKey& key) {
    const auto found = at_or_after(key);
    if (found == index_.end() || found->key != key) return;
    slots_[found->slot] = Value{};
    free_.push_back(found->slot);
    index_.erase(found);
  }

  /// Calls `visit(key, value)` in ascending order of the keys.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Entry& entry : index_) visit(entry.key, slots_[entry.slot]);
  }

  friend bool operator==(const KeyTable& a, const KeyTable& b) {
    return std::ranges::equal(a.index_, b.index_, [&](const Entry& x, const Entry& y) {
      return x.key == y.key && a.slots_[x.slot] == b.slots_[y.slot];
    });
  }

 private:
  struct Entry {
    SharePartitionKey key;
    std::uint32_t slot;
  };

  auto at_or_after(const SharePartitionKey& key) const {
    return std::ranges::lower_bound(index_, key, {}, &Entry::key);
  }

  boost::container::small_vector<Entry, 2> index_;  ///< By key.
  boost::container::small_vector<Value, 1> slots_;
  boost::container::small_vector<std::uint32_t, 2> free_;
};

}  // namespace sharelock
