// The brokers: share sessions, requests, locks, leadership (section 8 of the specification).
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
  Connection* connection = member_of(id).find(call.step);
  if (connection == nullptr) return false;
  const At here = at(id, *connection);
  connection->exchange = Exchange::at_leader;
  connection->response = {};
  connection->response.error = check_session(call, here);
  if (connection->response.error == KafkaError::none) {
    const MemberRequest& request = connection->request;
    const bool renews = std::ranges::any_of(
        request.acknowledgements, [](const AcknowledgedRange& range) { return range.type == AcknowledgeType::renew; });
    if (!request.acknowledgements.empty()) take_acknowledgements(call, here);
    if (request.kind == MemberRequest::Kind::fetch && !renews) begin_fetch(call, here);
  }
  answer_if_done(call, here);
  return true;
}

/// SP-181, SP-182. The epoch moves on before anything is done (SP-183).
KafkaError PartitionWorld::check_session(Call& call, const At& at) {
  const std::int32_t epoch = at.connection.request.session_epoch;
  SessionAtBroker& session = at.member.session_at(at.connection.broker);
  if (epoch == 0) {
    const bool replaces = session.open;
    session = {true, 1, at.connection.number};
    call.out.emplace_back(seen::SessionOpened{at.group, at.id, at.connection.broker});
    if (replaces && !settings_->profile.has(Switch::replaced_session_keeps)) release_acquired(call, at);
    return KafkaError::none;
  }
  if (!session.open) return share_session_not_found;
  if (epoch == -1) return KafkaError::none;
  if (epoch != session.epoch) return invalid_share_session_epoch;
  session.epoch = next_session_epoch(epoch);
  return KafkaError::none;
}

void PartitionWorld::take_acknowledgements(Call& call, const At& at) {
  const auto& [id, group, member, connection] = at;
  const InstanceNumber number = group_of(group).cached_at(connection.broker);
  if (number == InstanceNumber{}) {  // SP-71
    connection.response.acknowledge_error = KafkaError::unknown_topic_or_partition;
    return;
  }
  const AcknowledgedRanges& given = connection.request.acknowledgements;
  connection.response.state_epoch = group_of(group).find(number)->partition.state_epoch();
  boost::container::small_vector<AcknowledgementBatch, 8> batches;
  for (const AcknowledgedRange& range : given) batches.push_back({range.first, range.last, {&range.type, 1}});
  connection.acknowledging = connection.open || connection.request.kind == MemberRequest::Kind::close;
  const std::size_t told = call.out.size();
  const RequestId request = request_id(Asked::acknowledge, connection.number, id);
  const Outcome outcome = on_partition(
      call, group, number, [&, member_id = id](SharePartition& partition, const Surroundings& around, Outbox& out) {
        return partition.acknowledge(member_id, batches, request, around, out);
      });
  for (const AcknowledgedRange& range : given)
    call.out.emplace_back(
        seen::AcknowledgementTaken{group, number, id, range.first, range.last, range.type, outcome.error});
  // The acknowledgement is told before what it brought about.
  std::rotate(call.out.begin() + static_cast<std::ptrdiff_t>(told),
              call.out.end() - static_cast<std::ptrdiff_t>(given.size()), call.out.end());
  if (outcome.aborted) {
    connection.acknowledging = false;
    connection.response.error = outcome.error;
  }
  wake(call, group, connection.broker);  // SP-89
}

/// The share partition that fetches go to, created if there is none (SP-162).
InstanceNumber PartitionWorld::cached_instance(Call& call, GroupId group, BrokerId broker) {
  Group& state = group_of(group);
  InstanceNumber& cached = state.cache[index_of(broker)];
  if (cached != InstanceNumber{}) return cached;
  cached = InstanceNumber{++state.instances_created};
  const LogLookups log = look_ups();
  const Surroundings around{call.now, settings_->profile, configuration(group), log};
  const std::int32_t epoch = this->broker(broker).leader_epoch;
  state.instances.push_back({cached, broker, SharePartition{epoch, around}, {}});
  if (settings_->listener != nullptr)
    state.instances.back().partition.be_heard_by(settings_->listener->created(group, cached.value(), epoch, around));
  if (epoch >= state.latest_epoch) {
    state.latest_epoch = epoch;
    state.current = cached;
  }
  call.out.emplace_back(seen::InstanceCreated{group, cached});
  return cached;
}

/// SP-187: a request is answered when its acknowledgements and its fetch are over.
void PartitionWorld::answer_if_done(Call& call, const At& at) {
  Connection& connection = at.connection;
  if (connection.exchange != Exchange::at_leader || connection.acknowledging || connection.fetching) return;
  const bool closing = connection.request.kind == MemberRequest::Kind::close;
  connection.exchange = connection.open ? Exchange::to_member : Exchange::none;
  if (connection.open) call.out.emplace_back(seen::RequestAnswered{at.group, at.id});
  if (closing && connection.response.error == KafkaError::none) close_session(call, at);
}

void PartitionWorld::close_session(Call& call, const At& at) {
  at.member.session_at(at.connection.broker).open = false;
  call.out.emplace_back(seen::SessionClosed{at.group, at.id, true});
  if (!settings_->profile.has(Switch::session_close_releases_nothing)) release_acquired(call, at);
}

/// SP-90: what the member holds is given back. The outcome is not reported to anybody.
void PartitionWorld::release_acquired(Call& call, const At& at) {
  const BrokerId here = at.connection.broker;
  const InstanceNumber number = group_of(at.group).cached_at(here);
  if (number == InstanceNumber{}) return;
  on_partition(call, at.group, number, [&](SharePartition& partition, const Surroundings& around, Outbox& out) {
    return partition.release_acquired(at.id, request_id(Asked::release, at.connection.number, at.id), around, out);
  });
  wake(call, at.group, here);  // SP-165
}

/// SP-189. The end of a connection ends the session that began on it, and no later one.
bool PartitionWorld::disconnect_noticed(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  Connection* connection = member.find(call.step);
  if (connection == nullptr) return false;
  const At gone = at(id, *connection);
  const BrokerId here = connection->broker;
  // The fetch of a member that is gone leaves the queue at once. (A release lets it wait on and acquire, SP-168.)
  abandon_read(call, gone);
  fetch_ended(gone);
  const SessionAtBroker& session = member.session_at(here);
  if (session.open && session.connection == connection->number) close_session(call, gone);
  member.connections.erase(member.connections.begin() + (connection - member.connections.data()));
  bool sessions = false;
  for (std::uint32_t other = 1; other <= members_.size(); ++other)
    sessions |= settings_of(MemberId{other}).group == gone.group && member_of(MemberId{other}).session_at(here).open;
  if (!sessions) drop(call, gone.group, group_of(gone.group).cached_at(here));
  return true;
}

bool PartitionWorld::is_named(const TimedLock& timed, const Step& step) {
  return timed.fired == (step.kind == StepKind::lock_handled) && timed.lock.owner == step.member &&
         timed.lock.first == step.first && timed.lock.last == step.last;
}

/// The lock that `step` names, and the object that holds it: that of the hint, if it has one; otherwise the nth oldest
/// of that name.
ShareInstance* PartitionWorld::find_lock(const Step& step, LockId& lock) {
  const auto named = [&](const TimedLock& timed) { return is_named(timed, step); };
  std::uint32_t skipped = step.nth;
  for (ShareInstance& instance : group_of(step.group).instances) {
    const TimedLock* found =
        step.hint != 0 ? instance.timers.find(LockId{step.hint}) : instance.timers.oldest(named, skipped);
    if (found == nullptr || !named(*found)) continue;
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

/// The other broker is made leader. Whoever led until now goes on until it learns, but sees nothing new in the log.
bool PartitionWorld::leader_moves(Call& call) {
  Broker& former = broker_at(leader_);
  if (former.leads && has_learned(leader_)) former.sees_until = log_.high_watermark();
  ++leader_epoch_;
  leader_ = other_than(leader_);
  call.out.emplace_back(seen::LeaderMoved{leader_epoch_});
  return true;
}

/// Whoever leads no longer gives up what it has in its cache (SP-150.1); and so does, in `ideal`, whoever leads again
/// and never learned that it had not for a while.
bool PartitionWorld::broker_learns(Call& call) {
  const BrokerRole role = call.step.broker;
  const BrokerId id = broker_of(role);
  if (role == BrokerRole::none || has_learned(id)) return false;
  const bool led = broker(id).leads;
  const bool leads = role == BrokerRole::leader;
  broker_at(id) = {.leads = leads, .leader_epoch = leader_epoch_};
  call.out.emplace_back(seen::BrokerLearned{role, leads});
  const Profile& profile = settings_->profile;
  const bool keeps =
      profile.has(Switch::leader_keeps_instance) || (led && leads && profile.has(Switch::new_epoch_keeps_instance));
  for (std::uint32_t index = 1; index <= groups_.size(); ++index) {
    const GroupId group{index};
    const InstanceNumber number = group_of(group).cached_at(id);
    if (number == InstanceNumber{}) continue;
    if (!keeps) drop(call, group, number);
    forget_if_idle(group, number);
    wake(call, group, id);
  }
  return true;
}

/// A share partition is done with an asynchronous request.
void PartitionWorld::request_done(Call& call, GroupId group, InstanceNumber instance, RequestId request,
                                  KafkaError error) {
  switch (asked_of(request)) {
    case Asked::initialise:
      return initialised(call, group, instance, error);
    case Asked::acknowledge: {
      if (ends_object(error)) drop(call, group, instance);
      const MemberId id = sharelock::member_of(request);
      if (id == nobody) return;
      Connection* connection = member_of(id).find(connection_of(request));
      if (connection == nullptr || !connection->acknowledging) return;
      connection->acknowledging = false;
      connection->response.acknowledge_error = error;
      if (call.step.kind != StepKind::request_arrives) answer_if_done(call, at(id, *connection));
      return;
    }
    case Asked::release:
      if (ends_object(error)) drop(call, group, instance);
      return;
  }
}

void PartitionWorld::initialised(Call& call, GroupId group, InstanceNumber instance, KafkaError error) {
  if (error == KafkaError::leader_not_available) return;  // SP-172
  ShareInstance& loaded = *group_of(group).find(instance);
  if (!std::exchange(loaded.loaded, true)) call.out.emplace_back(seen::InstanceLoaded{group, instance, error});
  if (error == KafkaError::none) return wake(call, group, loaded.broker);
  for (const auto& [id, number] : group_of(group).waiting) {
    Connection& connection = *member_of(id).find(number);
    if (connection.fetched_from == instance) connection.response.fetch_error = error;
  }
  drop(call, group, instance);
}

}  // namespace sharelock
