// The applications: they process what they are given, record after record, and say what became of it.
#include "sim/simulation.h"

namespace sharelock {

/// Whatever a member has just done or learned: it processes the next record, or fetches when it has none, or ends its
/// session when it has left its group.
void Simulation::go_on(MemberId id, TimeMs at) {
  const Member& member = world_.member(id);
  Worker& work = worker(id);
  if (!member.alive || work.processing) return;
  if (!work.to_process.empty()) return begin_record(id);
  if (!member.is_idle()) return;
  if (world_.may_fetch(id)) return schedule(at, {.kind = StepKind::fetch, .member = id});
  if (member.next_epoch != 0) schedule(at, {.kind = StepKind::close, .member = id});
}

void Simulation::begin_record(MemberId id) {
  constexpr TimeMs slow_factor = 10;
  Worker& work = worker(id);
  const Behaviour& how = behaviour(id);
  const TimeMs duration = how.processing.draw(work.chance) * (work.slow ? slow_factor : 1);
  work.processing = true;
  work.processed = agenda_.schedule(now_ + duration, {Event::Kind::processed, id.value(), {}});
  if (how.renew_every > 0 && how.renew_every < duration)
    work.renew = agenda_.schedule(now_ + how.renew_every, {Event::Kind::renew, id.value(), {}});
}

bool Simulation::record_processed(MemberId id, const Watcher& watch) {
  Worker& work = worker(id);
  const Behaviour& how = behaviour(id);
  agenda_.cancel(work.renew);
  OffsetSpan& records = work.to_process.front();
  const Offset offset = records.first++;
  if (records.empty()) work.to_process.pop_front();
  auto decision = static_cast<Behaviour::Decision>(
      how.acknowledge[0] > 0 && how.acknowledge[1] + how.acknowledge[2] + how.acknowledge[3] == 0
          ? 0
          : work.chance.weighted(how.acknowledge));
  // A healed application loses no record any more.
  if (decision == Behaviour::Decision::forget && after_storm()) decision = Behaviour::Decision::accept;
  if (decision != Behaviour::Decision::forget) {
    static constexpr std::array types{AcknowledgeType::accept, AcknowledgeType::release, AcknowledgeType::reject};
    const AcknowledgeType type = types[static_cast<std::size_t>(decision)];
    if (!take({.kind = StepKind::acknowledge, .type = type, .member = id, .first = offset, .last = offset}, watch))
      return false;
    if (how.commit_each && !take({.kind = StepKind::commit, .member = id}, watch)) return false;
  }
  work.processing = false;
  go_on(id, now_);
  return true;
}

bool Simulation::renew(MemberId id, const Watcher& watch) {
  Worker& work = worker(id);
  // The deque may not change meanwhile: neither step delivers anything.
  for (const OffsetSpan& records : work.to_process)
    if (!take({.kind = StepKind::acknowledge,
               .type = AcknowledgeType::renew,
               .member = id,
               .first = records.first,
               .last = records.last},
              watch))
      return false;
  if (!take({.kind = StepKind::commit, .member = id}, watch)) return false;
  work.renew = agenda_.schedule(now_ + behaviour(id).renew_every, {Event::Kind::renew, id.value(), {}});
  return true;
}

/// From then on a member sends heartbeats, where the world has somebody who receives them.
void Simulation::beat(MemberId id, TimeMs at) {
  if (world_.administration() == nullptr) return;
  agenda_.cancel(worker(id).heartbeat);
  worker(id).heartbeat = agenda_.schedule(at, {Event::Kind::step, 0, {.kind = StepKind::heartbeat, .member = id}});
}

void Simulation::stop_working(MemberId id) {
  Worker& work = worker(id);
  agenda_.cancel(work.processed);
  agenda_.cancel(work.renew);
  work.to_process.clear();
  work.processing = false;
}

}  // namespace sharelock
