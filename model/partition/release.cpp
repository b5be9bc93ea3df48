// The end of a session gives back everything its member holds (SP-90).
#include "model/partition/share_partition.h"
#include "model/partition/states_of.h"

namespace sharelock {

Outcome SharePartition::release_acquired(MemberId by, RequestId request, const Surroundings& around, Outbox& out) {
  const DeliveryRule rule = delivery_rule(around);
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  PendingWrite write{.id = {}, .kind = WriteKind::release, .request = request, .items = {}};
  // A record that was loaded as ACQUIRED belongs to nobody, and whoever leaves takes it along.
  const auto releasable = [&](const InFlightState& state) {
    return state.state() == RecordState::acquired && (state.owner() == by || state.owner() == nobody);
  };
  const auto release = [&](Handle at, Offset first, Offset last) {
    const RecordState target = last < start_ ? RecordState::archived : RecordState::available;
    window_.modify(at, first, [&](InFlightState& state) { state.begin(target, rule); });
    add_work(write, at, first, last, DeadLetterCause::exceeded, out);
    if (is_terminal(window_.state(at, first).state())) complete_count_ += from_start(first, last);
  };
  // SESS repaired: a member that left gets nothing back, also not what it acknowledged before and could not be written.
  const auto forget = [&](Handle at, Offset first) {
    const InFlightState& held = window_.state(at, first);
    const bool its = held.rollback_owner() == by || held.rollback_owner() == nobody;
    if (around.profile.has(Switch::release_returns_to_departed) || !held.is_pending() || !its) return;
    window_.modify(at, first, [&](InFlightState& state) {
      cancel_lock(state, out);
      state.forget_member();
    });
  };
  for (Handle at = window_.first(); at != InFlightWindow::none; at = window_.next(at)) {
    const InFlightBatch& batch = window_[at];
    if (!batch.by_offset && batch.first < start_ && start_ <= batch.last && batch.whole.owner() == by &&
        batch.whole.state() == RecordState::acquired)
      explode(at, around, out);
    if (!batch.by_offset) {
      if (releasable(batch.whole)) release(at, batch.first, batch.last);
      forget(at, batch.first);
      continue;
    }
    for (Offset offset = batch.first; offset <= batch.last; ++offset) {
      if (releasable(window_.state(at, offset))) release(at, offset, offset);
      forget(at, offset);
    }
  }
  finish(std::move(write), first_batch, KafkaError::none, around, out);
  return {};
}

}  // namespace sharelock
