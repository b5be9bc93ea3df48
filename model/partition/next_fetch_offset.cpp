// The next fetch offset (SP-30) and the room in the window (SP-32).
#include <algorithm>

#include "model/partition/share_partition.h"

namespace sharelock {

Offset SharePartition::next_fetch_offset() {
  tell(asked::NextFetchOffset{});
  return note_next_fetch_offset();
}

Offset SharePartition::note_next_fetch_offset() {
  const Offset next = peek_next_fetch_offset();
  const bool fresh = window_.empty() || start_ > window_.last_offset();
  if (find_next_ && (fresh || !first_fetchable())) find_next_ = false;
  return next;
}

Offset SharePartition::peek_next_fetch_offset() const {
  if (window_.empty() || start_ > window_.last_offset()) return end_;
  if (!find_next_) return end_ + 1;
  return first_fetchable().value_or(end_ + 1);
}

bool SharePartition::can_acquire(const Surroundings& around) {
  tell(asked::CanAcquire{}, &around);
  return note_next_fetch_offset() != end_ + 1 || counted_in_flight(around.profile) < max_record_locks(around);
}

/// The first available record or, while the gap is active, the first offset of it that no batch covers.
/// Not clamped to the start offset: a gap that the log start has passed is found too (D-2).
std::optional<Offset> SharePartition::first_fetchable() const {
  if (gap_active() && window_.overlaps()) return first_fetchable_by_scan();
  const Handle available = window_.first_available(InFlightWindow::none);
  const std::optional<Hole> hole = first_hole();
  // In front of a batch with an available record the hole comes first.
  if (hole && (available == InFlightWindow::none || window_[hole->before].first <= window_[available].first))
    return hole->begin;
  if (available == InFlightWindow::none) return std::nullopt;
  return window_.first_available_offset(available, window_[available].first);
}

/// The first part of an active gap that no batch covers. Precondition: batches do not overlap.
std::optional<SharePartition::Hole> SharePartition::first_hole() const {
  if (!gap_active()) return std::nullopt;
  Handle reached = window_.floor(gap_->start);
  if (reached == InFlightWindow::none || window_[reached].last < gap_->start) reached = window_.ceiling(gap_->start);
  if (reached == InFlightWindow::none) return std::nullopt;
  if (window_[reached].first > gap_->start) return Hole{reached, gap_->start};
  const Handle next = window_.next(reached);
  const Handle after = next == InFlightWindow::none ? next : window_.first_after_hole(next);
  if (after == InFlightWindow::none) return std::nullopt;
  return Hole{after, window_[window_.previous(after)].last + 1};
}

/// The same for batches that overlap, where the end of what is covered is not that of the batch before (SP-30 step 4).
std::optional<Offset> SharePartition::first_fetchable_by_scan() const {
  Offset covered = gap_->start;
  for (Handle at = window_.first(); at != InFlightWindow::none; at = window_.next(at)) {
    if (window_[at].first > covered) return covered;
    covered = std::max(covered, window_[at].last + 1);
    if (window_.has_available(at)) return window_.first_available_offset(at, window_[at].first);
  }
  return std::nullopt;
}

}  // namespace sharelock
