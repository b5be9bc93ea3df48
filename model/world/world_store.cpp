// The store and the dead-letter queue as the leader meets them: asking, applying and answering are three steps.
#include "model/world/on_partition.h"

namespace sharelock {
namespace {

seen::StoreApplied applied(GroupId group, const StoreRequest& request, KafkaError error, bool repeated) {
  seen::StoreApplied seen{group, request.instance, request.id, request.cause, error, repeated, 0, -1};
  if (const auto* write = std::get_if<WriteEntry>(&request.entry)) {
    seen.leader_epoch = write->leader_epoch;
    seen.state_epoch = write->state_epoch;
  } else if (const auto* begin = std::get_if<InitializeEntry>(&request.entry)) {
    seen.state_epoch = begin->state_epoch;
  } else {
    seen.leader_epoch = std::get<ReadEntry>(request.entry).leader_epoch;
  }
  return seen;
}

/// Where an entry says that the group begins; -1 if it does not.
Offset start_offset_of(const StateEntry& entry) {
  if (const auto* write = std::get_if<WriteEntry>(&entry)) return write->start_offset;
  if (const auto* begin = std::get_if<InitializeEntry>(&entry)) return begin->start_offset;
  return -1;
}

}  // namespace

/// Applies a request, or a copy of one, and tells of it.
StateResult PartitionWorld::apply_told(Call& call, GroupId group, const StoreRequest& request, bool repeated) {
  const std::int32_t before = stored(group).state_epoch;
  StateResult result = apply_to_store(group, request.entry, call.now);
  seen::StoreApplied told = applied(group, request, result.error, repeated);
  told.newer = request.cause == StoreCause::initialise && result.error == KafkaError::none && told.state_epoch > before;
  call.out.emplace_back(told);
  return result;
}

void PartitionWorld::ask_store(Call& call, GroupId group, StoreRequest request) {
  Group& state = group_of(group);
  request.id = ++state.requests_issued;
  call.out.emplace_back(seen::StoreAsked{group, request.instance, request.id, request.cause, request.member,
                                         request.first, request.last, start_offset_of(request.entry)});
  state.store_requests.add(std::move(request));
}

bool PartitionWorld::is_named(const StoreRequest& request, const Step& step, Wanted wanted) {
  return request.cause == step.cause && request.member == step.member && request.first == step.first &&
         request.last == step.last &&
         (wanted == Wanted::any || request.result.has_value() == (wanted == Wanted::applied));
}

/// The request that `step` names: that of its hint, if it has one; otherwise the nth oldest of that name.
template <class Requests>
StoreRequest* PartitionWorld::find_request(Requests& requests, const Step& step, Wanted wanted) {
  if (step.hint != 0) {
    StoreRequest* hinted = requests.find(step.hint);
    return hinted != nullptr && is_named(*hinted, step, wanted) ? hinted : nullptr;
  }
  std::uint32_t skipped = step.nth;
  return requests.oldest([&](const StoreRequest& request) { return is_named(request, step, wanted); }, skipped);
}

/// What the log of the store holds is not modelled: a record is replayed as soon as it is written.
StateResult PartitionWorld::apply_to_store(GroupId group, const StateEntry& entry, TimeMs now) {
  StateDecision decision = store_.decide(key_of(group), entry, ShardSurroundings{now, settings_->profile, &topics_});
  if (decision.record) store_.replay(*decision.record, store_records_++);
  return std::move(decision.result);
}

bool PartitionWorld::store_applies(Call& call) {
  const GroupId group = call.step.group;
  StoreRequest* request = find_request(group_of(group).store_requests, call.step, Wanted::not_applied);
  if (request == nullptr) return false;
  if (auto* write = std::get_if<WriteEntry>(&request->entry);
      write != nullptr && settings_->profile.has(Switch::sentinel_epochs_unfenced) &&
      !group_of(group).is_cached(*group_of(group).find(request->instance)))
    write->leader_epoch = write->state_epoch = -1;
  request->result = apply_told(call, group, *request, false);
  return true;
}

bool PartitionWorld::may_be_answered_alike(GroupId id, const StoreRequest& request) const {
  const auto is_open_write = [](const StoreRequest& each) {
    return !each.result && std::holds_alternative<WriteEntry>(each.entry);
  };
  if (!settings_->profile.has(Switch::duplicates_share_answer)) return false;
  if (!is_open_write(request) || would_store(id, request.entry)) return false;
  const BrokerId broker = group(id).find(request.instance)->broker;
  bool found = false;
  group(id).store_requests.for_each([&](const StoreRequest& other) {
    found = found || (other.id != request.id && is_open_write(other) &&
                      group(id).find(other.instance)->broker == broker && would_store(id, other.entry));
  });
  return found;
}

bool PartitionWorld::store_applies_alike(Call& call) {
  const GroupId group = call.step.group;
  StoreRequest* request = find_request(group_of(group).store_requests, call.step, Wanted::not_applied);
  if (request == nullptr || !may_be_answered_alike(group, *request)) return false;
  apply_told(call, group, *request, false);
  request->result = StateResult{};
  return true;
}

bool PartitionWorld::forgets_leaders(GroupId id) const {
  const KeyState* known = store_.find(key_of(id));
  return known != nullptr && known->fence_leader_epoch > known->state.leader_epoch;
}

bool PartitionWorld::store_reloads(Call& call) {
  const GroupId group = call.step.group;
  if (!forgets_leaders(group)) return false;
  const SharePartitionKey key = key_of(group);
  const ShareSnapshot latest = stored(group);
  store_.replay({key, Tombstone{}}, store_records_++);
  store_.replay({key, latest}, store_records_++);
  call.out.emplace_back(seen::StoreReloaded{group, latest.leader_epoch});
  return true;
}

/// Profile `ideal`, CV-1: nobody can have anything of a share partition before its start offset is stored, so that
/// storing it needs no steps of its own: it belongs to the step that loads.
void PartitionWorld::store_start(Call& call, GroupId group, StoreRequest request) {
  request.id = ++group_of(group).requests_issued;
  const KafkaError error = apply_told(call, group, request, false).error;
  on_partition(call, group, request.instance, [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
    partition.write_answered(request.hand_over, {AnswerForm::well_formed, error}, around, out);
    return Outcome{};
  });
}

bool PartitionWorld::store_copied(Call& call) {
  Group& group = group_of(call.step.group);
  const StoreRequest* request = find_request(group.store_requests, call.step, Wanted::any);
  if (request == nullptr) return false;
  StoreRequest copy = *request;
  copy.id = ++group.requests_issued;
  copy.result.reset();
  group.copies.add(std::move(copy));
  return true;
}

bool PartitionWorld::store_repeats(Call& call) {
  const GroupId group = call.step.group;
  StoreRequest* copy = find_request(group_of(group).copies, call.step, Wanted::any);
  if (copy == nullptr) return false;
  apply_told(call, group, *copy, true);
  group_of(group).copies.erase(copy->id);
  return true;
}

bool PartitionWorld::store_answers(Call& call) {
  const Step& step = call.step;
  Group& state = group_of(step.group);
  StoreRequest* found =
      find_request(state.store_requests, step, step.error == KafkaError::none ? Wanted::applied : Wanted::any);
  if (found == nullptr) return false;
  const StoreRequest request = std::move(*found);
  state.store_requests.erase(request.id);
  StateResult result = request.result.value_or(StateResult{});
  if (step.error != KafkaError::none) result.error = step.error;
  call.out.emplace_back(seen::StoreAnswered{step.group, request.instance, request.id, request.cause, result.error,
                                            request.result.has_value() && request.result->error == KafkaError::none,
                                            request.first, request.last});
  if (request.cause == StoreCause::load) {
    deliver_read(call, request, result);
  } else if (request.cause == StoreCause::initialise) {
    initialise_answered(call, request, result.error);
  } else {
    for (const StateBatch& batch : std::get<WriteEntry>(request.entry).batches)
      call.out.emplace_back(seen::StatesAnswered{step.group, request.instance, batch.first, batch.last, request.cause,
                                                 result.error, batch});
    on_partition(call, step.group, request.instance,
                 [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
                   partition.write_answered(request.hand_over, {AnswerForm::well_formed, result.error}, around, out);
                   return Outcome{};
                 });
    // GC-60, where altering begins a state epoch: whoever works with an earlier state is given up at the first write
    // that is refused, also at one for which nobody waits. The releases notice only where somebody waits (SP-150).
    const ShareInstance* instance = state.find(request.instance);
    if (result.error == KafkaError::fenced_state_epoch && settings_->profile.has(Switch::alter_bumps_epoch) &&
        instance != nullptr && state.is_cached(*instance))
      drop(call, step.group, request.instance);
  }
  forget_if_idle(step.group, request.instance);
  return true;
}

void PartitionWorld::deliver_read(Call& call, const StoreRequest& request, const StateResult& result) {
  ReadAnswer answer{.error = result.error};
  boost::container::small_vector<PersistedBatch, 8> batches;
  if (const auto* state = std::get_if<ReadState>(&result.data)) {
    answer.state_epoch = state->state_epoch;
    answer.start_offset = state->start_offset;
    for (const StateBatch& batch : state->batches)
      batches.push_back({batch.first, batch.last, static_cast<std::int8_t>(batch.state),
                         static_cast<std::int16_t>(batch.delivery_count)});
  }
  answer.batches = batches;
  on_partition(call, call.step.group, request.instance,
               [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
                 partition.read_answered(request.hand_over, answer, around, out);
                 return Outcome{};
               });
}

bool PartitionWorld::dead_letter_answers(Call& call) {
  const Step& step = call.step;
  Group& state = group_of(step.group);
  const auto is_named = [&](const DeadLetterRequest& request) {
    return request.first == step.first && request.last == step.last;
  };
  std::uint32_t skipped = step.nth;
  DeadLetterRequest* found =
      step.hint != 0 ? state.dead_letters.find(step.hint) : state.dead_letters.oldest(is_named, skipped);
  if (found == nullptr || !is_named(*found)) return false;
  const DeadLetterRequest request = *found;
  state.dead_letters.erase(request.id);
  call.out.emplace_back(seen::DeadLetterAnswered{step.group, request.instance, request.first, request.last});
  call.out.emplace_back(seen::RangeTouched{step.group, request.instance, request.first, request.last});
  on_partition(call, step.group, request.instance,
               [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
                 partition.dead_letter_answered(request.hand_over, around, out);
                 return Outcome{};
               });
  forget_if_idle(step.group, request.instance);
  return true;
}

}  // namespace sharelock
