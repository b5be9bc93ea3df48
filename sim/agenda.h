// What is going to happen, and when: earliest first, then first scheduled.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "model/strong.h"

namespace sharelock {

/// A 4-ary heap of small entries; what is to happen lies beside it and does not move. Scheduling and taking cost the
/// logarithm of what is pending; cancelling is a mark. Equal times keep the order of scheduling.
template <class What>
class Agenda {
 public:
  /// Names something scheduled until it was taken or cancelled; afterwards it names nothing.
  struct Handle {
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
  };
  struct Entry {
    TimeMs at;
    What what;
  };

  Handle schedule(TimeMs at, const What& what) {
    std::uint32_t slot;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(slots_.size());
      slots_.push_back({what, 1, true});
    } else {
      slot = free_.back();
      free_.pop_back();
      slots_[slot].what = what;
      slots_[slot].live = true;
    }
    heap_.push_back({at, next_order_++, slot});
    sift_up(heap_.size() - 1);
    ++pending_;
    return {slot, slots_[slot].generation};
  }

  /// Nothing happens if it was taken or cancelled before.
  void cancel(Handle handle) {
    if (handle.slot >= slots_.size()) return;
    Slot& slot = slots_[handle.slot];
    if (!slot.live || slot.generation != handle.generation) return;
    slot.live = false;
    --pending_;
    drop_cancelled_if_many();
  }

  std::optional<Entry> take() {
    while (!heap_.empty()) {
      const Node node = heap_.front();
      pop();
      Slot& slot = slots_[node.slot];
      const bool live = std::exchange(slot.live, false);
      ++slot.generation;
      free_.push_back(node.slot);
      if (!live) continue;
      --pending_;
      return Entry{node.at, slot.what};
    }
    return std::nullopt;
  }

  std::size_t pending() const { return pending_; }

 private:
  struct Node {
    TimeMs at;
    std::uint64_t order;
    std::uint32_t slot;
    bool before(const Node& other) const { return at != other.at ? at < other.at : order < other.order; }
  };
  struct Slot {
    What what;
    std::uint32_t generation;
    bool live;
  };
  static constexpr std::size_t arity = 4;

  void sift_up(std::size_t at) {
    const Node node = heap_[at];
    while (at > 0 && node.before(heap_[(at - 1) / arity])) {
      heap_[at] = heap_[(at - 1) / arity];
      at = (at - 1) / arity;
    }
    heap_[at] = node;
  }

  void sift_down(std::size_t at) {
    const Node node = heap_[at];
    for (;;) {
      const std::size_t first = at * arity + 1;
      if (first >= heap_.size()) break;
      std::size_t least = first;
      for (std::size_t child = first + 1; child < first + arity && child < heap_.size(); ++child)
        if (heap_[child].before(heap_[least])) least = child;
      if (!heap_[least].before(node)) break;
      heap_[at] = heap_[least];
      at = least;
    }
    heap_[at] = node;
  }

  void pop() {
    heap_.front() = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0);
  }

  /// Locks are cancelled by the million, half a minute before they would fire: they must not pile up.
  void drop_cancelled_if_many() {
    constexpr std::size_t few = 1024;
    if (heap_.size() < few || pending_ * 2 > heap_.size()) return;
    std::size_t kept = 0;
    for (const Node& node : heap_) {
      if (slots_[node.slot].live) {
        heap_[kept++] = node;
      } else {
        ++slots_[node.slot].generation;
        free_.push_back(node.slot);
      }
    }
    heap_.resize(kept);
    for (std::size_t at = kept / arity + 1; at-- > 0;)
      if (at < kept) sift_down(at);
  }

  std::vector<Node> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_order_ = 0;
  std::size_t pending_ = 0;
};

}  // namespace sharelock
