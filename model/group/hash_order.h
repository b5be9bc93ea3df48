// The order in which a java.util.HashMap or HashSet enumerates what it holds.
//
// The assignor of share groups enumerates such tables and its result depends on it (AS-3). Buckets come in ascending
// order, the entries of one bucket in the order of their chain. Not followed: chains of eight entries and more, which
// Java turns into trees.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace sharelock {

/// A set of entries, each with the hash that Java gives it. A loop over it follows the order of enumeration.
template <class Entry>
class HashOrder {
 public:
  HashOrder() : heads_(16, none) {}
  /// A table that is made for so many entries.
  static HashOrder made_for(std::size_t entries) {
    const auto wanted = static_cast<std::size_t>(static_cast<float>(entries + 1) / 0.75f + 1.0f);
    std::size_t capacity = 1;
    while (capacity < wanted) capacity *= 2;
    HashOrder table;
    table.heads_.assign(capacity, none);
    table.slots_.reserve(entries);
    return table;
  }

  std::size_t size() const { return size_; }

  class Iterator {
   public:
    explicit Iterator(const HashOrder& table) : table_{&table}, at_{table.heads_[0]} { skip_empty_buckets(); }
    const Entry& operator*() const { return table_->slots_[at_].entry; }
    Iterator& operator++() {
      at_ = table_->slots_[at_].next;
      skip_empty_buckets();
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return at_ == none; }

   private:
    void skip_empty_buckets() {
      while (at_ == none && ++bucket_ < table_->heads_.size()) at_ = table_->heads_[bucket_];
    }

    const HashOrder* table_;
    std::size_t bucket_ = 0;
    std::uint32_t at_;
  };
  Iterator begin() const { return Iterator{*this}; }
  std::default_sentinel_t end() const { return {}; }

  /// The entry that equals `key`; null if there is none.
  template <class Key>
  const Entry* find(std::uint32_t hash, const Key& key) const {
    for (std::uint32_t at = heads_[bucket(spread(hash))]; at != none; at = slots_[at].next)
      if (slots_[at].entry == key) return &slots_[at].entry;
    return nullptr;
  }

  /// Adds an entry at the end of its chain, unless it is there; what a set does. The table may double afterwards.
  void add(std::uint32_t hash, const Entry& entry) {
    if (find(hash, entry)) return;
    const std::uint32_t made = make_slot(hash, none, entry);  // First: it may move what links lie in.
    last_link(spread(hash)) = made;
    if (is_too_full()) grow();
  }

  /// The entry that equals `key`, made from `make()` at the head of its chain if there was none; what "compute if
  /// absent" does. The table may double before.
  template <class Key, class Make>
  const Entry& find_or_make(std::uint32_t hash, const Key& key, const Make& make) {
    if (is_too_full()) grow();
    if (const Entry* found = find(hash, key)) return *found;
    std::uint32_t& head = heads_[bucket(spread(hash))];
    head = make_slot(hash, head, make());
    return slots_[head].entry;
  }

  /// Removes the entry that equals `key`, which is there.
  template <class Key>
  void remove(std::uint32_t hash, const Key& key) {
    std::uint32_t* link = &heads_[bucket(spread(hash))];
    while (!(slots_[*link].entry == key)) link = &slots_[*link].next;
    *link = slots_[*link].next;
    --size_;
  }

 private:
  static constexpr std::uint32_t none = ~0u;

  struct Slot {
    std::uint32_t hash;  ///< As buckets are chosen by it.
    std::uint32_t next;  ///< In the chain.
    Entry entry;
  };

  static std::uint32_t spread(std::uint32_t hash) { return hash ^ (hash >> 16); }
  bool is_too_full() const { return size_ > heads_.size() / 4 * 3 + heads_.size() % 4 * 3 / 4; }
  std::size_t bucket(std::uint32_t spread_hash) const { return spread_hash & (heads_.size() - 1); }
  std::uint32_t make_slot(std::uint32_t hash, std::uint32_t next, const Entry& entry) {
    ++size_;
    slots_.push_back({spread(hash), next, entry});
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  /// What says that a chain ends.
  std::uint32_t& last_link(std::uint32_t spread_hash) {
    std::uint32_t* link = &heads_[bucket(spread_hash)];
    while (*link != none) link = &slots_[*link].next;
    return *link;
  }
  void grow() {
    const auto chains = std::move(heads_);
    heads_.assign(2 * chains.size(), none);
    for (const std::uint32_t head : chains)
      for (std::uint32_t at = head; at != none;) {
        const std::uint32_t next = std::exchange(slots_[at].next, none);
        last_link(slots_[at].hash) = at;
        at = next;
      }
  }

  boost::container::small_vector<std::uint32_t, 16> heads_;  ///< Of the chains; as many as a power of two.
  boost::container::small_vector<Slot, 4> slots_;            ///< Also those that were removed.
  std::size_t size_ = 0;
};

}  // namespace sharelock
