// What the profile `ideal` does around an acquisition: nothing that it finds finished or absent is left to strand.
#include <algorithm>

#include "model/partition/acquire_call.h"
#include "model/partition/share_partition.h"

namespace sharelock {

/// Ends the call: what it archived in memory is written and the advance runs, where the profile says so (D-1, D-9).
Acquired SharePartition::finish_acquire(AcquireCall& call, bool whole, std::uint32_t first_batch) {
  const Profile& profile = call.around.profile;
  if (profile.has(Switch::memory_archive_strands)) call.out.batches.resize(first_batch);
  write_archived(first_batch, std::move(call.dead_letters), profile, call.out);
  if (!profile.has(Switch::absent_gap_blocks)) note_absent(call);
  if (!whole) return {{}, 0, Outcome::abort()};
  return std::move(call.result);
}

/// What of a hole in the window is acquired. CAP repaired: only offsets that the log has, for a full window may be
/// filled but not be made to cover more.
bool SharePartition::fill_hole(AcquireCall& call, Offset first, Offset last) {
  if (call.around.profile.has(Switch::absent_holes_acquired)) return acquire_new(call, first, last, call.room());
  const auto& batches = call.request.batches;
  for (std::size_t i = 0; i < batches.size() && call.room() > 0;) {
    const Offset from = std::max(first, batches[i].base);
    Offset to = batches[i].last;
    for (++i; i < batches.size() && batches[i].base == to + 1; ++i) to = batches[i].last;
    to = std::min(to, last);
    if (from <= to && !acquire_new(call, from, to, call.room())) return false;
  }
  return true;
}

/// D-1 repaired: what lies between the offset that was read from and the data that came back is absent from the log, so
/// a gap that began there begins behind it.
void SharePartition::note_absent(const AcquireCall& call) {
  if (!gap_active() || gap_->start < call.request.fetch_offset || gap_->start >= call.first_base) return;
  raise_gap(call.first_base);
  if (advance(call.around.profile) == Advance::changed) wake_fetches(call.out);
}

/// INV-4 repaired: a record that used up its deliveries, because the limit was lowered or the store said so, is given
/// up instead of being delivered once more.
void SharePartition::archive_exhausted(AcquireCall& call) {
  const Offset first = std::max(call.first_base, start_);
  Handle at = window_.floor(first);
  if (at == InFlightWindow::none) at = window_.ceiling(first);
  for (; at != InFlightWindow::none && window_[at].first <= call.last; at = window_.next(at)) {
    if (window_.max_available_delivery_count(at, first, call.last) < call.rule.limit) continue;
    const InFlightBatch& batch = window_[at];
    if (!batch.by_offset && (batch.first < first || batch.last > call.last)) explode(at, call.around, call.out);
    if (!batch.by_offset) {
      archive_exhausted_in(call, at, batch.first, batch.last);
      continue;
    }
    const Offset last = std::min(batch.last, call.last);
    for (Offset offset = std::max(batch.first, first); offset <= last; ++offset) {
      const InFlightState& state = window_.state(at, offset);
      if (state.is_available() && state.delivery_count() >= call.rule.limit)
        archive_exhausted_in(call, at, offset, offset);
    }
  }
}

void SharePartition::archive_exhausted_in(AcquireCall& call, Handle at, Offset first, Offset last) {
  const RecordState target = call.rule.exhausted();
  window_.modify(at, first, [&](InFlightState& state) { state.give_up(target); });
  const std::int32_t count = window_.state(at, first).delivery_count();
  call.out.batches.push_back({first, last, target, count});
  if (target == RecordState::archiving)
    call.dead_letters.push_back({window_[at].first, first, last, count, target, DeadLetterCause::exceeded, 0});
  else
    complete_count_ += from_start(first, last);
}

}  // namespace sharelock
