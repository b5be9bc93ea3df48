// Initialisation: the read of the persisted state, its validation, and what is made of it (section 2).
#include "model/partition/share_partition.h"
#include "model/partition/store_answer.h"

namespace sharelock {
namespace {

/// SP-22: where a group without a start offset begins. Nothing if the log knows no such offset.
std::variant<Offset, KafkaError> resolve_start(const Surroundings& around, Outbox& out) {
  using Kind = effect::OffsetLookedUp::Kind;
  const auto look_up = [&](Kind kind, const OffsetLookup& found) -> std::variant<Offset, KafkaError> {
    out.effects.emplace_back(effect::OffsetLookedUp{kind});
    if (const auto* offset = std::get_if<Offset>(&found)) return *offset;
    if (const auto* error = std::get_if<KafkaError>(&found)) return *error;
    return KafkaError::offset_not_available;
  };
  switch (around.group.auto_offset_reset) {
    case AutoOffsetReset::earliest:
      return look_up(Kind::earliest, around.log.earliest);
    case AutoOffsetReset::by_duration:
      return look_up(Kind::timestamp, around.log.by_timestamp);
    case AutoOffsetReset::latest:
      break;
  }
  return look_up(Kind::latest, around.log.latest);
}

/// V-5: whether this version knows the id of a persisted state.
bool is_known_state(std::int8_t state, const Profile& profile) {
  if (state == static_cast<std::int8_t>(RecordState::archiving))
    return profile.value(Switch::archiving_decode) != static_cast<std::uint8_t>(ArchivingDecode::reject);
  return state >= 0 && state <= static_cast<std::int8_t>(RecordState::archived);
}

}  // namespace

Outcome SharePartition::maybe_initialize(RequestId request, const Surroundings& around, Outbox& out) {
  tell(asked::Initialize{}, &around);
  const auto done = [&](KafkaError error) -> Outcome {
    out.effects.emplace_back(effect::RequestDone{request, error});
    return {error};
  };
  switch (state_) {
    case PartitionState::active:
      return done(KafkaError::none);
    case PartitionState::failed:
      return done(KafkaError::unknown_server_error);
    case PartitionState::initializing:
    case PartitionState::fenced:
      return done(KafkaError::leader_not_available);
    case PartitionState::empty:
      break;
  }
  state_ = PartitionState::initializing;
  read_ = {HandOverId{next_hand_over_++}, request};
  out.effects.emplace_back(effect::ReadIssued{read_->first, leader_epoch_});
  return {};
}

void SharePartition::read_answered(HandOverId read, const ReadAnswer& answer, const Surroundings& around, Outbox& out) {
  tell(asked::ReadAnswered{read, answer}, &around);
  if (!read_ || read_->first != read) return;
  const RequestId request = read_->second;
  read_.reset();
  // Until all is loaded, what is to be resumed counts as outstanding: its batch may leave the window (SP-23).
  const HandOverId resumed{next_hand_over_++};
  writes_.add({.id = resumed, .kind = WriteKind::dead_letter, .request = {}, .items = {}});
  const KafkaError error = load(answer, writes_.find(resumed)->items, around, out);
  const bool resolved = error == KafkaError::none && answer.start_offset == -1;
  // CV-1 repaired: whoever loads next must not resolve another one.
  if (resolved && state_ != PartitionState::fenced && !around.profile.has(Switch::resolved_start_unstored))
    issue_write(WriteKind::start, request, static_cast<std::uint32_t>(out.batches.size()), {}, out);
  else
    loaded(request, error, around.profile, out);
  const PendingWrite loaded = *writes_.take(resumed);
  if (error == KafkaError::none) hand_to_dead_letter_queue(loaded.items, out);
  forget_detached();
}

void SharePartition::loaded(RequestId request, KafkaError error, const Profile& profile, Outbox& out) {
  // SP-16: a fenced object changes its state all the same.
  if (state_ != PartitionState::fenced || profile.has(Switch::fenced_becomes_active))
    state_ = error == KafkaError::none ? PartitionState::active : PartitionState::failed;
  out.effects.emplace_back(effect::RequestDone{request, error});
}

KafkaError SharePartition::load(const ReadAnswer& answer, WorkItems& resumed, const Surroundings& around, Outbox& out) {
  const KafkaError unread = read_error(answer, around.profile);
  if (unread != KafkaError::none && !around.profile.has(Switch::load_ignores_error)) return unread;
  if (answer.start_offset == -1 || unread != KafkaError::none) {
    const auto found = resolve_start(around, out);
    if (const auto* error = std::get_if<KafkaError>(&found)) return *error;
    start_ = std::get<Offset>(found);
  } else {
    start_ = answer.start_offset;
  }
  state_epoch_ = answer.state_epoch;
  if (const KafkaError error = load_batches(answer.batches, resumed, around); error != KafkaError::none) {
    gap_.reset();
    return error;
  }
  if (window_.empty()) {
    end_ = start_;
  } else {
    find_next_ = true;
    end_ = window_.last_offset();
    if (gap_) gap_->window_end = end_;
    advance(around.profile);
  }
  return KafkaError::none;
}

/// SP-23. What was loaded before an invalid batch stays; the object has failed.
KafkaError SharePartition::load_batches(std::span<const PersistedBatch> batches, WorkItems& resumed,
                                        const Surroundings& around) {
  Offset previous = start_ - 1;
  for (const PersistedBatch& batch : batches) {
    const bool valid =
        batch.first >= start_ && batch.last >= batch.first && is_known_state(batch.state, around.profile);
    if (!valid) return KafkaError::unknown_server_error;
    const bool hole = batch.first > previous + 1 && !around.profile.has(Switch::load_skips_holes);
    if (!gap_ && hole) gap_ = GapWindow{previous + 1, end_};
    previous = batch.last;
    load_batch(batch, resumed, around);
  }
  return KafkaError::none;
}

void SharePartition::load_batch(const PersistedBatch& batch, WorkItems& resumed, const Surroundings& around) {
  const auto state = static_cast<RecordState>(batch.state);
  put(batch.first, batch.last, InFlightState{state, batch.delivery_count, nobody});
  if (is_terminal(state)) complete_count_ += batch.last - batch.first + 1;
  const bool resumes =
      around.profile.value(Switch::archiving_decode) == static_cast<std::uint8_t>(ArchivingDecode::resume);
  if (state != RecordState::archiving || !resumes) return;
  // SP-135: the reason is guessed from the limit in force now.
  const bool exceeded = batch.delivery_count >= delivery_rule(around).limit;
  resumed.push_back({batch.first, batch.first, batch.last, batch.delivery_count, state,
                     exceeded ? DeadLetterCause::exceeded : DeadLetterCause::rejected, 0});
}

}  // namespace sharelock
