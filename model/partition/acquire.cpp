// Acquiring for a fetch: the limits, the walk over what is in flight, and the offsets of one batch (SP-40 to SP-45,
// SP-55 to SP-57). A function that answers false aborts the call as Kafka's class does: what it changed stays.
#include <algorithm>

#include "model/partition/acquire_call.h"
#include "model/partition/share_partition.h"

namespace sharelock {

Acquired SharePartition::acquire(MemberId by, const AcquireRequest& request, const Surroundings& around, Outbox& out) {
  tell(asked::Acquire{by, request}, &around);
  if (state_ != PartitionState::active || request.max_records <= 0 || request.batches.empty() ||
      request.batches.back().last < start_)
    return {};
  const DeliveryRule rule = delivery_rule(around);
  AcquireCall call{.by = by,
                   .request = request,
                   .around = around,
                   .out = out,
                   .rule = rule,
                   .throttle_from = std::max(2, rule.limit / 2 + rule.limit % 2),
                   .first_base = request.batches.front().base,
                   .last = request.batches.back().last};
  if (!limit_acquire(call)) return {};
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  archive_stale(call);
  if (!around.profile.has(Switch::acquires_at_limit)) archive_exhausted(call);
  const Handle floor = window_.floor(call.first_base);
  Offset base = call.first_base;
  if (floor != InFlightWindow::none && window_[floor].last >= base) base = window_[floor].first;
  // SP-43: only a fetch without a batch at or below its data starts no earlier than S (D-14).
  if (floor == InFlightWindow::none) base = std::max(base, start_);
  const bool whole = acquire_over(call, base);
  return finish_acquire(call, whole, first_batch);
}

/// SP-41: the in-flight limit. A full window still lets in what lies inside it, and nothing behind its end.
bool SharePartition::limit_acquire(AcquireCall& call) const {
  if (call.around.profile.has(Switch::acquire_ignores_capacity)) {
    call.max = call.request.max_records;
    return true;
  }
  call.max = std::min<std::int64_t>(call.request.max_records,
                                    max_record_locks(call.around) - counted_in_flight(call.around.profile));
  if (call.max > 0) return true;
  if (call.request.fetch_offset > end_) return false;
  call.max = std::min<std::int64_t>(call.request.max_records, end_ - call.request.fetch_offset + 1);
  call.last = std::min(call.last, end_);
  return true;
}

/// SP-42: what is available between the fetch offset and the data that the log returned is not in the log any more.
void SharePartition::archive_stale(AcquireCall& call) {
  const Offset fetched_from = call.request.fetch_offset;
  if (window_.empty() || fetched_from >= call.first_base) return;
  if (call.around.profile.has(Switch::acquire_keeps_compacted)) return;
  Handle from = window_.floor(fetched_from);
  if (from == InFlightWindow::none || window_[from].last < fetched_from) from = window_.ceiling(fetched_from);
  const Archived archived =
      archive_range(from, fetched_from, call.first_base - 1, RecordState::available, call.around, call.out);
  if (archived.any) find_next_ = true;
  complete_count_ += archived.counted;
}

/// SP-44 to SP-62, once the base is known.
bool SharePartition::acquire_over(AcquireCall& call, Offset base) {
  const Offset from = std::min(call.first_base, base);
  if (from > call.last) return !call.around.profile.has(Switch::inverted_range_aborts);  // D-5
  const Handle first = window_.ceiling(from);
  if (first == InFlightWindow::none || window_[first].first > call.last) {
    if (!acquire_new(call, base, call.last, call.max)) return false;
  } else {
    if (!walk(call, first, base)) return false;
    if (call.result.ranges.empty()) return true;
    gap_advance(call.result.ranges.back().last + 1, call.around.profile);
  }
  return drop_aborted(call);
}

/// SP-45: over every batch in flight that the fetch overlaps, and the acquirable holes between them.
bool SharePartition::walk(AcquireCall& call, Handle from, Offset base) {
  Offset may_begin = base;
  for (Handle at = from; at != InFlightWindow::none && window_[at].first <= call.last; at = window_.next(at)) {
    if (call.result.count >= call.max) break;
    if (gap_active()) {
      if (may_begin < window_[at].first && !fill_hole(call, may_begin, window_[at].first - 1)) return false;
      may_begin = window_[at].last + 1;
      if (call.result.count >= call.max) break;
    }
    const bool throttled = is_throttled(call, at);
    if (throttled && call.result.count > 0) {
      call.max = 0;
      break;
    }
    const InFlightBatch& batch = window_[at];
    const bool full = batch.first >= call.first_base && batch.last <= call.last;
    const bool cut = call.record_limit() && batch.last - batch.first + 1 > call.room();
    if (full && !batch.by_offset && !cut && !throttled) {
      if (batch.whole.is_available() && !acquire_whole(call, at)) return false;
      continue;
    }
    if (!batch.by_offset) {
      if (!batch.whole.is_available()) continue;
      explode(at, call.around, call.out);
    }
    const std::int64_t before = call.result.count;
    if (!acquire_subset(call, at, call.room())) return false;
    if (throttled && call.result.count > before) {
      call.max = 0;
      break;
    }
  }
  const Offset covered = window_[window_.floor(call.last)].last;
  return call.result.count >= call.max || covered >= call.last ||
         acquire_new(call, covered + 1, call.last, call.room());
}

/// SP-57.
bool SharePartition::is_throttled(const AcquireCall& call, Handle at) const {
  return window_.max_available_delivery_count(at, call.first_base, call.last) >= call.throttle_from;
}

bool SharePartition::acquire_whole(AcquireCall& call, Handle at) {
  const Offset first = window_[at].first;
  const Offset last = window_[at].last;
  window_.modify(at, first, [&](InFlightState& state) { state.update(RecordState::acquired, 1, call.rule, call.by); });
  if (!start_lock(at, first, last, call.by, call.around, call.out)) return false;
  call.add(first, last, window_[at].whole.delivery_count());
  call.result.count += last - first + 1;
  return true;
}

/// SP-55: offset by offset. An offset on its last attempt is delivered alone, and the more deliveries were used up, the
/// fewer offsets of the batch go together (KAFKA-17541).
bool SharePartition::acquire_subset(AcquireCall& call, Handle at, std::int64_t room) {
  const InFlightBatch& batch = window_[at];
  const std::int32_t limit = call.rule.limit;
  const bool isolates = limit > 2;
  const std::size_t ranges_before = call.result.ranges.size();
  std::int64_t taken = 0;
  std::int64_t cap = 0;  // 0: none yet.
  Offset offset = std::max(batch.first, call.first_base);
  if (!call.around.profile.has(Switch::acquires_below_start)) offset = std::max(offset, start_);
  for (; offset <= batch.last; ++offset) {
    offset = window_.first_available_offset(at, offset);
    if (offset > std::min(batch.last, call.last)) break;
    const std::int32_t count = window_.state(at, offset).delivery_count();
    if (isolates && count == limit - 1 && taken > 0) break;
    if (count >= call.throttle_from && cap == 0) {
      const auto shift = static_cast<std::uint32_t>(count - call.throttle_from + 1) & 63u;
      cap = std::max<std::int64_t>(1, batch.size() >> shift);
    }
    window_.modify(at, offset,
                   [&](InFlightState& state) { state.update(RecordState::acquired, 1, call.rule, call.by); });
    if (!start_lock(at, offset, offset, call.by, call.around, call.out)) return false;  // D-4
    const bool extends = call.result.ranges.size() > ranges_before && call.result.ranges.back().last == offset - 1 &&
                         call.result.ranges.back().delivery_count == count + 1;
    if (extends)
      call.result.ranges.back().last = offset;
    else
      call.add(offset, offset, count + 1);
    ++taken;
    ++call.result.count;
    if ((isolates && count + 1 == limit) || (call.record_limit() && taken == room) || taken == cap) break;
  }
  return true;
}

}  // namespace sharelock
