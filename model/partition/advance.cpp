// The start offset advances over what is finished, and batches leave the window (section 5.4).
#include <algorithm>

#include "model/partition/share_partition.h"

namespace sharelock {
namespace {

bool may_pass(const InFlightState& state, const Profile& profile) {
  return profile.has(Switch::advance_over_pending) ? is_terminal(state.state()) : state.is_finished();
}

}  // namespace

SharePartition::Advance SharePartition::advance(const Profile& profile) {
  if (window_.empty()) return Advance::unchanged;
  if (const std::optional<Advance> stopped = guard_advance(profile)) return *stopped;
  const bool skipped = !profile.has(Switch::absent_gap_blocks) && skip_absent_gap();
  const bool judged_from_start = !profile.has(Switch::start_moves_back);
  Offset last_finished = -1;
  std::int64_t finished = 0;
  for (Handle at = window_.first(); at != InFlightWindow::none; at = window_.next(at)) {
    const InFlightBatch& batch = window_[at];
    if (gap_stops_at(batch, last_finished, profile)) break;
    const Offset from = judged_from_start ? std::max(batch.first, std::min(start_, batch.last)) : batch.first;
    const Offset stop = first_unfinished(at, from, profile);
    if (stop > from || stop > batch.last) {
      last_finished = stop - 1;
      finished += from_start(batch.first, last_finished);
    }
    if (stop <= batch.last) break;
  }
  if (last_finished != -1) return move_start(last_finished, finished, profile);
  return skipped ? Advance::changed : Advance::unchanged;
}

/// SP-101: whether the state of the start offset itself forbids any advance. Nothing if it does not.
std::optional<SharePartition::Advance> SharePartition::guard_advance(const Profile& profile) const {
  const Handle at = window_.floor(start_);
  if (at == InFlightWindow::none)
    return profile.has(Switch::absent_gap_blocks) ? std::optional{Advance::unchanged} : std::nullopt;  // D-1
  const InFlightBatch& batch = window_[at];
  if (batch.by_offset && !batch.covers(start_))
    return profile.has(Switch::advance_aborts_past_batch) ? std::optional{Advance::aborted} : std::nullopt;  // D-6
  if (!may_pass(window_.state(at, start_), profile)) return Advance::unchanged;
  return std::nullopt;
}

/// The first offset of a batch from `from` on that the start offset may not pass; one past the batch if there is none.
Offset SharePartition::first_unfinished(Handle at, Offset from, const Profile& profile) const {
  if (!profile.has(Switch::advance_over_pending)) return window_.first_unfinished_offset(at, from);
  while (from <= window_[at].last && may_pass(window_.state(at, from), profile)) ++from;
  return from;
}

/// D-1 repaired: offsets from the start offset on that no batch covers, and that the gap does not hold any more, are
/// absent from the log. True if the start offset moved over some.
bool SharePartition::skip_absent_gap() {
  const Offset first = window_[window_.first()].first;
  const Offset absent_until = gap_active() ? std::min(gap_->start, first) : first;
  if (absent_until <= start_) return false;
  start_ = absent_until;
  return true;
}

/// SP-102: an active gap stops the scan at the first batch that it has reached, finished or not (D-15). Repaired, only
/// an offset of the gap in front of the batch does.
bool SharePartition::gap_stops_at(const InFlightBatch& batch, Offset last_finished, const Profile& profile) const {
  if (!gap_active()) return false;
  if (profile.has(Switch::tail_blocks_advance)) return batch.last >= gap_->start;
  const Offset reached = std::max({start_, last_finished + 1, gap_->start});
  return batch.first > reached;
}

/// SP-103.
SharePartition::Advance SharePartition::move_start(Offset last_finished, std::int64_t finished,
                                                   const Profile& profile) {
  const bool may_move_back = profile.has(Switch::start_moves_back);  // D-3
  const Offset after = last_finished + 1;
  if (last_finished == window_.last_offset()) {
    start_ = end_ = may_move_back ? after : std::max(start_, after);
    erase_before(InFlightWindow::none);
    complete_count_ = 0;
    return Advance::changed;
  }
  // Ranges that end before they begin (SP-51) can leave both without an answer; then the class gives up (as in D-6).
  const Handle holder = window_.floor(last_finished);
  if (holder == InFlightWindow::none) return Advance::aborted;
  if (last_finished == window_[holder].last) {
    const Handle behind = window_.ceiling(after);
    if (behind == InFlightWindow::none) return Advance::aborted;
    const Offset next = window_[behind].first;
    if (may_move_back) {
      start_ = std::max(start_, next);
      if (gap_active()) start_ = std::min(gap_->start, start_);
    } else {
      start_ = std::max(start_, gap_active() ? std::clamp(gap_->start, after, next) : next);
    }
    erase_before(window_.next(holder));
  } else {
    start_ = std::max(start_, after);
    erase_before(holder);
  }
  complete_count_ -= finished;
  if (!profile.has(Switch::gap_below_start)) raise_gap(start_);
  return Advance::changed;
}

/// Erases the batches in front of `end`; none: all.
void SharePartition::erase_before(Handle end) {
  for (Handle at = window_.first(); at != end && at != InFlightWindow::none; at = window_.first()) erase(at);
}

}  // namespace sharelock
