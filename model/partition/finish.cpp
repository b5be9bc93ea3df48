// How an acknowledgement or a release ends: one write, then its confirmation or its rollback (SP-85, SP-86).
#include <algorithm>

#include "model/partition/share_partition.h"
#include "model/partition/states_of.h"
#include "model/partition/store_answer.h"

namespace sharelock {
namespace {

/// A fenced leader, or a topic or group that is gone, has nothing to write any more.
bool may_succeed_later(KafkaError write_error) {
  return write_error == KafkaError::coordinator_not_available || write_error == KafkaError::unknown_server_error;
}

}  // namespace

void SharePartition::finish(PendingWrite&& write, std::uint32_t first_batch, KafkaError error,
                            const Surroundings& around, Outbox& out) {
  if (error != KafkaError::none) {
    out.batches.resize(first_batch);
    roll_back(write, around, out);
  }
  if (error != KafkaError::none || write.items.empty()) {
    out.effects.emplace_back(effect::RequestDone{write.request, error});
    return;
  }
  issue_write(write.kind, write.request, first_batch, std::move(write.items), out);
}

void SharePartition::write_answered(HandOverId id, const WriteAnswer& answer, const Surroundings& around, Outbox& out) {
  tell(asked::WriteAnswered{id, answer}, &around);
  PendingWrite* const outstanding = writes_.find(id);
  if (outstanding == nullptr) return;
  const Profile& profile = around.profile;
  const KafkaError error = write_error(answer, profile);
  if (outstanding->kind == WriteKind::start) return loaded(writes_.take(id)->request, error, profile, out);
  const bool awaited = is_awaited(outstanding->kind);
  if (awaited && error != KafkaError::none) {
    const PendingWrite failed = *writes_.take(id);
    roll_back(failed, around, out);
    out.effects.emplace_back(effect::RequestDone{failed.request, error});
    // D-16 repaired: what was archived while its write was under way is finished now.
    if (!profile.has(Switch::archive_strands_window) && advance(profile) == Advance::changed) wake_fetches(out);
    return forget_detached();
  }
  // Whatever becomes of other writes, SP-92 and SP-133, the start offset may advance. Until it has, what goes on to the
  // dead-letter queue stays with the write: its batch may leave the window.
  const bool available = awaited && confirm(*outstanding, out);
  if (!awaited && error == KafkaError::none) pass(*outstanding);
  const Advance advanced = advance(profile);
  const PendingWrite write = *writes_.take(id);
  if (awaited) out.effects.emplace_back(effect::RequestDone{write.request, KafkaError::none});
  const bool silent = profile.has(Switch::silent_availability);
  const bool tells_advance = write.kind != WriteKind::expiry || !silent;
  const bool wakes = (advanced == Advance::changed && tells_advance) || (available && !silent);
  if (wakes && !(awaited && profile.has(Switch::advance_wakes_nobody))) wake_fetches(out);
  // An advance that gave up takes the hand-over with it (D-6).
  if (advanced != Advance::aborted) hand_to_dead_letter_queue(write.items, out);
  if (!awaited && may_succeed_later(error)) write_again(write.items, out);
  forget_detached();
}

/// SP-85, the write succeeded: true if that made something available. Keeps of the items those that are archiving.
bool SharePartition::confirm(PendingWrite& write, Outbox& out) {
  bool available = false;
  const auto is_over = [&](const WorkItem& item) {
    bool archiving = false;
    for_each_state(item, [&](InFlightState& state, Offset, Offset) {
      cancel_lock(state, out);
      state.commit();
      available = available || state.state() == RecordState::available;
      archiving = archiving || state.state() == RecordState::archiving;
    });
    return !archiving;
  };
  write.items.erase(std::remove_if(write.items.begin(), write.items.end(), is_over), write.items.end());
  if (available) find_next_ = true;
  return available;
}

/// What the write archived holds the start offset no longer. Keeps of the items those that are archiving.
void SharePartition::pass(PendingWrite& write) {
  const auto is_over = [&](const WorkItem& item) {
    if (item.state == RecordState::archiving) return false;
    for_each_state(item, [](InFlightState& state, Offset, Offset) { state.mark_unwritten(false); });
    return true;
  };
  write.items.erase(std::remove_if(write.items.begin(), write.items.end(), is_over), write.items.end());
}

/// SPSO repaired: an archive that could not be written holds the start offset, so it is written again.
void SharePartition::write_again(std::span<const WorkItem> items, Outbox& out) {
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  WorkItems again;
  for (const WorkItem& item : items) {
    if (item.state != RecordState::archived || item.detached != 0 || item.last < start_) continue;
    again.push_back(item);
    out.batches.push_back({item.first, item.last, item.state, item.delivery_count});
  }
  if (!again.empty()) issue_write(WriteKind::archive, RequestId{}, first_batch, std::move(again), out);
}

/// SP-86: the write failed, or the request was found wrong.
void SharePartition::roll_back(const PendingWrite& write, const Surroundings& around, Outbox& out) {
  const Profile& profile = around.profile;
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  WorkItems dead_letters;
  bool available = false;
  for (const WorkItem& item : write.items) {
    // D-12 repaired: what lies below the start offset goes another way than the rest of its batch.
    const bool straddles = item.detached == 0 && item.first < start_ && start_ <= item.last;
    if (straddles && !profile.has(Switch::available_below_start)) explode(window_.find(item.batch), around, out);
    for_each_state(item, [&](InFlightState& state, Offset first, Offset last) {
      const bool sticky = state.is_sticky();
      const bool stale_handler = state.lock().expired && !profile.has(Switch::fired_lock_outlives_rollback);
      if (sticky || stale_handler) cancel_lock(state, out);
      if (profile.has(Switch::expiry_lost_on_rollback)) state.forget_expiry();
      const bool uncounted = state.lock().expired && profile.has(Switch::expiry_bypasses_limit);
      state.roll_back(let_go_to(state, last, around));
      if (uncounted) state.forget_delivery();
      available = available || state.state() == RecordState::available;
      if (is_terminal(item.state) && !is_terminal(state.state())) complete_count_ -= from_start(first, last);
      if (!sticky && settle(item, state, first, last, profile, out) && state.state() == RecordState::archiving)
        dead_letters.push_back(
            {item.batch, first, last, state.delivery_count(), state.state(), item.cause, item.detached});
    });
  }
  if (available) find_next_ = true;
  if (available && !profile.has(Switch::silent_availability)) wake_fetches(out);
  write_archived(first_batch, std::move(dead_letters), profile, out);
}

/// Where a record goes whose lock expired while its write was under way, and the write failed (SP-7).
RecordState SharePartition::let_go_to(const InFlightState& state, Offset last, const Surroundings& around) const {
  const Profile& profile = around.profile;
  if (last < start_ && !profile.has(Switch::available_below_start)) return RecordState::archived;
  if (!state.rollback_exhausted() || profile.has(Switch::expiry_bypasses_limit)) return RecordState::available;
  return profile.has(Switch::expired_rollback_skips_dlq) ? RecordState::archived : delivery_rule(around).exhausted();
}

/// A rollback may end a record all the same. The releases leave it at that (D-8, D-13, D-16); repaired, it is counted
/// and noted for a write. True if it was noted.
bool SharePartition::settle(const WorkItem& item, const InFlightState& state, Offset first, Offset last,
                            const Profile& profile, Outbox& out) {
  const bool archived = state.state() == RecordState::archived;
  if (archived && !is_terminal(item.state) && !profile.has(Switch::complete_count_negative))
    complete_count_ += from_start(first, last);
  const bool noted =
      state.state() == RecordState::archiving || (archived && !profile.has(Switch::archive_strands_window));
  if (noted) out.batches.push_back({first, last, state.state(), state.delivery_count()});
  return noted;
}

}  // namespace sharelock
