// The leader of the partition: share sessions, requests, fetches that wait, locks (section 8 of the specification).
//
// A fetch attempt is one step: it locks, reads, acquires and unlocks with nothing in between, as 4.2 and 4.3 do and 4.4
// does where the log answers at once.
#include <algorithm>

#include "model/world/on_partition.h"
#include "model/world/request_id.h"

namespace sharelock {
namespace {

constexpr KafkaError share_session_not_found{122};
constexpr KafkaError invalid_share_session_epoch{123};

/// Errors after which the object is no longer to be used (SP-150.3).
bool ends_object(KafkaError error) {
  return error == KafkaError::not_leader_or_follower || error == KafkaError::fenced_state_epoch ||
         error == KafkaError::group_id_not_found || error == KafkaError::unknown_topic_or_partition;
}

constexpr std::int32_t next_session_epoch(std::int32_t epoch) {
  return epoch == 0x7fff'ffff ? 1 : epoch + 1;
}

}  // namespace

bool PartitionWorld::request_arrives(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (member.exchange != Exchange::to_leader) return false;
  member.exchange = Exchange::at_leader;
  member.response = {};
  member.response.error = check_session(call, member);
  if (member.response.error == KafkaError::none) {
    const MemberRequest& request = member.request;
    const bool renews = std::ranges::any_of(
        request.acknowledgements, [](const AcknowledgedRange& range) { return range.type == AcknowledgeType::renew; });
    if (!request.acknowledgements.empty()) take_acknowledgements(call, id);
    if (request.kind == MemberRequest::Kind::fetch && !renews) begin_fetch(call, id);
  }
  answer_if_done(call, id);
  return true;
}

/// SP-181, SP-182. The epoch moves on before anything is done (SP-183).
KafkaError PartitionWorld::check_session(Call& call, Member& member) {
  const MemberId id = call.step.member;
  const std::int32_t epoch = member.request.session_epoch;
  if (epoch == 0) {
    member.has_session = true;
    member.session_epoch = 1;
    call.out.emplace_back(seen::SessionOpened{settings_of(id).group, id});
    return KafkaError::none;
  }
  if (!member.has_session) return share_session_not_found;
  if (epoch == -1) return KafkaError::none;
  if (epoch != member.session_epoch) return invalid_share_session_epoch;
  member.session_epoch = next_session_epoch(epoch);
  return KafkaError::none;
}

void PartitionWorld::take_acknowledgements(Call& call, MemberId id) {
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  const InstanceNumber number = group_of(group).current;
  if (number == InstanceNumber{}) {  // SP-71
    member.response.acknowledge_error = KafkaError::unknown_topic_or_partition;
    return;
  }
  boost::container::small_vector<AcknowledgementBatch, 8> batches;
  for (const AcknowledgedRange& range : member.request.acknowledgements)
    batches.push_back({range.first, range.last, {&range.type, 1}});
  member.acknowledging = true;
  const std::size_t told = call.out.size();
  const Outcome outcome =
      on_partition(call, group, number, [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
        return partition.acknowledge(id, batches, request_id(Asked::acknowledge, member.connection, id), around, out);
      });
  for (const AcknowledgedRange& range : member.request.acknowledgements)
    call.out.emplace_back(
        seen::AcknowledgementTaken{group, number, id, range.first, range.last, range.type, outcome.error});
  // The acknowledgement is told before what it brought about.
  std::rotate(call.out.begin() + static_cast<std::ptrdiff_t>(told),
              call.out.end() - static_cast<std::ptrdiff_t>(member.request.acknowledgements.size()), call.out.end());
  if (outcome.aborted) {
    member.acknowledging = false;
    member.response.error = outcome.error;
  }
  wake(call, group);  // SP-89
}

/// The share partition that fetches go to, created if there is none, its state asked for if that was not done (SP-162).
InstanceNumber PartitionWorld::cached_instance(Call& call, GroupId group) {
  Group& state = group_of(group);
  if (state.current == InstanceNumber{}) {
    state.current = InstanceNumber{++state.instances_created};
    const LogLookups log = look_ups();
    const Surroundings around{call.now, settings_->profile, settings_->of(group).configuration, log};
    state.instances.push_back({state.current, SharePartition{leader_epoch_, around}, {}});
    call.out.emplace_back(seen::InstanceCreated{group, state.current});
  }
  return state.current;
}

void PartitionWorld::begin_fetch(Call& call, MemberId id) {
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  member.fetching = true;
  member.fetched_from = cached_instance(call, group);
  group_of(group).waiting.push_back(id);
  if (group_of(group).cached()->partition.state() != PartitionState::active)
    on_partition(call, group, member.fetched_from,
                 [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
                   return partition.maybe_initialize(request_id(Asked::initialise, member.connection, id), around, out);
                 });
  if (!try_fetch(call, id)) call.out.emplace_back(seen::FetchWaits{group, id});
}

void PartitionWorld::fetch_ended(GroupId group, MemberId id) {
  auto& waiting = group_of(group).waiting;
  waiting.erase(std::remove(waiting.begin(), waiting.end(), id), waiting.end());
  member_of(id).fetching = false;
  member_of(id).check_scheduled = false;
}

/// SP-163, SP-167. True if the fetch is over, with or without records.
bool PartitionWorld::try_fetch(Call& call, MemberId id) {
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  ShareInstance* instance = group_of(group).find(member.fetched_from);
  const FetchId lock{static_cast<std::uint64_t>(member.connection) << 32 | id.value()};
  if (instance == nullptr || !instance->partition.try_fetch_lock(lock)) return false;
  bool done = false;
  on_partition(call, group, member.fetched_from,
               [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
                 Outcome outcome;
                 if (partition.can_acquire(around)) {
                   const Offset from = partition.next_fetch_offset();
                   const Isolation isolation = settings_->of(group).isolation;
                   const LogRead read = log_.read(from, isolation, settings_->read_offsets_max);
                   if (read.error == KafkaError::offset_out_of_range) {
                     call.out.emplace_back(
                         seen::RangeTouched{group, member.fetched_from, partition.start_offset(), log_.start() - 1});
                     partition.log_start_moved(log_.start(), around, out);
                     done = true;
                   } else if (!read.batches.empty()) {
                     outcome = acquire(call, id, partition, from, read, around, out);
                     done = true;
                   }
                 }
                 partition.fetch_unlock(lock, around, out);
                 return outcome;
               });
  if (!done) return false;
  fetch_ended(group, id);
  for (std::uint32_t other = 1; other <= groups_.size(); ++other) wake(call, GroupId{other});  // SP-165
  return true;
}

Outcome PartitionWorld::acquire(Call& call, MemberId id, SharePartition& partition, Offset from, const LogRead& read,
                                const Surroundings& around, Outbox& out) {
  const MemberSettings& settings = settings_of(id);
  Member& member = member_of(id);
  const Isolation isolation = settings_->of(settings.group).isolation;
  const AcquireRequest request{.mode = settings.mode,
                               .batch_size = settings.max_poll_records,
                               .max_records = settings.max_poll_records,
                               .fetch_offset = from,
                               .batches = read.batches,
                               .isolation = isolation,
                               .aborted = read.aborted};
  // Available records that the log no longer has are archived, and no effect says so (SP-42).
  if (from < read.batches.front().base)
    call.out.emplace_back(seen::RangeTouched{settings.group, member.fetched_from, from, read.batches.front().base - 1});
  Acquired acquired = partition.acquire(id, request, around, out);
  if (acquired.outcome.error != KafkaError::none) {
    member.response.fetch_error = acquired.outcome.error;
    return acquired.outcome;
  }
  for (const AcquiredRange& range : acquired.ranges) {
    call.out.emplace_back(
        seen::Acquired{settings.group, member.fetched_from, id, range.first, range.last, range.delivery_count});
    for (Offset at = range.first; at <= range.last;) {
      const Offset visible = log_.first_visible(at, range.last, isolation);
      member.response.gaps.add(at, visible - 1);
      at = log_.first_invisible(visible, range.last, isolation);
    }
  }
  member.response.records = std::move(acquired.ranges);
  return acquired.outcome;
}

bool PartitionWorld::check_fetch(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.fetching || !std::exchange(member.check_scheduled, false)) return false;
  try_fetch(call, id);
  answer_if_done(call, id);
  return true;
}

bool PartitionWorld::fetch_expires(Call& call) {
  const MemberId id = call.step.member;
  if (!member_of(id).fetching) return false;
  if (!try_fetch(call, id)) fetch_ended(settings_of(id).group, id);
  answer_if_done(call, id);
  return true;
}

/// SP-187: a request is answered when its acknowledgements and its fetch are over.
void PartitionWorld::answer_if_done(Call& call, MemberId id) {
  Member& member = member_of(id);
  if (member.exchange != Exchange::at_leader || member.acknowledging || member.fetching) return;
  member.exchange = Exchange::to_member;
  call.out.emplace_back(seen::RequestAnswered{settings_of(id).group, id});
  if (member.request.kind == MemberRequest::Kind::close && member.response.error == KafkaError::none)
    close_session(call, id);
}

/// SP-90: what the member holds is given back. The outcome is not reported to anybody.
void PartitionWorld::close_session(Call& call, MemberId id) {
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  member.has_session = false;
  call.out.emplace_back(seen::SessionClosed{group, id, true});
  if (settings_->profile.has(Switch::session_close_releases_nothing)) return;
  const InstanceNumber number = group_of(group).current;
  if (number == InstanceNumber{}) return;
  on_partition(call, group, number, [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
    return partition.release_acquired(id, request_id(Asked::release, member.connection, id), around, out);
  });
  wake(call, group);  // SP-165
}

bool PartitionWorld::disconnect_noticed(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.break_unnoticed) return false;
  const GroupId group = settings_of(id).group;
  member.break_unnoticed = false;
  // The fetch of a member that is gone leaves the queue at once. (A release lets it wait on and acquire, SP-168.)
  fetch_ended(group, id);
  member.acknowledging = false;
  if (member.exchange != Exchange::none) lose_connection(call, id, KafkaError::none);
  if (member.has_session) close_session(call, id);
  bool sessions = false;
  for (std::uint32_t other = 1; other <= members_.size(); ++other)
    sessions |= settings_of(MemberId{other}).group == group && member_of(MemberId{other}).has_session;
  if (!sessions) drop(call, group, group_of(group).current);  // SP-189
  return true;
}

bool PartitionWorld::is_named(const TimedLock& timed, const Step& step) {
  return timed.fired == (step.kind == StepKind::lock_handled) && timed.lock.owner == step.member &&
         timed.lock.first == step.first && timed.lock.last == step.last;
}

/// The lock that `step` names, and the object that holds it: the one of the hint, or else the nth oldest of that name.
ShareInstance* PartitionWorld::find_lock(const Step& step, LockId& lock) {
  const auto named = [&](const TimedLock& timed) { return is_named(timed, step); };
  std::uint32_t skipped = step.nth;
  for (ShareInstance& instance : group_of(step.group).instances) {
    const TimedLock* found = instance.timers.find(LockId{step.hint});
    if (found == nullptr || !named(*found)) found = instance.timers.oldest(named, skipped);
    if (found == nullptr) continue;
    lock = found->id;
    return &instance;
  }
  return nullptr;
}

bool PartitionWorld::lock_fires(Call& call) {
  LockId id{};
  ShareInstance* instance = find_lock(call.step, id);
  if (instance == nullptr) return false;
  TimedLock* timed = instance->timers.find(id);
  if (call.now < timed->lock.expires_at)
    return false;  // A plan that was edited: locks still last as long as they last.
  timed->fired = true;
  instance->partition.lock_fired(timed->lock);
  call.out.emplace_back(seen::LockFired{call.step.group, instance->number, timed->lock});
  return true;
}

bool PartitionWorld::lock_handled(Call& call) {
  LockId id{};
  ShareInstance* instance = find_lock(call.step, id);
  if (instance == nullptr) return false;
  const AcquisitionLock lock = instance->timers.find(id)->lock;
  const InstanceNumber number = instance->number;
  instance->timers.erase(id);
  call.out.emplace_back(seen::LockHandled{call.step.group, number, lock});
  call.out.emplace_back(seen::RangeTouched{call.step.group, number, lock.first, lock.last});
  on_partition(call, call.step.group, number, [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
    return partition.lock_expiry_handled(lock, around, out);
  });
  forget_if_idle(call.step.group, number);
  return true;
}

/// Another broker leads now. Sessions and share partitions stay behind with the old one; every member has to connect to
/// the new one and begin a new session.
bool PartitionWorld::leader_moves(Call& call) {
  ++leader_epoch_;
  call.out.emplace_back(seen::LeaderMoved{leader_epoch_});
  for (std::uint32_t index = 1; index <= members_.size(); ++index) {
    const MemberId id{index};
    const GroupId group = settings_of(id).group;
    Member& member = member_of(id);
    fetch_ended(group, id);
    member.acknowledging = false;
    lose_connection(call, id, KafkaError::not_leader_or_follower);
    member.break_unnoticed = false;
    if (std::exchange(member.has_session, false)) call.out.emplace_back(seen::SessionClosed{group, id, false});
  }
  for (std::uint32_t group = 1; group <= groups_.size(); ++group) {
    const InstanceNumber number = group_of(GroupId{group}).current;
    drop(call, GroupId{group}, number);
    forget_if_idle(GroupId{group}, number);
  }
  return true;
}

/// A share partition is done with an asynchronous request.
void PartitionWorld::request_done(Call& call, GroupId group, InstanceNumber instance, RequestId request,
                                  KafkaError error) {
  switch (asked_of(request)) {
    case Asked::initialise: {
      if (error == KafkaError::leader_not_available) return;  // SP-172
      ShareInstance* loaded = group_of(group).find(instance);
      if (!std::exchange(loaded->loaded, true)) call.out.emplace_back(seen::InstanceLoaded{group, instance, error});
      if (error == KafkaError::none) return wake(call, group);
      for (const MemberId waiting : group_of(group).waiting)
        if (member_of(waiting).fetched_from == instance) member_of(waiting).response.fetch_error = error;
      return drop(call, group, instance);
    }
    case Asked::acknowledge: {
      if (ends_object(error)) drop(call, group, instance);
      const MemberId id = sharelock::member_of(request);
      if (id == nobody) return;
      Member& member = member_of(id);
      if (!member.acknowledging || connection_of(request) != shortened(member.connection)) return;
      member.acknowledging = false;
      member.response.acknowledge_error = error;
      if (call.step.kind != StepKind::request_arrives) answer_if_done(call, id);
      return;
    }
    case Asked::release:
      if (ends_object(error)) drop(call, group, instance);
      return;
  }
}

}  // namespace sharelock
