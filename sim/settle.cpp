// The end of a plan: from a world in any state to one in which everything has had its time.
#include "sim/simulation.h"

namespace sharelock {
namespace {

/// What the plot does to undo something; a plan that was shortened, or that the plot has no part in, may lack it.
bool repairs(StepKind kind) {
  switch (kind) {
    case StepKind::disconnect_noticed:
    case StepKind::restart:
    case StepKind::commit_transaction:
    case StepKind::abort_transaction:
    case StepKind::replication_resumes:
      return true;
    default:
      return false;
  }
}

}  // namespace

Simulation::Simulation(const Scenario& scenario, PartitionWorld world, TimeMs now)
    : Simulation{scenario, 0, std::move(world)} {
  now_ = now;
  deadline_ = now + scenario.expect.within;
  for (const BrokerRole role : {BrokerRole::leader, BrokerRole::other})
    schedule(now, {.kind = StepKind::broker_learns, .broker = role});
  for (std::uint32_t id = 1; id <= world_.group_count(); ++id) take_up(GroupId{id});
  for (std::uint32_t id = 1; id <= world_.member_count(); ++id) take_up(MemberId{id});
  for (const PlotStep& plot : scenario.plot)
    if (repairs(plot.step.kind)) schedule(now, plot.step);
  for (std::uint32_t producer = 1; producer <= scenario.world.bounds.producers; ++producer)
    schedule(now, {.kind = StepKind::abort_transaction, .member = MemberId{producer}});
  schedule(now, {.kind = StepKind::replication_resumes});
  heal();
}

/// Everything that is under way for a group goes its way: requests, locks, dead letters.
void Simulation::take_up(GroupId id) {
  const Group& group = world_.group(id);
  if (world_.administration() != nullptr && world_.administration()->is_initialising(id))
    react(seen::InitialisationRecorded{id, std::max(now_, world_.administration()->of(id).overdue_at)});
  group.store_requests.for_each([&](const StoreRequest& request) {
    Step step{.kind = StepKind::store_applies,
              .cause = request.cause,
              .group = id,
              .member = request.member,
              .first = request.first,
              .last = request.last,
              .hint = request.id};
    TimeMs at = now_;
    if (!request.result) schedule(at += scenario_->store.draw(store_chance_), step);
    step.kind = StepKind::store_answers;
    schedule(at + scenario_->store.draw(store_chance_), step);
  });
  group.copies.for_each([&](const StoreRequest& copy) {
    schedule(now_, {.kind = StepKind::store_repeats,
                    .cause = copy.cause,
                    .group = id,
                    .member = copy.member,
                    .first = copy.first,
                    .last = copy.last,
                    .hint = copy.id});
  });
  group.dead_letters.for_each([&](const DeadLetterRequest& request) {
    react(seen::DeadLetterAsked{id, request.instance, request.id, request.first, request.last, {}});
  });
  for (const ShareInstance& instance : group.instances)
    instance.timers.for_each([&](const TimedLock& timed) {
      if (timed.fired)
        react(seen::LockFired{id, instance.number, timed.lock});
      else
        arm({id, instance.number, timed.lock});
    });
}

/// What a member was about to do, and what is on its connection.
void Simulation::take_up(MemberId id) {
  const Member& member = world_.member(id);
  const GroupId group = scenario_->world.of(id).group;
  for (const OffsetSpan& span : member.held) worker(id).to_process.push_back(span);
  for (const Connection& connection : member.connections) {
    if (connection.exchange == Exchange::to_leader) react(seen::RequestSent{group, id, false});
    if (connection.exchange == Exchange::to_member) react(seen::RequestAnswered{group, id});
    if (connection.fetching) react(seen::FetchWaits{group, id, connection.number});
    if (connection.fetching && connection.check_scheduled) react(seen::FetchWoken{group, id, connection.number});
    if (connection.attempt != Attempt::none)
      react(seen::LogReadAsked{group, connection.fetched_from, id, connection.number, connection.read_from});
    if (!connection.open && member.alive) react(seen::MemberDisconnected{group, id, connection.number});
  }
  if (member.alive && !member.is_connected()) schedule(now_, {.kind = StepKind::restart, .member = id});
  schedule(now_, {.kind = StepKind::member_learns, .member = id});
  beat(id, now_);
  if (!member.alive) expire(group, id);
  go_on(id, now_);
}

}  // namespace sharelock
