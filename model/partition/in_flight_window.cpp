#include "model/partition/in_flight_window.h"

#include <cassert>

namespace sharelock {
namespace {

bool is_awaited_state(const InFlightState& state) {
  return state.is_pending() || state.state() == RecordState::archiving || state.is_unwritten();
}

/// Delivery count + 1 of an available state, otherwise 0. A damaged store can hold a count below 0; it throttles like
/// 0.
std::int32_t availability(const InFlightState& state) {
  return state.is_available() ? std::max(state.delivery_count(), 0) + 1 : 0;
}

}  // namespace

void InFlightWindow::clear() {
  batches_.clear();
  states_.clear();
  states_unused_ = 0;
  indexes_.clear();
  indexes_free_.clear();
  overlaps_ = false;
}

InFlightWindow::Handle InFlightWindow::find(Offset first) const {
  const Handle at = batches_.floor(first);
  return at != none && batches_[at].first == first ? at : none;
}

InFlightWindow::Handle InFlightWindow::insert(Offset first, Offset last, const InFlightState& state) {
  const Handle at = batches_.insert(InFlightBatch{.first = first, .last = last, .whole = state});
  mark_available(at, state.is_available());
  mark_hole(at);
  if (const Handle after = batches_.next(at); after != none) mark_hole(after);
  return at;
}

void InFlightWindow::explode(Handle at, const InFlightState& state) {
  InFlightBatch& batch = batches_[at];
  assert(!batch.by_offset);
  const auto size = static_cast<std::size_t>(batch.size());
  batch.by_offset = true;
  batch.states = static_cast<std::uint32_t>(states_.size());
  batch.available = state.is_available() ? static_cast<std::int32_t>(size) : 0;
  batch.awaiting = is_awaited_state(state) ? static_cast<std::int32_t>(size) : 0;
  states_.insert(states_.end(), size, state);
  if (batch.size() > indexed_from) {
    if (indexes_free_.empty()) {
      batch.index = static_cast<std::int32_t>(indexes_.size());
      indexes_.push_back({MaxTree{size}, MaxTree{size}});
    } else {
      batch.index = indexes_free_.back();
      indexes_free_.pop_back();
      indexes_[static_cast<std::size_t>(batch.index)] = {MaxTree{size}, MaxTree{size}};
    }
    for (Offset offset = batch.first; offset <= batch.last; ++offset) index_state(batch, offset, state);
  }
  mark_available(at, batch.available > 0);
}

void InFlightWindow::erase(Handle at) {
  const Handle after = batches_.next(at);
  if (batches_[at].by_offset) free_states(batches_[at]);
  batches_.erase(at);
  if (batches_.empty())
    clear();
  else if (after != none)
    mark_hole(after);
}

const InFlightState& InFlightWindow::state(Handle at, Offset offset) const {
  const InFlightBatch& batch = batches_[at];
  return batch.by_offset ? states_[batch.states + static_cast<std::size_t>(offset - batch.first)] : batch.whole;
}

InFlightState& InFlightWindow::mutable_state(Handle at, Offset offset) {
  return const_cast<InFlightState&>(state(at, offset));
}

void InFlightWindow::refresh(Handle at, Offset offset, const InFlightState& before, const InFlightState& after) {
  InFlightBatch& batch = batches_[at];
  if (!batch.by_offset) return mark_available(at, after.is_available());
  batch.available += (after.is_available() ? 1 : 0) - (before.is_available() ? 1 : 0);
  batch.awaiting += (is_awaited_state(after) ? 1 : 0) - (is_awaited_state(before) ? 1 : 0);
  if (batch.index >= 0) index_state(batch, offset, after);
  mark_available(at, batch.available > 0);
}

void InFlightWindow::mark_available(Handle at, bool available) {
  const Batches::Marks marks = batches_.marks(at);
  batches_.set_marks(at, static_cast<Batches::Marks>(available ? marks | available_mark : marks & ~available_mark));
}

void InFlightWindow::mark_hole(Handle at) {
  const Handle before = batches_.previous(at);
  const Offset expected = before == none ? batches_[at].first : batches_[before].last + 1;
  // A range that ends before it begins (a batch size of 0, SP-51) overlaps nothing.
  if (batches_[at].first < expected) overlaps_ = true;
  const Batches::Marks marks = batches_.marks(at);
  const bool hole = batches_[at].first > expected;
  batches_.set_marks(at, static_cast<Batches::Marks>(hole ? marks | hole_mark : marks & ~hole_mark));
}

void InFlightWindow::index_state(const InFlightBatch& batch, Offset offset, const InFlightState& state) {
  Index& index = indexes_[static_cast<std::size_t>(batch.index)];
  const auto at = static_cast<std::size_t>(offset - batch.first);
  index.available.set(at, availability(state));
  index.unfinished.set(at, state.is_finished() ? 0 : 1);
}

void InFlightWindow::free_states(const InFlightBatch& batch) {
  states_unused_ += static_cast<std::size_t>(batch.size());
  if (batch.index >= 0) {
    indexes_[static_cast<std::size_t>(batch.index)] = {MaxTree{0}, MaxTree{0}};
    indexes_free_.push_back(batch.index);
  }
  batches_[batches_.floor(batch.first)].by_offset = false;
  if (states_unused_ > 64 && states_unused_ > states_.size() / 2) compact_states();
}

void InFlightWindow::compact_states() {
  boost::container::small_vector<InFlightState, 8> kept;
  kept.reserve(states_.size() - states_unused_);
  for (Handle at = batches_.first(); at != none; at = batches_.next(at)) {
    InFlightBatch& batch = batches_[at];
    if (!batch.by_offset) continue;
    const auto begin = states_.begin() + batch.states;
    batch.states = static_cast<std::uint32_t>(kept.size());
    kept.insert(kept.end(), begin, begin + batch.size());
  }
  states_ = std::move(kept);
  states_unused_ = 0;
}

Offset InFlightWindow::first_available_offset(Handle at, Offset from) const {
  const InFlightBatch& batch = batches_[at];
  if (!batch.by_offset) return batch.whole.is_available() ? from : batch.last + 1;
  if (batch.index >= 0) {
    const Index& index = indexes_[static_cast<std::size_t>(batch.index)];
    const auto end = static_cast<std::size_t>(batch.size());
    return batch.first +
           static_cast<Offset>(index.available.first_nonzero(static_cast<std::size_t>(from - batch.first), end));
  }
  while (from <= batch.last && !state(at, from).is_available()) ++from;
  return from;
}

Offset InFlightWindow::first_unfinished_offset(Handle at, Offset from) const {
  const InFlightBatch& batch = batches_[at];
  if (!batch.by_offset) return batch.whole.is_finished() ? batch.last + 1 : std::min(from, batch.last);
  if (batch.index >= 0) {
    const Index& index = indexes_[static_cast<std::size_t>(batch.index)];
    const auto end = static_cast<std::size_t>(batch.size());
    return batch.first +
           static_cast<Offset>(index.unfinished.first_nonzero(static_cast<std::size_t>(from - batch.first), end));
  }
  while (from <= batch.last && state(at, from).is_finished()) ++from;
  return from;
}

std::int32_t InFlightWindow::max_available_delivery_count(Handle at, Offset from, Offset to) const {
  const InFlightBatch& batch = batches_[at];
  if (!batch.by_offset) return availability(batch.whole) - 1;
  from = std::max(from, batch.first);
  to = std::min(to, batch.last);
  if (batch.index >= 0 && from <= to) {
    const Index& index = indexes_[static_cast<std::size_t>(batch.index)];
    return index.available.max(static_cast<std::size_t>(from - batch.first),
                               static_cast<std::size_t>(to - batch.first) + 1) -
           1;
  }
  std::int32_t found = 0;
  for (; from <= to; ++from) found = std::max(found, availability(state(at, from)));
  return found - 1;
}

bool InFlightWindow::is_awaited(Handle at) const {
  const InFlightBatch& batch = batches_[at];
  return batch.by_offset ? batch.awaiting > 0 : is_awaited_state(batch.whole);
}

}  // namespace sharelock
