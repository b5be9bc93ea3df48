// Fetches at the broker: attempts, what they wait for, who is tried again (SP-162 to SP-172).
//
// Where log reads end at once a fetch attempt is one step: it locks, reads, acquires and unlocks with nothing in
// between. Where they end later it is two: it takes the fetch lock and asks for a read, and when that has ended it
// acquires, or finds too little and waits on. In between anything can happen.
#include <algorithm>

#include "model/world/on_partition.h"
#include "model/world/request_id.h"

namespace sharelock {

void PartitionWorld::begin_fetch(Call& call, const At& at) {
  Connection& connection = at.connection;
  if (!broker(connection.broker).leads) {  // SP-150
    connection.response.fetch_error = KafkaError::not_leader_or_follower;
    return;
  }
  connection.fetching = true;
  const InstanceNumber number = connection.fetched_from = cached_instance(call, at.group, connection.broker);
  group_of(at.group).waiting.push_back({at.id, connection.number});
  if (group_of(at.group).find(number)->partition.state() != PartitionState::active)
    on_partition(call, at.group, number, [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
      return partition.maybe_initialize(request_id(Asked::initialise, connection.number, at.id), around, out);
    });
  // Where the first attempt takes time, the time limit of the fetch begins with it.
  const seen::FetchWaits waits{at.group, at.id, connection.number};
  if (reads_end_later()) call.out.emplace_back(waits);
  if (!try_fetch(call, at, Attempt::decides) && !reads_end_later()) call.out.emplace_back(waits);
}

void PartitionWorld::fetch_ended(const At& at) {
  auto& waiting = group_of(at.group).waiting;
  waiting.erase(std::remove(waiting.begin(), waiting.end(), Waiter{at.id, at.connection.number}), waiting.end());
  at.connection.fetching = false;
  at.connection.check_scheduled = false;
  at.connection.attempt = Attempt::none;
  at.connection.holds_lock = false;
  at.connection.met_lock = false;
}

/// SP-163: the fetch lock, the position, the log read. True if the fetch is over, with or without records.
bool PartitionWorld::try_fetch(Call& call, const At& at, Attempt attempt) {
  Connection& connection = at.connection;
  const InstanceNumber number = connection.fetched_from;
  ShareInstance* instance = group_of(at.group).find(number);
  if (instance == nullptr) return false;
  SharePartition& partition = instance->partition;
  if (!partition.try_fetch_lock(fetch_id(at.id, connection))) {
    const bool is_held = partition.state() == PartitionState::active && partition.fetch_lock() != FetchId{};
    connection.met_lock = is_held && !settings_->profile.has(Switch::silent_unlock);
    return false;
  }
  connection.holds_lock = true;
  connection.met_lock = false;
  const LogLookups log = look_ups();
  if (!partition.can_acquire({call.now, settings_->profile, configuration(at.group), log})) {
    give_lock_back(call, at);
    return false;
  }
  connection.attempt = attempt;
  connection.read_from = partition.next_fetch_offset();
  if (!reads_end_later()) return attempt_ends(call, at);
  call.out.emplace_back(seen::LogReadAsked{at.group, number, at.id, connection.number, connection.read_from});
  return false;
}

/// The log read of an attempt has ended: SP-163 from step 5 on, SP-167. True if the fetch is over.
bool PartitionWorld::attempt_ends(Call& call, const At& at) {
  Connection& connection = at.connection;
  const BrokerId here = connection.broker;
  const Isolation isolation = settings_->of(at.group).isolation;
  LogRead read = log_.read(connection.read_from, isolation, settings_->read_offsets_max, broker(here).sees_until);
  if (!broker(here).leads) read = {.error = KafkaError::not_leader_or_follower, .batches = {}, .aborted = {}};
  const bool in_any_case = std::exchange(connection.attempt, Attempt::none) == Attempt::completes;
  const bool completes = in_any_case || read.error != KafkaError::none || is_enough(at, read);
  ShareInstance* instance = group_of(at.group).find(connection.fetched_from);
  // An object that was removed meanwhile gives nothing.
  if (instance != nullptr && instance->partition.state() == PartitionState::active)
    on_partition(call, at.group, instance->number,
                 [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
                   const Outcome outcome = completes ? complete(call, at, partition, read, around, out) : Outcome{};
                   unlock(call, at, partition, around, out);
                   return outcome;
                 });
  if (read.error == KafkaError::not_leader_or_follower) connection.response.fetch_error = read.error;
  // KD-15: the locks are given back, and the request does not forget them.
  connection.holds_lock = !completes && reads_end_later() && settings_->profile.has(Switch::stale_held_set);
  wake_who_met(call, at);
  if (!completes) return false;
  fetch_ended(at);
  const bool has_read = !read.batches.empty() || read.error == KafkaError::offset_out_of_range;
  // V-8. (Where attempts are one step nobody met a lock, and nobody needs to be told of one that read nothing.)
  const bool wakes_all = reads_end_later() && settings_->profile.has(Switch::wake_all_held);
  for (std::uint32_t group = 1; group <= groups_.size() && (has_read || wakes_all); ++group)
    wake(call, GroupId{group}, here);  // SP-165
  return true;
}

/// SP-164, in offsets: from the log batch of the position on.
bool PartitionWorld::is_enough(const At& at, const LogRead& read) const {
  const Offset least = std::min(settings_of(at.id).read_offsets_min, settings_->read_offsets_max);
  if (read.batches.empty()) return least == 0;
  const Offset end = log_.readable_end(settings_->of(at.group).isolation);
  return std::min(end, broker(at.connection.broker).sees_until) - read.batches.front().base >= least;
}

Outcome PartitionWorld::complete(Call& call, const At& at, SharePartition& partition, const LogRead& read,
                                 const Surroundings& around, Outbox& out) {
  if (read.error == KafkaError::offset_out_of_range) {
    const InstanceNumber number = at.connection.fetched_from;
    call.out.emplace_back(seen::RangeTouched{at.group, number, partition.start_offset(), log_.start() - 1});
    partition.log_start_moved(log_.start(), around, out);
  }
  return read.batches.empty() ? Outcome{} : acquire(call, at, partition, read, around, out);
}

Outcome PartitionWorld::acquire(Call& call, const At& at, SharePartition& partition, const LogRead& read,
                                const Surroundings& around, Outbox& out) {
  // SP-168 repaired: a fetch that outlived its member's session acquires nothing.
  const bool has_session = at.member.session_at(at.connection.broker).open;
  if (!has_session && !around.profile.has(Switch::acquires_without_session)) return {};
  const MemberSettings& settings = settings_of(at.id);
  const InstanceNumber number = at.connection.fetched_from;
  const Offset from = at.connection.read_from;
  MemberResponse& response = at.connection.response;
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
    call.out.emplace_back(seen::RangeTouched{settings.group, number, from, read.batches.front().base - 1});
  Acquired acquired = partition.acquire(at.id, request, around, out);
  if (acquired.outcome.error != KafkaError::none) {
    response.fetch_error = acquired.outcome.error;
    return acquired.outcome;
  }
  for (const AcquiredRange& range : acquired.ranges) {
    call.out.emplace_back(seen::Acquired{settings.group, number, at.id, range.first, range.last, range.delivery_count});
    for (Offset from_here = range.first; from_here <= range.last;) {
      const Offset visible = log_.first_visible(from_here, range.last, isolation);
      response.gaps.add(from_here, visible - 1);
      from_here = log_.first_invisible(visible, range.last, isolation);
    }
  }
  response.records = std::move(acquired.ranges);
  return acquired.outcome;
}

/// SP-33.
void PartitionWorld::unlock(Call& call, const At& at, SharePartition& partition, const Surroundings& around,
                            Outbox& out) {
  const FetchId own = fetch_id(at.id, at.connection);
  if (reads_end_later())
    call.out.emplace_back(
        seen::FetchUnlocked{at.group, at.connection.fetched_from, at.id, partition.fetch_lock() == own});
  partition.fetch_unlock(own, around, out);
  at.connection.holds_lock = false;
}

/// The fetch goes no further now, and has changed nothing.
void PartitionWorld::give_lock_back(Call& call, const At& at) {
  ShareInstance* instance = group_of(at.group).find(at.connection.fetched_from);
  if (instance == nullptr || instance->partition.state() != PartitionState::active) return;
  const LogLookups log = look_ups();
  unlock(call, at, instance->partition, {call.now, settings_->profile, configuration(at.group), log}, outbox_);
  outbox_.clear();
  wake_who_met(call, at);
}

/// D-24 repaired: the lock is free again, and whoever met it is tried again.
void PartitionWorld::wake_who_met(Call& call, const At& at) {
  if (!reads_end_later()) return;
  const ShareInstance* instance = group_of(at.group).find(at.connection.fetched_from);
  if (instance == nullptr || instance->partition.state() != PartitionState::active) return;
  for (const Waiter& waiter : group_of(at.group).waiting) {
    Connection& other = *member_of(waiter.member).find(waiter.connection);
    if (other.fetched_from != at.connection.fetched_from || !std::exchange(other.met_lock, false)) continue;
    schedule_check(call, at.group, waiter, other);
  }
}

/// The fetch leaves the queue: nobody waits for its log read any more, and the lock is free (SP-167).
void PartitionWorld::abandon_read(Call& call, const At& at) {
  if (std::exchange(at.connection.attempt, Attempt::none) == Attempt::none) return;
  // KD-13: when the read has ended, the attempt finds the fetch completed and forgets its locks.
  if (!settings_->profile.has(Switch::late_attempt_keeps_locks)) give_lock_back(call, at);
}

bool PartitionWorld::check_fetch(Call& call) {
  const MemberId id = call.step.member;
  Connection* connection = member_of(id).find(call.step);
  if (connection == nullptr) return false;
  connection->check_scheduled = false;
  if (connection->attempt == Attempt::none)
    try_fetch(call, at(id, *connection), Attempt::decides);
  else  // It holds the lock itself.
    connection->met_lock = !settings_->profile.has(Switch::silent_unlock);
  answer_if_done(call, at(id, *connection));
  return true;
}

/// SP-167. Up to 4.3 the completion waits for the attempt that is under way: the attempt may as well end now.
bool PartitionWorld::fetch_expires(Call& call) {
  const MemberId id = call.step.member;
  Connection* connection = member_of(id).find(call.step);
  if (connection == nullptr) return false;
  const At here = at(id, *connection);
  const bool abandons = connection->attempt != Attempt::none && settings_->profile.has(Switch::async_log_reads);
  if (abandons)
    abandon_read(call, here);
  else if (connection->attempt != Attempt::none)
    attempt_ends(call, here);
  if (connection->fetching && !abandons) complete_in_any_case(call, here);
  if (connection->attempt == Attempt::none) fetch_ended(here);
  answer_if_done(call, here);
  return true;
}

/// The time of the fetch is over: it is answered with what it can have now.
void PartitionWorld::complete_in_any_case(Call& call, const At& at) {
  at.connection.check_scheduled = false;
  if (!at.connection.holds_lock) {
    try_fetch(call, at, Attempt::completes);
    at.connection.met_lock = false;
    return;
  }
  // KD-15: it believes that it holds the lock, and goes on from where it read.
  at.connection.attempt = Attempt::completes;
  attempt_ends(call, at);
}

bool PartitionWorld::log_read_ends(Call& call) {
  const MemberId id = call.step.member;
  Connection* connection = member_of(id).find(call.step);
  if (connection == nullptr) return false;
  attempt_ends(call, at(id, *connection));
  answer_if_done(call, at(id, *connection));
  return true;
}

}  // namespace sharelock
