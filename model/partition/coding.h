// A share partition and what is outstanding for it, as a world is coded (model/coding/survey.h).
//
// Locks are named by their place among those in the timer; hand-overs have no names: each is coded with the request
// that answers it. What can have no effect any more is left out: a gap that is not active, offsets of an object that
// has not loaded, limits that never change.
#pragma once

#include "model/coding/coder.h"
#include "model/partition/share_partition.h"

namespace sharelock {

/// The locks of one share partition that are in the timer, in canonical order.
struct TimedLocks {
  std::int32_t duration_ms = 0;
  boost::container::small_vector<AcquisitionLock, 8> locks{};
  std::uint32_t next = 1;  ///< Reading: the next free lock id.
};

template <class Coder, class Self>
void HeldLock::code(Self& self, Coder& coder, TimedLocks& timed) {
  std::size_t place = 0;  // 0: no lock; 1: one that is in the timer no more.
  if constexpr (!Coder::reads) {
    const auto found = std::ranges::find(timed.locks, self.id, &AcquisitionLock::id);
    if (self.exists())
      place = found == timed.locks.end() ? 1 : static_cast<std::size_t>(found - timed.locks.begin()) + 2;
  }
  place = coder.count(place);
  if (place == 1) {
    coder.member(self.owner);
    coder.deadline(timed.duration_ms, self.expires_at);
    if constexpr (Coder::reads) self.id = LockId{timed.next++};
  }
  if constexpr (Coder::reads) {
    if (place < 2) return;
    const AcquisitionLock& lock = timed.locks[place - 2];
    self.id = lock.id;
    self.owner = lock.owner;
    self.expires_at = lock.expires_at;
  }
}

template <class Coder, class Self>
void InFlightState::code(Self& self, Coder& coder, TimedLocks& timed) {
  std::uint8_t packed = 0;
  if constexpr (!Coder::reads)
    packed = static_cast<std::uint8_t>(static_cast<unsigned>(self.state_) | unsigned{self.pending_} << 3 |
                                       unsigned{self.sticky_} << 4 | unsigned{self.unwritten_} << 5 |
                                       unsigned{self.lock_.expired} << 6);
  coder.small(packed);
  if constexpr (Coder::reads) {
    self.state_ = static_cast<RecordState>(packed & 7);
    self.pending_ = packed & 8;
    self.sticky_ = packed & 16;
    self.unwritten_ = packed & 32;
    self.lock_.expired = packed & 64;
  }
  coder.number(self.delivery_count_);
  coder.member(self.owner_);
  if (self.pending_) {
    coder.member(self.rollback_owner_);
    coder.number(self.rollback_limit_);
  }
  HeldLock::code(self.lock_, coder, timed);
}

template <class Coder, class Self>
void InFlightWindow::code(Self& self, Coder& coder, TimedLocks& timed) {
  const std::size_t size = coder.count(self.size());
  if constexpr (Coder::reads) {
    for (std::size_t i = 0; i < size; ++i) self.read_batch(coder, timed);
  } else {
    for (Handle at = self.first(); at != none; at = self.next(at)) {
      const InFlightBatch& batch = self[at];
      coder.offset(batch.first);
      coder.number(batch.last - batch.first);
      coder.flag(batch.by_offset);
      if (!batch.by_offset) InFlightState::code(batch.whole, coder, timed);
      for (Offset offset = batch.first; batch.by_offset && offset <= batch.last; ++offset)
        InFlightState::code(self.state(at, offset), coder, timed);
    }
  }
}

template <class Coder>
void InFlightWindow::read_batch(Coder& coder, TimedLocks& timed) {
  Offset first = 0;
  Offset length = 0;
  bool by_offset = false;
  coder.offset(first);
  coder.number(length);
  coder.flag(by_offset);
  InFlightState state;
  if (!by_offset) InFlightState::code(state, coder, timed);
  const Handle at = insert(first, first + length, state);
  if (!by_offset) return;
  explode(at, state);
  for (Offset offset = first; offset <= first + length; ++offset)
    modify(at, offset, [&](InFlightState& each) { InFlightState::code(each, coder, timed); });
}

template <class Coder, class Self>
void SharePartition::code(Self& self, Coder& coder, TimedLocks& timed) {
  coder.small(self.state_);
  bool loaded = self.state_ != PartitionState::empty && !self.read_;
  coder.flag(loaded);
  if (!loaded) return;
  coder.flag(self.find_next_);
  coder.state_epoch(self.state_epoch_);
  coder.offset(self.start_);
  coder.offset(self.end_);
  coder.number(self.complete_count_);
  InFlightWindow::code(self.window_, coder, timed);
  bool gap = self.gap_active();
  coder.flag(gap);
  if constexpr (Coder::reads) self.gap_ = gap ? std::optional{GapWindow{0, self.end_}} : std::nullopt;
  if (gap) coder.offset(self.gap_->start);
}

template <class Coder, class Self>
void SharePartition::code_item(Self& self, Coder& coder, auto& item, TimedLocks& timed) {
  coder.offset(item.batch);
  coder.offset(item.first);
  coder.offset(item.last);
  coder.number(item.delivery_count);
  coder.small(item.state);
  coder.small(item.cause);
  bool detached = item.detached != 0;
  coder.flag(detached);
  if (!detached) return;
  if constexpr (Coder::reads) {
    item.detached = self.next_detached_++;
    self.detached_.emplace_back(item.detached, InFlightState{});
    InFlightState::code(self.detached_.back().second, coder, timed);
  } else {
    const auto copy = std::ranges::find(self.detached_, item.detached, &std::pair<std::uint32_t, InFlightState>::first);
    InFlightState::code(copy->second, coder, timed);
  }
}

/// `code_request(id)` codes who asked. Reading, the hand-over gets its id here.
template <class Coder, class Self, class CodeRequest>
void SharePartition::code_hand_over(Self& self, Coder& coder, HandOverId& id, TimedLocks& timed,
                                    CodeRequest&& code_request) {
  enum class Kind : std::uint8_t { over, read, write, dead_letter } kind = Kind::over;
  if constexpr (!Coder::reads) {
    kind = self.read_ && self.read_->first == id    ? Kind::read
           : self.writes_.find(id) != nullptr       ? Kind::write
           : self.dead_letters_.find(id) != nullptr ? Kind::dead_letter
                                                    : Kind::over;
  }
  coder.small(kind);
  if constexpr (Coder::reads) {
    id = HandOverId{self.next_hand_over_++};
    if (kind == Kind::read) self.read_.emplace(id, RequestId{});
    if (kind == Kind::write) self.writes_.add({.id = id, .kind = {}, .request = {}, .items = {}});
    if (kind == Kind::dead_letter) self.dead_letters_.add({id, {}});
  }
  if (kind == Kind::read) code_request(self.read_->second);
  if (kind == Kind::dead_letter) code_item(self, coder, self.dead_letters_.find(id)->item, timed);
  if (kind != Kind::write) return;
  auto* const write = self.writes_.find(id);
  coder.small(write->kind);
  if (is_awaited(write->kind)) code_request(write->request);
  code_all(coder, write->items, [&](auto& item) { code_item(self, coder, item, timed); });
}

}  // namespace sharelock
