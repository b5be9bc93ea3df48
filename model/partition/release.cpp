// The end of a session gives back everything its member holds (SP-90).
#include "model/partition/share_partition.h"
#include "model/partition/states_of.h"

namespace sharelock {

/// A release in progress.
struct SharePartition::Releasing {
  MemberId by;
  DeliveryRule rule;
  const Surroundings& around;
  Outbox& out;
  PendingWrite write;

  bool holds(const InFlightState& state) const {
    // A record that was loaded as ACQUIRED belongs to nobody, and whoever leaves takes it along.
    return state.state() == RecordState::acquired && (state.owner() == by || state.owner() == nobody);
  }
  bool is_foreign(const InFlightState& state) const { return state.state() == RecordState::acquired && !holds(state); }
};

Outcome SharePartition::release_acquired(MemberId by, RequestId request, const Surroundings& around, Outbox& out) {
  tell(asked::ReleaseAcquired{by}, &around);
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  Releasing work{
      by, delivery_rule(around), around, out, {.id = {}, .kind = WriteKind::release, .request = request, .items = {}}};
  for (Handle at = window_.first(); at != InFlightWindow::none; at = window_.next(at)) release_batch(work, at);
  finish(std::move(work.write), first_batch, KafkaError::none, around, out);
  return {};
}

void SharePartition::release_batch(Releasing& work, Handle at) {
  const InFlightBatch& batch = window_[at];
  if (!batch.by_offset && batch.first < start_ && start_ <= batch.last && batch.whole.owner() == work.by &&
      batch.whole.state() == RecordState::acquired)
    explode(at, work.around, work.out);
  if (!batch.by_offset) return release_states(work, at, batch.first, batch.last);
  for (Offset offset = batch.first; offset <= batch.last; ++offset) {
    const bool stops = work.around.profile.has(Switch::release_stops_at_foreign);
    if (stops && work.is_foreign(window_.state(at, offset))) return;
    release_states(work, at, offset, offset);
  }
}

/// One offset, or a whole batch.
void SharePartition::release_states(Releasing& work, Handle at, Offset first, Offset last) {
  const Profile& profile = work.around.profile;
  if (work.holds(window_.state(at, first))) {
    const RecordState target = last < start_ ? RecordState::archived : RecordState::available;
    window_.modify(at, first, [&](InFlightState& state) {
      if (profile.has(Switch::release_counts_down)) state.forget_delivery();
      state.begin(target, work.rule);
    });
    add_work(work.write, at, first, last, DeadLetterCause::exceeded, work.out);
    if (is_terminal(window_.state(at, first).state())) complete_count_ += from_start(first, last);
  }
  if (profile.has(Switch::release_returns_to_departed)) return;
  // SESS repaired: a member that left gets nothing back, also not what it acknowledged before and could not be written.
  const InFlightState& held = window_.state(at, first);
  if (!held.is_pending() || (held.rollback_owner() != work.by && held.rollback_owner() != nobody)) return;
  window_.modify(at, first, [&](InFlightState& state) {
    cancel_lock(state, work.out);
    state.forget_member();
  });
}

}  // namespace sharelock
