// Acquiring offsets that no batch in flight covers: new batches behind the end, or in the gap after a reload (3.3).
#include <algorithm>

#include "model/partition/acquire_call.h"
#include "model/partition/share_partition.h"

namespace sharelock {

/// SP-50. The number acquired is added to the result's count.
bool SharePartition::acquire_new(AcquireCall& call, Offset first, Offset last, std::int64_t room) {
  if (window_.empty()) first = std::max(first, end_);
  if (!call.around.profile.has(Switch::acquires_below_start)) {
    first = std::max(first, start_);
    if (first > last) return true;
  }
  const Offset until = cut_to_room(call, first, last, room);
  const bool remainder = call.record_limit() && until - first + 1 > room;
  const bool created = remainder ? create_with_remainder(call, first, until, room) : create_batches(call, first, until);
  if (!created) return false;
  if (window_[window_.first()].first == first) start_ = first;
  end_ = std::max(end_, until);
  const Offset acquired = remainder ? first + room - 1 : until;
  gap_advance(acquired + 1, call.around.profile);
  call.result.count += acquired - first + 1;
  return true;
}

/// SP-50 step 2: no more offsets than there is room for, rounded up to the end of a log batch.
Offset SharePartition::cut_to_room(const AcquireCall& call, Offset first, Offset last, std::int64_t room) const {
  if (room >= last - first + 1) return last;
  Offset until = first + room - 1;
  const auto after = std::ranges::upper_bound(call.request.batches, until, {}, &LogBatch::base);
  if (after != call.request.batches.begin()) until = std::max(until, std::prev(after)->last);
  return gap_active() && !call.around.profile.has(Switch::acquire_rounds_over_batch) ? std::min(until, last) : until;
}

/// SP-51, SP-52: cut at the bases of log batches, so that each but the last has at least a batch size of offsets.
bool SharePartition::create_batches(AcquireCall& call, Offset first, Offset last) {
  Offset current = first;
  if (!call.record_limit() && last - first + 1 > call.request.batch_size)
    for (const LogBatch& batch : call.request.batches) {
      if (batch.base > last) break;
      if (batch.base - current < call.request.batch_size) continue;
      if (!create_batch(call, current, batch.base - 1)) return false;
      current = batch.base;
    }
  return create_batch(call, current, last);
}

bool SharePartition::create_batch(AcquireCall& call, Offset first, Offset last) {
  const Handle at = put(first, last, InFlightState{RecordState::acquired, 1, call.by});
  call.add(first, last, 1);
  return start_lock(at, first, last, call.by, call.around, call.out);
}

/// SP-53: record-limit mode takes the first `room` offsets; the rest is in flight too, available and never delivered.
bool SharePartition::create_with_remainder(AcquireCall& call, Offset first, Offset last, std::int64_t room) {
  const Handle at = put(first, last, InFlightState{RecordState::available, 0, nobody});
  window_.explode(at, InFlightState{RecordState::available, 0, nobody});
  for (Offset offset = first; offset < first + room; ++offset) {
    window_.modify(at, offset,
                   [&](InFlightState& state) { state.update(RecordState::acquired, 1, call.rule, call.by); });
    if (!start_lock(at, offset, offset, call.by, call.around, call.out)) return false;
  }
  find_next_ = true;
  call.add(first, first + room - 1, 1);
  return true;
}

}  // namespace sharelock
