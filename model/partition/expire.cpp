// Expiry of acquisition locks (section 5.2). Firing and handling are two steps: in between, anything may happen.
#include <algorithm>

#include "model/partition/share_partition.h"

namespace sharelock {

void SharePartition::lock_fired(const AcquisitionLock& lock) {
  tell(asked::LockFired{lock});
  for (Handle at = window_.floor(lock.first); at != InFlightWindow::none; at = window_.previous(at)) {
    const InFlightBatch& batch = window_[at];
    const bool carries =
        (!batch.by_offset || batch.covers(lock.first)) && window_.state(at, lock.first).lock().id == lock.id;
    if (carries) return window_.modify(at, lock.first, [](InFlightState& state) { state.mark_lock_expired(); });
    if (!window_.overlaps()) break;
  }
  for (auto& [id, state] : detached_)
    if (state.lock().id == lock.id) state.mark_lock_expired();
}

Outcome SharePartition::lock_expiry_handled(const AcquisitionLock& lock, const Surroundings& around, Outbox& out) {
  tell(asked::LockExpiryHandled{lock}, &around);
  const Handle from = window_.floor(lock.first);
  if (from == InFlightWindow::none) return {};
  if (window_[from].first > lock.last) return Outcome::abort();  // A stray lock of an inverted range (SP-51).
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  PendingWrite write{.id = {}, .kind = WriteKind::expiry, .request = {}, .items = {}};
  for (Handle at = from; at != InFlightWindow::none && window_[at].first <= lock.last; at = window_.next(at))
    expire(at, lock, write, around, out);
  if (out.batches.size() == first_batch) return {};
  // Only what goes on to the dead-letter queue waits for the answer.
  const auto is_over = [](const WorkItem& item) { return item.state != RecordState::archiving; };
  write.items.erase(std::remove_if(write.items.begin(), write.items.end(), is_over), write.items.end());
  hold_archived(first_batch, write.items, around.profile, out);
  issue_write(write.kind, write.request, first_batch, std::move(write.items), out);
  wake_fetches(out);
  return {};
}

/// SP-92 step 1 and 2. Whose the lock was is not looked at: what is acquired in its range goes.
void SharePartition::expire(Handle at, const AcquisitionLock& lock, PendingWrite& write, const Surroundings& around,
                            Outbox& out) {
  const InFlightBatch& batch = window_[at];
  if (!batch.by_offset && batch.whole.state() == RecordState::acquired && batch.first < start_ && start_ <= batch.last)
    explode(at, around, out);
  if (!batch.by_offset) return expire_states(at, batch.first, batch.last, write, around, out);
  const Offset last = std::min(batch.last, lock.last);
  for (Offset offset = std::max(batch.first, lock.first); offset <= last; ++offset)
    expire_states(at, offset, offset, write, around, out);
}

/// SP-92 step 3: at once, and without a pending transition.
void SharePartition::expire_states(Handle at, Offset first, Offset last, PendingWrite& write,
                                   const Surroundings& around, Outbox& out) {
  if (window_.state(at, first).state() != RecordState::acquired) return;
  const RecordState target = last < start_ ? RecordState::archived : RecordState::available;
  const bool updated = window_.modify(at, first, [&](InFlightState& state) {
    if (!state.update(target, 0, delivery_rule(around), nobody)) return false;
    cancel_lock(state, out);
    state.drop_lock();
    return true;
  });
  if (!updated) return;
  const RecordState now = window_.state(at, first).state();
  add_work(write, at, first, last, DeadLetterCause::exceeded, out);
  if (now == RecordState::available) find_next_ = true;
  if (is_terminal(now)) complete_count_ += from_start(first, last);
}

}  // namespace sharelock
