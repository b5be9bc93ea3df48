// The in-flight batches of a share partition: Kafka's cached state, ordered by first offset.
//
// Owns:             which offsets are tracked, by batch or by offset; where the first available record and the first
//                   hole are.
// Knows nothing of: members, locks, writes; why a state changes.
// Therefore:        a window of a few records is flat, and one of 100,000 answers in logarithmic time.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/partition/in_flight_state.h"
#include "model/partition/max_tree.h"
#include "model/partition/ordered_pool.h"

namespace sharelock {

/// A contiguous range of offsets that was acquired or loaded together (a unit, in the words of the specification). It
/// holds one state for all of them, or one for each: batch level or offset level.
struct InFlightBatch {
  Offset first = 0;
  Offset last = 0;
  InFlightState whole{};       ///< At batch level.
  std::uint32_t states = 0;    ///< At offset level: where the states begin in the window's pool.
  std::int32_t index = -1;     ///< At offset level, if long: its pair of indexes.
  std::int32_t available = 0;  ///< At offset level: how many states are available.
  std::int32_t awaiting = 0;   ///< At offset level: how many states a hand-over will come back to.
  bool by_offset = false;

  /// How many states it has at offset level: none if it ends before it begins (a batch size below 1, SP-51).
  Offset size() const { return last < first ? 0 : last - first + 1; }
  bool covers(Offset offset) const { return first <= offset && offset <= last; }
};
inline Offset key_of(const InFlightBatch& batch) {
  return batch.first;
}

class InFlightWindow {
 public:
  using Batches = OrderedPool<InFlightBatch, 6>;
  using Handle = Batches::Handle;
  static constexpr Handle none = Batches::none;

  bool empty() const { return batches_.empty(); }
  std::size_t size() const { return batches_.size(); }
  void clear();

  const InFlightBatch& operator[](Handle at) const { return batches_[at]; }
  Handle first() const { return batches_.first(); }
  Handle next(Handle at) const { return batches_.next(at); }
  Handle previous(Handle at) const { return batches_.previous(at); }
  /// The batch with the greatest first offset at or below `offset`; it need not cover it.
  Handle floor(Offset offset) const { return batches_.floor(offset); }
  /// The batch with the least first offset at or above `offset`.
  Handle ceiling(Offset offset) const { return batches_.ceiling(offset); }
  /// The batch that begins at exactly this offset.
  Handle find(Offset first) const;
  /// The last offset of the last batch. Precondition: not empty.
  Offset last_offset() const { return batches_[batches_.last()].last; }

  bool has_available(Handle at) const { return batches_.marks(at) & available_mark; }
  /// The first batch at or after `at` (none: of all) with an available record.
  Handle first_available(Handle at) const { return batches_.first_marked(at, available_mark); }
  /// The first batch at or after `at` that does not begin where the one before it ends.
  Handle first_after_hole(Handle at) const { return batches_.first_marked(at, hole_mark); }
  /// Batches overlap: only a damaged store brings that about (SP-23). Holes then have to be looked for one by one.
  bool overlaps() const { return overlaps_; }

  /// Adds a batch at batch level. Precondition: none begins there.
  Handle insert(Offset first, Offset last, const InFlightState& state);
  /// Goes over to offset level, for good: every offset starts with `state` (SP-10 says with which).
  void explode(Handle at, const InFlightState& state);
  void erase(Handle at);

  /// The state of an offset; at batch level that of the whole batch.
  const InFlightState& state(Handle at, Offset offset) const;
  /// Changes the state of an offset (at batch level, of the whole batch) by `change(InFlightState&)`.
  template <class Change>
  decltype(auto) modify(Handle at, Offset offset, Change&& change) {
    InFlightState& state = mutable_state(at, offset);
    struct Refresh {
      InFlightWindow& window;
      Handle at;
      Offset offset;
      InFlightState& state;
      InFlightState before;
      ~Refresh() { window.refresh(at, offset, before, state); }
    } refresh{*this, at, offset, state, state};
    return change(state);
  }

  /// The first available offset of a batch in [from, last offset]; one past the batch if there is none.
  Offset first_available_offset(Handle at, Offset from) const;
  /// The first offset of a batch in [from, last offset] that the start offset may not pass; one past it if there is
  /// none.
  Offset first_unfinished_offset(Handle at, Offset from) const;
  /// The greatest delivery count of the available offsets of a batch in [from, to]; -1 if none is available.
  std::int32_t max_available_delivery_count(Handle at, Offset from, Offset to) const;
  /// Whether a hand-over will come back to a state of the batch: a pending transition, ARCHIVING, an archive unwritten.
  bool is_awaited(Handle at) const;

  /// Reading, into an empty window.
  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, TimedLocks& timed);

 private:
  static constexpr Batches::Marks available_mark = 1;
  static constexpr Batches::Marks hole_mark = 2;  ///< It does not begin where the one before it ends.
  static constexpr Offset indexed_from = 64;      ///< Offset-level batches longer than this have indexes.

  struct Index {
    MaxTree available;   ///< Delivery count + 1 of an available state, otherwise 0.
    MaxTree unfinished;  ///< 1 where the start offset may not pass.
  };

  template <class Coder>
  void read_batch(Coder& coder, TimedLocks& timed);
  InFlightState& mutable_state(Handle at, Offset offset);
  void refresh(Handle at, Offset offset, const InFlightState& before, const InFlightState& after);
  void mark_available(Handle at, bool available);
  void mark_hole(Handle at);
  void index_state(const InFlightBatch& batch, Offset offset, const InFlightState& state);
  void free_states(const InFlightBatch& batch);
  void compact_states();

  Batches batches_;
  boost::container::small_vector<InFlightState, 8> states_;  ///< Of all batches at offset level, each contiguous.
  std::size_t states_unused_ = 0;                            ///< Left behind in `states_` by erased batches.
  std::vector<Index> indexes_;
  std::vector<std::int32_t> indexes_free_;
  bool overlaps_ = false;
};

}  // namespace sharelock
