// Everything that a search remembers: the states, the table that finds them, and where each came from.
//
// The memory limit is kept here: how many states fit depends on their number and size alone, never on how many threads
// found them, so a search that runs out of memory ends in the same place each time.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>

#include "checker/explore/parents.h"
#include "checker/explore/state_store.h"
#include "checker/explore/state_table.h"

namespace sharelock::explore {

class KnownStates {
 public:
  /// @param budget  Bytes that may be used; see memory_for().
  KnownStates(Storage storage, std::optional<std::size_t> encoded_size, std::uint64_t budget)
      : budget_{budget},
        store_{storage, encoded_size, budget},
        table_{budget},
        parents_{std::min<std::uint64_t>(budget, no_state)} {}

  StateStore& store() { return store_; }
  const StateStore& store() const { return store_; }
  StateTable& table() { return table_; }
  const StateTable& table() const { return table_; }
  Parents& parents() { return parents_; }
  const Parents& parents() const { return parents_; }
  std::uint64_t size() const { return store_.size(); }

  /// The index of the state with this encoding, or `no_state`.
  StateIndex find(std::uint64_t hash, Bytes encoding) const {
    return table_.find(hash, [&](StateIndex index) { return store_.same(index, hash, encoding); });
  }

  /// Adds a state that `find` did not find, by one thread. Precondition: it fits.
  void add(std::uint64_t hash, Bytes encoding) {
    make_room(size() + 1, [&] { fill_table([](std::size_t) { return true; }); });
    const StateTable::Slot slot = table_.insert(hash, static_cast<StateIndex>(size()));
    assert(slot != StateTable::no_slot);
    static_cast<void>(slot);
    store_.append(hash, encoding);
  }

  /// Memory in use when there are `states` whose encodings take `encoded` bytes (see StateStore::bytes_for).
  std::uint64_t memory_for(std::uint64_t states, std::uint64_t encoded) const {
    return StateTable::bytes_for(states) + store_.bytes_for(states, encoded) + Parents::bytes_for(states);
  }
  std::uint64_t memory() const { return memory_for(size(), store_.encoded_bytes()); }
  /// Whether `states` more, encoded in `encoded` bytes, may be added.
  bool fits(std::uint64_t states, std::uint64_t encoded) const {
    return size() + states < states_limit && memory_for(size() + states, store_.encoded_bytes() + encoded) <= budget_;
  }

  /// Makes the table large enough for `states`, or as large as memory allows. If it grows it is empty, and `fill` must
  /// put all states into it again (see fill_table).
  template <class Fill>
  void make_room(std::uint64_t states, const Fill& fill) {
    const std::uint64_t rest = store_.bytes_for(size(), store_.encoded_bytes()) + Parents::bytes_for(size());
    while (states > table_.comfortable() && StateTable::bytes_for(states) + rest > budget_) states /= 2;
    if (states <= table_.comfortable()) return;
    table_.restart(states);
    fill();
  }

  /// Puts the states of the shards for which `mine` says true into the table.
  template <class Mine>
  void fill_table(const Mine& mine) {
    constexpr StateIndex batch = 32;
    std::uint64_t hashes[batch];
    const auto count = static_cast<StateIndex>(size());
    for (StateIndex begin = 0; begin < count; begin += batch) {
      const StateIndex end = std::min(begin + batch, count);
      for (StateIndex i = begin; i < end; ++i) {
        hashes[i - begin] = store_.hash_at(i);
        if (mine(StateTable::shard_of(hashes[i - begin]))) prefetch(table_.home_address(hashes[i - begin]));
      }
      for (StateIndex i = begin; i < end; ++i)
        if (mine(StateTable::shard_of(hashes[i - begin]))) table_.insert(hashes[i - begin], i);
    }
  }

 private:
  /// Indices above are left for states that have no number yet.
  static constexpr std::uint64_t states_limit = std::uint64_t{no_state} - (std::uint64_t{1} << 28);

  std::uint64_t budget_;
  StateStore store_;
  StateTable table_;
  Parents parents_;
};

}  // namespace sharelock::explore
