// Acknowledgements of a member: every batch or none (sections 4.2 and 4.4).
#include <algorithm>

#include "model/partition/share_partition.h"
#include "model/partition/states_of.h"

namespace sharelock {

/// An acknowledgement in progress.
struct SharePartition::Acknowledging {
  MemberId by;
  DeliveryRule rule;
  const Surroundings& around;
  Outbox& out;
  PendingWrite write;
  std::uint32_t first_batch;
  /// Renewals that wait for the rest of the request to be found good (SP-83 repaired).
  boost::container::small_vector<std::pair<Offset, Offset>, 2> renewals{};  ///< First offset of the batch, offset.
};

namespace {

/// The state that an acknowledgement of this type leads to (SP-72, SP-131).
RecordState target_of(AcknowledgeType type, const DeliveryRule& rule) {
  switch (type) {
    case AcknowledgeType::accept:
      return RecordState::acknowledged;
    case AcknowledgeType::release:
      return RecordState::available;
    case AcknowledgeType::reject:
      return rule.exhausted();
    default:
      return RecordState::archived;
  }
}

/// SP-76: the lookup of the first batch has nothing to start from.
Outcome nothing_to_start_from(const Profile& profile) {
  return profile.has(Switch::straddling_acknowledge_aborts) ? Outcome::abort()
                                                            : Outcome{KafkaError::invalid_record_state};
}

bool is_known(AcknowledgeType type) {
  return type >= AcknowledgeType::gap && type <= AcknowledgeType::renew;
}

bool is_held_by(const InFlightState& state, MemberId member) {
  return state.state() == RecordState::acquired && !state.is_pending() && state.owner() == member;
}

}  // namespace

Outcome SharePartition::acknowledge(MemberId by, std::span<const AcknowledgementBatch> batches, RequestId request,
                                    const Surroundings& around, Outbox& out) {
  tell(asked::Acknowledge{by, batches}, &around);
  Acknowledging work{by,
                     delivery_rule(around),
                     around,
                     out,
                     {.id = {}, .kind = WriteKind::acknowledge, .request = request, .items = {}},
                     static_cast<std::uint32_t>(out.batches.size())};
  KafkaError error = KafkaError::none;
  for (const AcknowledgementBatch& batch : batches) {
    const Outcome outcome = acknowledge_batch(work, batch);
    if (outcome.aborted) return outcome;
    error = outcome.error;
    if (error != KafkaError::none) break;
  }
  if (error == KafkaError::none) renew_deferred(work);
  finish(std::move(work.write), work.first_batch, error, around, out);
  return {error};
}

/// SP-75 steps 1 to 4.
Outcome SharePartition::acknowledge_batch(Acknowledging& work, const AcknowledgementBatch& batch) {
  if (!std::ranges::all_of(batch.types, is_known)) return {KafkaError::invalid_request};
  if (batch.last < start_) return {};
  if (batch.types.empty()) return Outcome::abort();  // SP-70 keeps these out.
  Handle from = window_.floor(batch.first);
  if (from == InFlightWindow::none) {
    if (!(batch.first < start_ && start_ <= batch.last)) return {KafkaError::invalid_record_state};
    from = window_.floor(start_);
    if (from == InFlightWindow::none) return nothing_to_start_from(work.around.profile);
  }
  if (window_[from].first > batch.last) return Outcome::abort();  // An inverted range, which SP-70 keeps out.
  const Offset end = window_[window_.floor(batch.last)].last;
  if (end < batch.first || batch.last > end) return {KafkaError::invalid_request};
  for (Handle at = from; at != InFlightWindow::none && window_[at].first <= batch.last; at = window_.next(at))
    if (const Outcome outcome = acknowledge_in(work, at, batch); outcome != Outcome{}) return outcome;
  return {};
}

/// SP-80.
Outcome SharePartition::acknowledge_in(Acknowledging& work, Handle at, const AcknowledgementBatch& batch) {
  const InFlightBatch& held = window_[at];
  if (held.last < start_) return {};
  if (!held.by_offset && (held.whole.owner() == nobody || held.whole.owner() != work.by || held.whole.is_pending()))
    return {KafkaError::invalid_record_state};
  const bool straddles_start = held.first < start_ && start_ <= held.last;
  const bool inside = batch.first <= held.first && held.last <= batch.last;
  if (inside && !held.by_offset && batch.types.size() == 1 && !straddles_start)
    return {acknowledge_states(work, at, held.first, held.last, batch.types[0])};
  if (!held.by_offset) {
    if (held.whole.state() != RecordState::acquired) return {KafkaError::invalid_record_state};
    explode(at, work.around, work.out);
  }
  const Offset last = std::min(held.last, batch.last);
  for (Offset offset = std::max({held.first, batch.first, start_}); offset <= last; ++offset) {
    const auto index = batch.types.size() > 1 ? static_cast<std::size_t>(offset - batch.first) : 0;
    // SP-70 keeps these out, too.
    if (index >= batch.types.size() && is_held_by(window_.state(at, offset), work.by)) return Outcome::abort();
    if (index >= batch.types.size()) return {KafkaError::invalid_record_state};
    const KafkaError error = acknowledge_states(work, at, offset, offset, batch.types[index]);
    if (error != KafkaError::none) return {error};
  }
  return {};
}

/// SP-81 for one offset, SP-82 for a whole batch.
KafkaError SharePartition::acknowledge_states(Acknowledging& work, Handle at, Offset first, Offset last,
                                              AcknowledgeType type) {
  const InFlightState& held = window_.state(at, first);
  if (!is_held_by(held, work.by)) return KafkaError::invalid_record_state;
  if (type == AcknowledgeType::renew) return renew(work, at, first, last);
  window_.modify(at, first, [&](InFlightState& state) { state.begin(target_of(type, work.rule), work.rule); });
  const auto cause = type == AcknowledgeType::reject ? DeadLetterCause::rejected : DeadLetterCause::exceeded;
  add_work(work.write, at, first, last, cause, work.out);
  if (is_terminal(held.state())) complete_count_ += last - first + 1;
  return KafkaError::none;
}

/// A fresh lock of the full duration. In the releases it stands whatever becomes of the request (SP-83).
KafkaError SharePartition::renew(Acknowledging& work, Handle at, Offset first, Offset last) {
  if (work.around.profile.has(Switch::renew_switch) && !work.around.group.renew_enabled)
    return KafkaError::invalid_record_state;
  if (work.around.profile.has(Switch::renewal_survives_error))
    restart_lock(work, at, first, last);
  else
    for (Offset offset = first; offset <= last; ++offset) work.renewals.push_back({window_[at].first, offset});
  return KafkaError::none;
}

void SharePartition::restart_lock(Acknowledging& work, Handle at, Offset first, Offset last) {
  window_.modify(at, first, [&](InFlightState& state) {
    cancel_lock(state, work.out);
    state.drop_lock();
  });
  start_lock(at, first, last, work.by, work.around, work.out);
}

/// SP-83 repaired: the request was found good, so its renewals hold, where no later batch of it did more.
void SharePartition::renew_deferred(Acknowledging& work) {
  for (const auto& [batch, offset] : work.renewals) {
    const Handle at = window_.find(batch);
    const InFlightBatch& held = window_[at];
    if (window_.state(at, offset).state() != RecordState::acquired) continue;
    if (held.by_offset)
      restart_lock(work, at, offset, offset);
    else if (offset == held.first)
      restart_lock(work, at, held.first, held.last);
  }
}

}  // namespace sharelock
