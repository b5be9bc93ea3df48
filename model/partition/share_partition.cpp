// What several operations of a share partition have in common: batches, locks, archiving, writes.
#include "model/partition/share_partition.h"

#include <algorithm>

#include "model/partition/states_of.h"

namespace sharelock {

SharePartition::SharePartition(std::int32_t leader_epoch, const Surroundings& around, PartitionState state)
    : state_{state},
      leader_epoch_{leader_epoch},
      limit_at_creation_{around.group.delivery_count_limit},
      locks_at_creation_{around.group.max_record_locks} {}

bool SharePartition::try_fetch_lock(FetchId fetch) {
  tell(asked::TryFetchLock{fetch});
  if (state_ != PartitionState::active || fetch_lock_ != FetchId{}) return false;
  fetch_lock_ = fetch;
  return true;
}

void SharePartition::fetch_unlock(FetchId fetch, const Surroundings& around, Outbox& out) {
  tell(asked::FetchUnlock{fetch}, &around);
  if (fetch_lock_ != fetch && !around.profile.has(Switch::forced_unlock)) {
    out.effects.emplace_back(effect::UnlockRefused{});
    return;
  }
  fetch_lock_ = FetchId{};
}

std::optional<LogPosition> SharePartition::fetch_metadata(Offset fetch_offset) const {
  if (!fetch_metadata_ || fetch_metadata_->offset != fetch_offset) return std::nullopt;
  return fetch_metadata_->position;
}

void SharePartition::fence(const Surroundings& around, Outbox& out) {
  tell(asked::Fence{}, &around);
  state_ = PartitionState::fenced;
  if (around.profile.has(Switch::fenced_write_confirms)) return;
  // SP-153 repaired: nobody may believe a write that the next instance may have read too early to see.
  writes_.for_each([&](const PendingWrite& write) {
    if (is_awaited(write.kind))
      out.effects.emplace_back(effect::RequestDone{write.request, KafkaError::not_leader_or_follower});
  });
  writes_.clear();
  dead_letters_.clear();
}

DeliveryRule SharePartition::delivery_rule(const Surroundings& around) const {
  const Profile& profile = around.profile;
  return {.limit = profile.has(Switch::limit_dynamic) ? around.group.delivery_count_limit : limit_at_creation_,
          .dead_letter_queue = profile.has(Switch::dead_letter_queue) && around.group.dead_letter_queue_enabled};
}

std::int32_t SharePartition::max_record_locks(const Surroundings& around) const {
  return around.profile.has(Switch::locks_dynamic) ? around.group.max_record_locks : locks_at_creation_;
}

/// The releases count in 32 bits: a hole of 2^31 offsets in the window makes the count negative or small.
std::int64_t SharePartition::counted_in_flight(const Profile& profile) const {
  return profile.has(Switch::in_flight_wraps) ? static_cast<std::int32_t>(in_flight()) : in_flight();
}

/// Adds a batch; one that begins at the same offset is replaced (SP-23, SP-51).
SharePartition::Handle SharePartition::put(Offset first, Offset last, const InFlightState& state) {
  if (const Handle replaced = window_.find(first); replaced != InFlightWindow::none) erase(replaced);
  return window_.insert(first, last, state);
}

/// SP-10: from batch level to offset level. Each offset gets a lock of its own with the batch's expiry, in offset
/// order.
void SharePartition::explode(Handle at, const Surroundings& around, Outbox& out) {
  if (window_[at].by_offset) return;
  const Offset first = window_[at].first;
  const Offset last = window_[at].last;
  const InFlightState whole = window_[at].whole;
  InFlightState each{whole.state(), whole.delivery_count(), whole.owner()};
  const bool forgets = around.profile.has(Switch::explode_forgets_pending);  // D-4
  if (forgets) {
    // The lock goes before the state is left behind: what had expired of it is forgotten.
    window_.modify(at, first, [](InFlightState& state) { state.drop_lock(); });
    if (window_.is_awaited(at)) detach(first);
  } else {
    each.inherit_transition(whole);
  }
  window_.explode(at, each);
  if (!whole.lock().exists()) return;
  for (Offset offset = first; offset <= last; ++offset) {
    // The owner of the new locks is the present one: nobody while a transition is pending (SP-10).
    const MemberId owner = forgets ? whole.owner() : whole.lock().owner;
    const AcquisitionLock lock{LockId{next_lock_++}, owner, offset, offset, whole.lock().expires_at};
    out.effects.emplace_back(effect::LockStarted{lock});
    window_.modify(at, offset, [&](InFlightState& state) {
      state.hold({lock.expires_at, lock.id, owner, !forgets && whole.lock().expired});
    });
  }
  cancel_lock(whole, out);
}

/// Takes a batch out of the window; what is outstanding for it goes on with copies of its states.
void SharePartition::erase(Handle at) {
  if (window_.is_awaited(at)) detach(window_[at].first);
  window_.erase(at);
}

/// The states of a batch are about to leave the window: what is outstanding for them goes on with copies.
void SharePartition::detach(Offset batch) {
  const Handle at = window_.find(batch);
  const auto detach_item = [&](WorkItem& item) {
    if (item.batch != batch || item.detached != 0) return;
    item.detached = next_detached_++;
    detached_.emplace_back(item.detached, window_.state(at, item.first));
  };
  writes_.for_each([&](PendingWrite& write) { std::ranges::for_each(write.items, detach_item); });
  dead_letters_.for_each([&](PendingDeadLetter& hand_over) { detach_item(hand_over.item); });
}

/// SP-65: a lock for a state, from now on. False if the state carries one already: then the new one runs all the same,
/// without anybody to hold it (D-4, SP-55 step 4).
bool SharePartition::start_lock(Handle at, Offset first, Offset last, MemberId owner, const Surroundings& around,
                                Outbox& out) {
  const AcquisitionLock lock{LockId{next_lock_++}, owner, first, last, around.now + around.group.lock_duration_ms};
  out.effects.emplace_back(effect::LockStarted{lock});
  if (window_.state(at, first).lock().exists()) return false;
  window_.modify(at, first, [&](InFlightState& state) { state.hold({lock.expires_at, lock.id, owner, false}); });
  return true;
}

void SharePartition::cancel_lock(const InFlightState& state, Outbox& out) {
  if (state.lock().exists()) out.effects.emplace_back(effect::LockCancelled{state.lock().id});
}

/// SP-8.
void SharePartition::archive(Handle at, Offset offset, Outbox& out) {
  window_.modify(at, offset, [&](InFlightState& state) {
    cancel_lock(state, out);
    state.archive();
  });
}

/// SP-98: archives what is in state `only` in [first, last] of the batches from `from` on, pending or not. Each range
/// is noted in the Outbox's batches.
SharePartition::Archived SharePartition::archive_range(Handle from, Offset first, Offset last, RecordState only,
                                                       const Surroundings& around, Outbox& out) {
  Archived archived;
  const bool counts_all = around.profile.has(Switch::counts_below_start);  // D-11
  for (Handle at = from; at != InFlightWindow::none && window_[at].first <= last; at = window_.next(at)) {
    const InFlightBatch& batch = window_[at];
    const auto note = [&](Offset a, Offset b) {
      archive(at, a, out);
      out.batches.push_back({a, b, RecordState::archived, window_.state(at, a).delivery_count()});
      archived.any = true;
      archived.counted += counts_all ? b - a + 1 : from_start(a, b);
    };
    if (!batch.by_offset && batch.whole.state() != only) continue;
    if (!batch.by_offset && first <= batch.first && batch.last <= last) {
      note(batch.first, batch.last);
      continue;
    }
    explode(at, around, out);
    const Offset end = std::min(batch.last, last);
    for (Offset offset = std::max(batch.first, first); offset <= end; ++offset)
      if (window_.state(at, offset).state() == only) note(offset, offset);
  }
  return archived;
}

HandOverId SharePartition::issue_write(WriteKind kind, RequestId request, std::uint32_t first_batch, WorkItems items,
                                       Outbox& out) {
  const HandOverId id{next_hand_over_++};
  writes_.add({id, kind, request, std::move(items)});
  const auto count = static_cast<std::uint32_t>(out.batches.size()) - first_batch;
  out.effects.emplace_back(
      effect::WriteIssued{id, kind, state_epoch_, leader_epoch_, start_, complete_count_, first_batch, count});
  return id;
}

/// Notes that the state at `first` was changed by an operation that is to be written.
void SharePartition::add_work(PendingWrite& write, Handle at, Offset first, Offset last, DeadLetterCause cause,
                              Outbox& out) {
  const InFlightState& state = window_.state(at, first);
  write.items.push_back({window_[at].first, first, last, state.delivery_count(), state.state(), cause, 0});
  out.batches.push_back({first, last, state.state(), state.delivery_count()});
}

/// How many offsets of a range are at or above the start offset; less than none for a range that ends before it begins.
std::int64_t SharePartition::from_start(Offset first, Offset last) const {
  return last < start_ ? 0 : last - std::max(first, start_) + 1;
}

/// SPSO repaired: what is archived in memory, noted in the Outbox's batches from `first_batch` on, holds the start
/// offset until the write of it is answered.
void SharePartition::hold_archived(std::uint32_t first_batch, WorkItems& items, const Profile& profile,
                                   const Outbox& out) {
  if (profile.has(Switch::unwritten_archive_passes)) return;
  for (const StateBatch& note : std::span{out.batches}.subspan(first_batch)) {
    const Handle at = window_.floor(note.first);
    const bool held = at != InFlightWindow::none && window_[at].covers(note.first) && window_[at].covers(note.last);
    if (note.state != RecordState::archived || !held) continue;
    items.push_back({window_[at].first, note.first, note.last, note.delivery_count, note.state});
    for_each_state(items.back(), [](InFlightState& state, Offset, Offset) { state.mark_unwritten(true); });
  }
}

/// D-9, D-16 repaired: what was archived in memory, noted in the Outbox's batches from `first_batch` on, is written;
/// whatever the answer, the start offset may advance then.
void SharePartition::write_archived(std::uint32_t first_batch, WorkItems dead_letters, const Profile& profile,
                                    Outbox& out) {
  if (first_batch == out.batches.size()) return;
  hold_archived(first_batch, dead_letters, profile, out);
  issue_write(WriteKind::archive, RequestId{}, first_batch, std::move(dead_letters), out);
}

/// Copies of states that no hand-over will come back to are dropped.
void SharePartition::forget_detached() {
  std::erase_if(detached_, [&](const auto& copy) {
    bool wanted = false;
    const auto look = [&](const WorkItem& item) { wanted = wanted || item.detached == copy.first; };
    writes_.for_each([&](const PendingWrite& write) { std::ranges::for_each(write.items, look); });
    dead_letters_.for_each([&](const PendingDeadLetter& hand_over) { look(hand_over.item); });
    return !wanted;
  });
}

void SharePartition::wake_fetches(Outbox& out) {
  out.effects.emplace_back(effect::FetchesWoken{});
}

}  // namespace sharelock
