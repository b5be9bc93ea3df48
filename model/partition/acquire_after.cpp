// What follows an acquisition: aborted transactions are taken out of it, and the gap shrinks (section 3.5).
#include <algorithm>

#include "model/log/aborted_batches.h"
#include "model/partition/acquire_call.h"
#include "model/partition/share_partition.h"

namespace sharelock {
namespace {

/// Takes [first, last] out of the ranges.
void subtract(AcquiredRanges& ranges, Offset first, Offset last) {
  AcquiredRanges kept;
  for (const AcquiredRange& range : ranges) {
    if (range.last < first || range.first > last) {
      kept.push_back(range);
      continue;
    }
    if (range.first < first) kept.push_back({range.first, first - 1, range.delivery_count});
    if (range.last > last) kept.push_back({last + 1, range.last, range.delivery_count});
  }
  ranges = std::move(kept);
}

}  // namespace

/// SP-60: under read_committed every acquired offset of an aborted batch is archived, whoever holds it.
bool SharePartition::drop_aborted(AcquireCall& call) {
  if (call.request.isolation != Isolation::read_committed || call.request.aborted.empty()) return true;
  const Profile& profile = call.around.profile;
  const auto aborted = aborted_batches(call.request.batches, call.request.aborted);
  for (auto [first, last] : aborted) {
    if (!profile.has(Switch::aborted_range_unclipped)) first = std::max(first, start_);  // D-7
    const Handle from = window_.floor(first);
    if (from == InFlightWindow::none && profile.has(Switch::aborted_range_unclipped)) return false;
    complete_count_ += archive_range(from == InFlightWindow::none ? window_.first() : from, first, last,
                                     RecordState::acquired, call.around, call.out)
                           .counted;
    subtract(call.result.ranges, first, last);
  }
  if (aborted.empty()) return true;
  call.result.count = 0;
  for (const AcquiredRange& range : call.result.ranges) call.result.count += range.last - range.first + 1;
  return true;
}

/// SP-62: what was acquired is not part of the gap any more. The releases set the gap's start, also backwards (D-10).
void SharePartition::gap_advance(Offset next, const Profile& profile) {
  if (!gap_) return;
  if (!gap_active() || next > gap_->window_end)
    gap_.reset();
  else if (profile.has(Switch::gap_start_moves_back))
    gap_->start = next;
  else
    raise_gap(next);
}

/// The gap begins no earlier than `start`, and is gone once nothing of it is left to fetch (D-1, D-2, D-10 repaired).
void SharePartition::raise_gap(Offset start) {
  if (!gap_) return;
  gap_->start = std::max(gap_->start, start);
  if (!first_hole()) gap_.reset();
}

}  // namespace sharelock
