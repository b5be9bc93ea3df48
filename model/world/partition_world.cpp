#include "model/world/partition_world.h"

#include "model/world/on_partition.h"

namespace sharelock {

PartitionWorld::PartitionWorld(const WorldSettings& settings)
    : settings_{&settings}, store_{ShareCoordinatorConfiguration{.records_per_snapshot = settings.snapshot_updates}} {
  topics_.set(Administration::topic, partition() + 1);
  groups_.resize(settings.groups.size());
  members_.resize(settings.members.size());
  for (Member& member : members_) connect(member);
  if (settings.administration) {
    administration_ = std::make_shared<const Administration>(groups_.size());
    return;
  }
  for (std::uint32_t id = 1; id <= groups_.size(); ++id)
    apply_to_store(GroupId{id}, InitializeEntry{1, settings.of(GroupId{id}).initial_start_offset}, 0);
}

bool PartitionWorld::apply(const Step& step, TimeMs at, Observations& out) {
  if (step.group.value() > groups_.size()) return false;
  const StepForm& form = form_of(step.kind);
  if (form.by_member() && (step.member == nobody || step.member.value() > members_.size())) return false;
  if (form.group && step.group == no_group) return false;
  Call call{step, at, out};
  if (!carry_out(call)) return false;
  now_ = at;
  spent_.count(step);
  return true;
}

bool PartitionWorld::carry_out(Call& call) {
  switch (call.step.kind) {
    case StepKind::fetch:
      return send(call, MemberRequest::Kind::fetch);
    case StepKind::acknowledge:
      return acknowledge(call);
    case StepKind::commit:
      return send(call, MemberRequest::Kind::acknowledge);
    case StepKind::close:
      return send(call, MemberRequest::Kind::close);
    case StepKind::crash:
      return crash(call);
    case StepKind::disconnect:
      return disconnect(call);
    case StepKind::restart:
      return restart(call);
    case StepKind::member_learns:
      return member_learns(call);
    case StepKind::request_arrives:
      return request_arrives(call);
    case StepKind::response_arrives:
      return response_arrives(call);
    case StepKind::disconnect_noticed:
      return disconnect_noticed(call);
    case StepKind::check_fetch:
      return check_fetch(call);
    case StepKind::fetch_expires:
      return fetch_expires(call);
    case StepKind::log_read_ends:
      return log_read_ends(call);
    case StepKind::lock_fires:
      return lock_fires(call);
    case StepKind::lock_handled:
      return lock_handled(call);
    case StepKind::leader_moves:
      return leader_moves(call);
    case StepKind::broker_learns:
      return broker_learns(call);
    case StepKind::configure:
      return configure(call);
    case StepKind::store_applies:
      return store_applies(call);
    case StepKind::store_answers:
      return store_answers(call);
    case StepKind::store_copied:
      return store_copied(call);
    case StepKind::store_applies_alike:
      return store_applies_alike(call);
    case StepKind::store_repeats:
      return store_repeats(call);
    case StepKind::store_reloads:
      return store_reloads(call);
    case StepKind::dead_letter_answers:
      return dead_letter_answers(call);
    case StepKind::heartbeat:
      return heartbeat(call);
    case StepKind::leave:
      return leave(call);
    case StepKind::member_expires:
      return member_expires(call);
    case StepKind::group_coordinator_moves:
      return group_coordinator_moves(call);
    case StepKind::initialise_overdue:
      return initialise_overdue(call);
    case StepKind::alter_offsets:
      return alter_offsets(call);
    case StepKind::partition_created:
      return partition_created(call);
    default:
      return apply_to_log(call);
  }
}

/// Configurations are looked up whenever they are needed (SP-200), so a change has no effect of its own; but a larger
/// window may have room for a fetch that waits, which in the releases nobody tells it.
bool PartitionWorld::configure(Call& call) {
  const GroupId id = call.step.group;
  if (call.step.nth > settings_->of(id).changes.size() || call.step.nth == group(id).configuration) return false;
  const std::int32_t window = configuration(id).max_record_locks;
  group_of(id).configuration = call.step.nth;
  call.out.emplace_back(seen::ConfigurationChanged{id});
  if (configuration(id).max_record_locks > window && !settings_->profile.has(Switch::silent_availability))
    for (const BrokerId broker : {BrokerId::one, BrokerId::two}) wake(call, id, broker);
  return true;
}

Step PartitionWorld::named(const Step& step) const {
  Step named = step;
  named.hint = 0;
  if (step.hint == 0) return named;
  named.nth = 0;
  bool reached = false;
  // What is not there is passed by all that are: the name then means nothing either.
  const auto count = [&](bool same_name, std::uint32_t id) {
    reached |= same_name && id == step.hint;
    named.nth += same_name && !reached;
  };
  if (form_of(step.kind).connection) {
    for (const Connection& connection : member(step.member).connections)
      count(can_happen(step.kind, connection), connection.number);
    return named;
  }
  if (step.group == no_group || step.group.value() > groups_.size()) return named;
  const Group& group = this->group(step.group);
  if (step.kind == StepKind::lock_fires || step.kind == StepKind::lock_handled) {
    for (const ShareInstance& instance : group.instances)
      instance.timers.for_each([&](const TimedLock& timed) { count(is_named(timed, step), timed.id.value()); });
  } else if (step.kind == StepKind::dead_letter_answers) {
    group.dead_letters.for_each([&](const DeadLetterRequest& request) {
      count(request.first == step.first && request.last == step.last, request.id);
    });
  } else if (step.kind == StepKind::store_repeats) {
    group.copies.for_each([&](const StoreRequest& copy) { count(is_named(copy, step, Wanted::any), copy.id); });
  } else {
    const bool applies = step.kind == StepKind::store_applies || step.kind == StepKind::store_applies_alike;
    const bool own_answer = step.kind == StepKind::store_answers && step.error == KafkaError::none;
    const Wanted wanted = applies ? Wanted::not_applied : own_answer ? Wanted::applied : Wanted::any;
    group.store_requests.for_each(
        [&](const StoreRequest& request) { count(is_named(request, step, wanted), request.id); });
  }
  return named;
}

bool PartitionWorld::apply_to_log(Call& call) {
  if (!partition_exists()) return false;
  const Step& step = call.step;
  const Offset end = log_.end();
  const auto producer = static_cast<std::int64_t>(step.member.value());
  switch (step.kind) {
    case StepKind::append:
    case StepKind::append_transactional: {
      constexpr Offset batch_records_max = 1'000'000;
      const Offset count = step.last - step.first + 1;
      if (count <= 0 || count > batch_records_max) return false;
      if (step.kind == StepKind::append)
        log_.append(static_cast<std::int32_t>(count));
      else
        log_.append_transactional(static_cast<std::int32_t>(count), producer);
      log_grew(call, end);
      return true;
    }
    case StepKind::commit_transaction:
    case StepKind::abort_transaction: {
      const ControlType marker = step.kind == StepKind::commit_transaction ? ControlType::commit : ControlType::abort;
      if (!log_.end_transaction(producer, marker)) return false;
      call.out.emplace_back(seen::TransactionEnded{step.member, marker});
      log_grew(call, end);
      return true;
    }
    case StepKind::compact:
      log_.compact(step.first, step.last);
      call.out.emplace_back(seen::Compacted{step.first, step.last});
      return true;
    case StepKind::log_start_moves:
      if (step.first <= log_.start() || step.first > log_.high_watermark()) return false;
      log_.move_start(step.first);
      call.out.emplace_back(seen::LogStartMoved{step.first});
      return true;
    case StepKind::replication_stops:
      log_.hold_replication();
      return true;
    case StepKind::replication_resumes:
      log_.replicate();
      log_grew(call, end);
      return true;
    default:
      return false;
  }
}

/// High watermark or last stable offset may have moved: whoever waits for this partition is checked (SP-165).
void PartitionWorld::log_grew(Call& call, Offset from) {
  if (from < log_.end()) call.out.emplace_back(seen::Appended{from, log_.end() - 1});
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) wake(call, GroupId{id}, leader_);
}

LogLookups PartitionWorld::look_ups() const {
  return {.earliest = log_.start(), .latest = log_.high_watermark(), .by_timestamp = NoSuchOffset{}};
}

const ShareSnapshot& PartitionWorld::stored(GroupId id) const {
  static const ShareSnapshot nothing{.state_epoch = -1, .start_offset = -1, .batches = {}};
  const KeyState* known = store_.find(key_of(id));
  return known == nullptr ? nothing : known->state;
}

const ShareInstance* PartitionWorld::serving(GroupId id) const {
  return has_learned(leader_) ? group(id).find(group(id).cached_at(leader_)) : nullptr;
}

void PartitionWorld::wake(Call& call, GroupId group, BrokerId broker) {
  for (const Waiter& waiter : group_of(group).waiting) {
    Connection& connection = *member_of(waiter.member).find(waiter.connection);
    if (connection.broker == broker) schedule_check(call, group, waiter, connection);
  }
}

void PartitionWorld::schedule_check(Call& call, GroupId group, const Waiter& waiter, Connection& connection) {
  if (connection.attempt == Attempt::completes || std::exchange(connection.check_scheduled, true)) return;
  call.out.emplace_back(seen::FetchWoken{group, waiter.member, waiter.connection});
}

namespace {

/// Tells the ranges of a write as few ranges as possible: offsets one by one are the usual case.
void tell_written(Observations& out, GroupId group, InstanceNumber instance, std::span<const StateBatch> batches) {
  for (std::size_t i = 0; i < batches.size();) {
    const Offset first = batches[i].first;
    Offset last = batches[i].last;
    for (++i; i < batches.size() && batches[i].first == last + 1; ++i) last = batches[i].last;
    out.emplace_back(seen::StatesWritten{group, instance, first, last});
  }
}

StoreCause cause_of(WriteKind kind) {
  switch (kind) {
    case WriteKind::acknowledge:
      return StoreCause::acknowledgement;
    case WriteKind::release:
      return StoreCause::session_end;
    case WriteKind::expiry:
      return StoreCause::lock_expiry;
    case WriteKind::dead_letter:
      return StoreCause::dead_letter;
    case WriteKind::archive:
      return StoreCause::archive;
    case WriteKind::start:
      break;
  }
  return StoreCause::start;
}

}  // namespace

void PartitionWorld::tell_effects(Call& call, GroupId id, InstanceNumber number, const Outbox& outbox) {
  const auto write = [&](const effect::WriteIssued& issued) {
    const std::span<const StateBatch> batches = outbox.batches_of(issued);
    tell_written(call.out, id, number, batches);
    WriteEntry entry{issued.state_epoch,
                     issued.leader_epoch,
                     static_cast<std::int32_t>(number.value()),
                     issued.start_offset,
                     static_cast<std::int32_t>(issued.delivery_complete_count),
                     {batches.begin(), batches.end()}};
    const Offset first = batches.empty() ? 0 : batches.front().first;
    const Offset last = batches.empty() ? -1 : batches.back().last;
    StoreRequest request{0,    number,           issued.id, cause_of(issued.kind), call.step.member, first,
                         last, std::move(entry), {}};
    if (issued.kind == WriteKind::start) return store_start(call, id, std::move(request));
    ask_store(call, id, std::move(request));
  };
  for (const Effect& effect : outbox.effects) {
    std::visit(overloaded{
                   [&](const effect::ReadIssued& read) {
                     const ReadEntry entry{read.leader_epoch, static_cast<std::int32_t>(number.value())};
                     ask_store(call, id, {0, number, read.id, StoreCause::load, nobody, 0, -1, entry, {}});
                   },
                   write,
                   [&](const effect::DeadLetterIssued& issued) {
                     Group& group = group_of(id);
                     const std::uint32_t request = ++group.requests_issued;
                     group.dead_letters.add({request, number, issued.id, issued.first, issued.last});
                     call.out.emplace_back(
                         seen::DeadLetterAsked{id, number, request, issued.first, issued.last, issued.cause});
                   },
                   [&](effect::FetchesWoken) { wake(call, id, group_of(id).find(number)->broker); },
                   [&](effect::OffsetLookedUp) {},
                   [&](const effect::RequestDone& done) { request_done(call, id, number, done.request, done.error); },
                   [&](const effect::LockStarted& started) {
                     group_of(id).find(number)->timers.add({started.lock.id, started.lock});
                     call.out.emplace_back(seen::LockArmed{id, number, started.lock});
                   },
                   [&](const effect::LockCancelled& cancelled) {
                     Issued<TimedLock>& timers = group_of(id).find(number)->timers;
                     const TimedLock* timed = timers.find(cancelled.id);
                     if (timed == nullptr) return;  // It is being handled.
                     if (timed->fired && settings_->profile.has(Switch::expiry_ignores_cancel)) return;
                     call.out.emplace_back(seen::LockCancelled{id, number, timed->lock});
                     timers.erase(cancelled.id);
                   },
                   [&](effect::UnlockRefused) {},
               },
               effect);
  }
}

/// Removes an object from the cache of its broker (SP-150). Its locks still fire, its writes are still answered.
void PartitionWorld::drop(Call& call, GroupId group, InstanceNumber instance) {
  Group& state = group_of(group);
  const ShareInstance* found = state.find(instance);
  if (found == nullptr) return;
  const BrokerId broker = found->broker;
  InstanceNumber& cached = state.cache[index_of(broker)];
  if (cached == InstanceNumber{}) return;
  if (cached != instance && !settings_->profile.has(Switch::removal_by_key)) return;
  const InstanceNumber removed = std::exchange(cached, InstanceNumber{});
  if (state.current == removed) state.current = InstanceNumber{};
  call.out.emplace_back(seen::InstanceDropped{group, removed});
  on_partition(call, group, removed, [](SharePartition& partition, const Surroundings& around, Outbox& out) {
    partition.fence(around, out);
    return Outcome{};
  });
  wake(call, group, broker);
}

void PartitionWorld::forget_if_idle(GroupId group, InstanceNumber instance) {
  Group& state = group_of(group);
  const ShareInstance* found = state.find(instance);
  if (found == nullptr || state.is_cached(*found) || !found->timers.empty()) return;
  bool asked = false;
  state.store_requests.for_each([&](const StoreRequest& request) { asked |= request.instance == instance; });
  state.dead_letters.for_each([&](const DeadLetterRequest& request) { asked |= request.instance == instance; });
  if (!asked) state.instances.erase(state.instances.begin() + (found - state.instances.data()));
}

}  // namespace sharelock
