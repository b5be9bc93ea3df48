// The log start moved past the start offset (section 5.3).
#include <algorithm>

#include "model/partition/share_partition.h"

namespace sharelock {

void SharePartition::log_start_moved(Offset log_start, const Surroundings& around, Outbox& out) {
  tell(asked::LogStartMoved{log_start}, &around);
  if (log_start <= start_) return;
  const Profile& profile = around.profile;
  if (window_.empty()) {
    start_ = end_ = log_start;
    complete_count_ = 0;
    return;
  }
  const std::int64_t passed = terminal_between(start_, log_start - 1);
  const auto first_batch = out.batches.size();
  Offset last_archived = log_start - 1;
  const Handle first_available = window_.first_available(InFlightWindow::none);
  if (profile.has(Switch::log_start_archives_first_only) && first_available != InFlightWindow::none)
    last_archived = std::min(last_archived, window_[first_available].last);
  const bool archived = archive_range(window_.first(), start_, last_archived, RecordState::available, around, out).any;
  out.batches.resize(first_batch);  // In memory only; the store learns it from the next start offset (SP-97).
  if (archived) find_next_ = true;
  start_ = log_start;
  complete_count_ -= passed;
  if (end_ < start_) end_ = start_;
  if (!profile.has(Switch::gap_below_start)) raise_gap(start_);
  if (!profile.has(Switch::start_moves_back)) drop_below_start(out);
  if (!profile.has(Switch::archive_strands_window)) advance(profile);
  if (!profile.has(Switch::silent_availability)) wake_fetches(out);
}

/// How many offsets in [first, last] are terminal, confirmed or not; whole batches by arithmetic.
std::int64_t SharePartition::terminal_between(Offset first, Offset last) const {
  std::int64_t count = 0;
  for (Handle at = window_.first(); at != InFlightWindow::none && window_[at].first <= last; at = window_.next(at)) {
    const InFlightBatch& batch = window_[at];
    const Offset from = std::max(batch.first, first);
    const Offset to = std::min(batch.last, last);
    if (from > to) continue;
    if (!batch.by_offset) {
      if (is_terminal(batch.whole.state())) count += to - from + 1;
      continue;
    }
    for (Offset offset = from; offset <= to; ++offset)
      if (is_terminal(window_.state(at, offset).state())) ++count;
  }
  return count;
}

/// D-3, D-6 repaired: a batch wholly below the start offset has nothing left to say.
void SharePartition::drop_below_start(Outbox& out) {
  for (Handle at = window_.first(); at != InFlightWindow::none && window_[at].last < start_; at = window_.first()) {
    if (window_.has_available(at)) break;  // Nothing is, where what lies below was archived.
    const InFlightBatch& batch = window_[at];
    for (Offset offset = batch.first; offset <= (batch.by_offset ? batch.last : batch.first); ++offset)
      cancel_lock(window_.state(at, offset), out);
    erase(at);
  }
  if (window_.empty()) complete_count_ = 0;
}

}  // namespace sharelock
