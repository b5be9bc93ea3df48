// What was handed over to persister or dead-letter queue and is not answered yet.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <optional>
#include <utility>

#include "model/partition/outbox.h"
#include "model/partition/requests.h"

namespace sharelock {

/// A range whose outcome decides about in-flight states: one batch at batch level, or one offset.
struct WorkItem {
  Offset batch = 0;  ///< The first offset of the in-flight batch that holds the states.
  Offset first = 0;
  Offset last = 0;
  std::int32_t delivery_count = 0;
  RecordState state = RecordState::available;  ///< What was asked for and written.
  DeadLetterCause cause = DeadLetterCause::exceeded;
  /// Not 0: the states left the window while the hand-over was under way (D-4, a damaged store); the id of the copy
  /// that stands for them now.
  std::uint32_t detached = 0;
};

using WorkItems = boost::container::small_vector<WorkItem, 2>;

struct PendingWrite {
  HandOverId id;
  WriteKind kind = WriteKind::acknowledge;
  RequestId request{};
  WorkItems items;  ///< Expiry: those that go on to the dead-letter queue, and those that hold the start offset.
};

/// Whether a request waits for the answer of such a write.
constexpr bool is_awaited(WriteKind kind) {
  return kind == WriteKind::acknowledge || kind == WriteKind::release || kind == WriteKind::start;
}

struct PendingDeadLetter {
  HandOverId id;
  WorkItem item;
};

/// Hand-overs in order of issue; found in logarithmic time and taken out in amortised constant time.
template <class T>
class HandOvers {
 public:
  void add(T hand_over) { entries_.push_back({std::move(hand_over), false}); }

  /// The one of that id, until the next call of add or take; null if it is not outstanding.
  T* find(HandOverId id) {
    Entry* const entry = look_up(id);
    return entry == nullptr ? nullptr : &entry->value;
  }
  const T* find(HandOverId id) const { return const_cast<HandOvers*>(this)->find(id); }

  /// Takes out the one of that id; nothing if it is not outstanding.
  std::optional<T> take(HandOverId id) {
    Entry* const entry = look_up(id);
    if (entry == nullptr) return std::nullopt;
    std::optional<T> taken{std::move(entry->value)};
    entry->value.id = id;  // Entries stay in order.
    entry->taken = true;
    ++taken_;
    if (taken_ * 2 >= entries_.size()) {
      entries_.erase(std::remove_if(entries_.begin(), entries_.end(), [](const Entry& each) { return each.taken; }),
                     entries_.end());
      taken_ = 0;
    }
    return taken;
  }

  template <class Visit>
  void for_each(Visit&& visit) {
    for (Entry& entry : entries_)
      if (!entry.taken) visit(entry.value);
  }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Entry& entry : entries_)
      if (!entry.taken) visit(entry.value);
  }
  bool empty() const { return entries_.size() == taken_; }
  void clear() {
    entries_.clear();
    taken_ = 0;
  }

 private:
  struct Entry {
    T value;
    bool taken = false;
  };

  Entry* look_up(HandOverId id) {
    const auto found = std::lower_bound(entries_.begin(), entries_.end(), id,
                                        [](const Entry& entry, HandOverId wanted) { return entry.value.id < wanted; });
    return found == entries_.end() || found->value.id != id || found->taken ? nullptr : &*found;
  }

  boost::container::small_vector<Entry, 2> entries_;
  std::size_t taken_ = 0;
};

}  // namespace sharelock
