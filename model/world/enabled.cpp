// Everything that can happen next in a world, within the bounds of its settings, and what of it can matter at all.
#include <algorithm>

#include "model/world/partition_world.h"
#include "model/world/request_id.h"

namespace sharelock {

/// Collects the steps that a world offers. Every one of them can be applied at `later()` or later.
class PartitionWorld::Offer {
 public:
  Offer(const PartitionWorld& world, std::vector<Step>& steps)
      : world_{world}, bounds_{world.settings_->bounds}, steps_{steps} {}

  void all() {
    for (std::uint32_t id = 1; id <= world_.member_count(); ++id) by_member(MemberId{id});
    for (std::uint32_t id = 1; id <= world_.group_count(); ++id) by_group(GroupId{id});
    if (bounds_.locks_expire) locks_that_fire();
    if (world_.partition_exists()) in_the_log();
    if (world_.administration() != nullptr) by_coordinator();
    if (left(FaultKind::leader_move) > 0) steps_.push_back({.kind = StepKind::leader_moves});
    for (const BrokerRole role : {BrokerRole::leader, BrokerRole::other})
      if (!world_.has_learned(world_.broker_of(role)))
        steps_.push_back({.kind = StepKind::broker_learns, .broker = role});
  }

 private:
  std::uint32_t left(FaultKind kind) const { return world_.spent_.left(bounds_, kind); }

  void by_member(MemberId id) {
    const Member& member = world_.member(id);
    const auto offer = [&](bool possible, StepKind kind) {
      if (possible) steps_.push_back({.kind = kind, .member = id});
    };
    const bool idle = member.is_idle();
    const bool connected = member.is_connected();
    offer(idle && world_.may_fetch(id), StepKind::fetch);
    offer(idle && bounds_.commits && member.next_epoch != 0 && !member.waiting.empty(), StepKind::commit);
    offer(idle && bounds_.closes && member.next_epoch != 0, StepKind::close);
    if (member.alive) acknowledgements(id, member.held);
    offer(connected && member.in_use()->exchange == Exchange::to_member, StepKind::response_arrives);
    // So many connections of a member may be open, or broken and not noticed: a bound of the search.
    constexpr std::size_t connections_max = 3;
    offer(member.can_restart() && member.connections.size() < connections_max, StepKind::restart);
    offer(member.alive && member.broker != world_.leader_ && (!connected || idle), StepKind::member_learns);
    offer(member.alive && left(FaultKind::crash) > 0, StepKind::crash);
    offer(connected && left(FaultKind::disconnect) > 0, StepKind::disconnect);
    for (const StepKind kind : {StepKind::request_arrives, StepKind::disconnect_noticed, StepKind::check_fetch,
                                StepKind::fetch_expires, StepKind::log_read_ends}) {
      std::uint32_t nth = 0;
      for (const Connection& connection : member.connections)
        if (can_happen(kind, connection)) steps_.push_back({.kind = kind, .member = id, .nth = nth++});
    }
  }

  void by_coordinator() {
    const auto offer = [&](bool possible, const Step& step) {
      if (possible) steps_.push_back(step);
    };
    for (std::uint32_t index = 1; index <= world_.member_count(); ++index) {
      const MemberId id{index};
      const Member& member = world_.member(id);
      const bool joined = world_.administration()->has_joined(world_.settings_of(id).group, id);
      offer(world_.heartbeat_matters(id), {.kind = StepKind::heartbeat, .member = id});
      offer(bounds_.closes && member.member_epoch != 0, {.kind = StepKind::leave, .member = id});
      offer(!member.alive && joined, {.kind = StepKind::member_expires, .member = id});
    }
    for (std::uint32_t index = 1; index <= world_.group_count(); ++index)
      offer(world_.forgets_leaders(GroupId{index}), {.kind = StepKind::store_reloads, .group = GroupId{index}});
    for (std::uint32_t index = 1; index <= world_.group_count(); ++index) {
      const GroupId id{index};
      offer(world_.can_be_overdue(id), {.kind = StepKind::initialise_overdue, .group = id});
      if (left(FaultKind::offsets_alteration) > 0 && world_.can_alter(id)) alterations(id);
    }
    offer(left(FaultKind::group_coordinator_move) > 0, {.kind = StepKind::group_coordinator_moves});
    offer(!world_.partition_exists(), {.kind = StepKind::partition_created});
  }

  /// To the earliest or to the latest offset, as Kafka's tool does.
  void alterations(GroupId id) {
    const auto alter = [&](Offset to) {
      steps_.push_back({.kind = StepKind::alter_offsets, .group = id, .first = to, .last = to});
    };
    const PartitionLog& log = world_.log_;
    alter(log.start());
    if (log.high_watermark() > log.start()) alter(log.high_watermark());
  }

  void acknowledgements(MemberId id, const IntervalSet& held) {
    for (const OffsetSpan& span : held) {
      for (Offset first = span.first; first <= span.last; ++first) {
        const bool whole = bounds_.grain == AcknowledgeGrain::contiguous;
        const Offset last_max = bounds_.grain == AcknowledgeGrain::record ? first : span.last;
        for (Offset last = whole ? span.last : first; last <= last_max; ++last)
          for (const AcknowledgeType type : bounds_.acknowledge)
            steps_.push_back({.kind = StepKind::acknowledge, .type = type, .member = id, .first = first, .last = last});
        if (whole) break;
      }
    }
  }

  /// Adds a step about one of several things of that name: the older ones of the same name are passed over.
  void add_named(Step step, std::size_t first) {
    step.nth = static_cast<std::uint32_t>(
        std::count_if(steps_.begin() + static_cast<std::ptrdiff_t>(first), steps_.end(), [&](Step other) {
          other.nth = 0;
          return other == step;
        }));
    steps_.push_back(step);
  }

  void by_group(GroupId id) {
    const Group& group = world_.group(id);
    const std::size_t begin = steps_.size();
    group.store_requests.for_each([&](const StoreRequest& request) {
      // Requests that can have no effect are not offered, but count: names are by what is there.
      const std::size_t own = steps_.size();
      at_store(id, request, begin);
      if (!world_.can_matter(id, request)) ignored_.push_back({own, steps_.size()});
    });
    group.copies.for_each([&](const StoreRequest& copy) {
      const std::size_t own = steps_.size();
      add_named(step_about(StepKind::store_repeats, id, copy), begin);
      if (!world_.would_store(id, copy.entry)) ignored_.push_back({own, steps_.size()});
    });
    group.dead_letters.for_each([&](const DeadLetterRequest& request) {
      const std::size_t own = steps_.size();
      add_named({.kind = StepKind::dead_letter_answers, .group = id, .first = request.first, .last = request.last},
                begin);
      if (!world_.can_matter(id, *group.find(request.instance))) ignored_.push_back({own, steps_.size()});
    });
    configurations(id);
    for (const ShareInstance& instance : group.instances) {
      const std::size_t own = steps_.size();
      instance.timers.for_each([&](const TimedLock& timed) {
        if (timed.fired) add_named(step_of(id, timed), begin);
      });
      if (!world_.can_matter(id, instance)) ignored_.push_back({own, steps_.size()});
    }
    for (auto part = ignored_.rbegin(); part != ignored_.rend(); ++part)
      steps_.erase(steps_.begin() + static_cast<std::ptrdiff_t>(part->first),
                   steps_.begin() + static_cast<std::ptrdiff_t>(part->second));
    ignored_.clear();
  }

  /// Locks of one group fire in the order in which they were set: so only what leaves their duration as it is.
  void configurations(GroupId id) {
    if (left(FaultKind::configuration_change) == 0) return;
    for (std::uint32_t number = 0; number <= world_.settings_->of(id).changes.size(); ++number)
      if (number != world_.group(id).configuration &&
          world_.configuration(id, number).lock_duration_ms == duration_of(id))
        steps_.push_back({.kind = StepKind::configure, .group = id, .nth = number});
  }

  static Step step_of(GroupId id, const TimedLock& timed) {
    return {.kind = timed.fired ? StepKind::lock_handled : StepKind::lock_fires,
            .group = id,
            .member = timed.lock.owner,
            .first = timed.lock.first,
            .last = timed.lock.last};
  }

  static Step step_about(StepKind kind, GroupId id, const StoreRequest& request) {
    return {.kind = kind,
            .cause = request.cause,
            .group = id,
            .member = request.member,
            .first = request.first,
            .last = request.last};
  }

  void at_store(GroupId id, const StoreRequest& request, std::size_t begin) {
    Step step = step_about(StepKind::store_applies, id, request);
    if (!request.result) {
      add_named(step, begin);
      Step alike = steps_.back();
      alike.kind = StepKind::store_applies_alike;
      if (world_.may_be_answered_alike(id, request)) steps_.push_back(alike);
    }
    if (left(FaultKind::store_repeat) > 0) {
      step.kind = StepKind::store_copied;
      add_named(step, begin);
    }
    step.kind = StepKind::store_answers;
    if (request.result) add_named(step, begin);
    if (left(FaultKind::store_failure) == 0) return;
    for (const KafkaError error : bounds_.store_errors) {
      step.error = error;
      add_named(step, begin);
    }
  }

  /// Of each duration the locks with the earliest deadline, or all of them.
  void locks_that_fire() {
    for_each_armed([&](GroupId id, const TimedLock& timed, std::uint32_t nth) {
      bool first = true;
      if (bounds_.timers == TimerOrder::by_deadline)
        for_each_armed([&](GroupId other, const TimedLock& earlier, std::uint32_t) {
          first &= duration_of(other) != duration_of(id) || earlier.lock.expires_at >= timed.lock.expires_at;
        });
      if (!first) return;
      Step step = step_of(id, timed);
      step.nth = nth;
      steps_.push_back(step);
    });
  }

  std::int32_t duration_of(GroupId id) const { return world_.configuration(id).lock_duration_ms; }

  /// Calls `visit(group, lock, nth)` for the locks that have not fired and may matter.
  template <class Visit>
  void for_each_armed(Visit&& visit) const {
    for (std::uint32_t index = 1; index <= world_.group_count(); ++index) {
      const GroupId id{index};
      const Group& group = world_.group(id);
      for (const ShareInstance& instance : group.instances) {
        if (instance.timers.empty() || !world_.can_matter(id, instance)) continue;
        instance.timers.for_each([&](const TimedLock& timed) {
          if (!timed.fired) visit(id, timed, place_of(group, instance, timed, step_of(id, timed)));
        });
      }
    }
  }

  /// How many locks of that name come before `wanted`.
  static std::uint32_t place_of(const Group& group, const ShareInstance& holder, const TimedLock& wanted,
                                const Step& name) {
    std::uint32_t nth = 0;
    for (const ShareInstance& instance : group.instances) {
      if (instance.number > holder.number) break;
      instance.timers.for_each([&](const TimedLock& timed) {
        const bool before = instance.number < holder.number || timed.id < wanted.id;
        nth += before && is_named(timed, name);
      });
    }
    return nth;
  }

  void in_the_log() {
    const PartitionLog& log = world_.log_;
    for (const std::int32_t size : bounds_.batch_sizes) {
      if (size > world_.spent_.records_left(bounds_)) continue;
      steps_.push_back({.kind = StepKind::append, .first = 0, .last = size - 1});
      for (std::uint32_t producer = 1; producer <= bounds_.producers; ++producer)
        steps_.push_back(
            {.kind = StepKind::append_transactional, .member = MemberId{producer}, .first = 0, .last = size - 1});
    }
    for (std::uint32_t producer = 1; producer <= bounds_.producers; ++producer) {
      if (!log.has_open_transaction(producer)) continue;
      steps_.push_back({.kind = StepKind::commit_transaction, .member = MemberId{producer}});
      steps_.push_back({.kind = StepKind::abort_transaction, .member = MemberId{producer}});
    }
    const Offset noticed = world_.lowest_start();
    if (left(FaultKind::log_start_move) > 0)
      for (Offset to = std::max(log.start(), noticed) + 1; to <= log.high_watermark(); ++to)
        steps_.push_back({.kind = StepKind::log_start_moves, .first = to, .last = to});
    if (left(FaultKind::compaction) > 0)
      for (Offset at = std::max(log.start(), noticed); at < log.end(); ++at)
        if (!log.is_compacted(at)) steps_.push_back({.kind = StepKind::compact, .first = at, .last = at});
    if (log.is_replicating() && left(FaultKind::replication_stop) > 0)
      steps_.push_back({.kind = StepKind::replication_stops});
    if (!log.is_replicating()) steps_.push_back({.kind = StepKind::replication_resumes});
  }

  const PartitionWorld& world_;
  const Bounds& bounds_;
  std::vector<Step>& steps_;
  boost::container::small_vector<std::pair<std::size_t, std::size_t>, 4> ignored_;  ///< Parts of `steps_`, in order.
};

void PartitionWorld::enabled(std::vector<Step>& steps) const {
  const auto begin = static_cast<std::ptrdiff_t>(steps.size());
  Offer{*this, steps}.all();
  std::sort(steps.begin() + begin, steps.end());
}

bool PartitionWorld::is_under_way() const {
  for (const Member& member : members_) {
    if (member.is_connected() && member.in_use()->exchange == Exchange::to_member) return true;
    for (const Connection& connection : member.connections)
      for (const StepKind kind :
           {StepKind::request_arrives, StepKind::disconnect_noticed, StepKind::check_fetch, StepKind::log_read_ends})
        if (can_happen(kind, connection)) return true;
  }
  bool goes_on = false;
  for (std::uint32_t index = 1; index <= groups_.size() && !goes_on; ++index) {
    const GroupId id{index};
    const Group& group = this->group(id);
    group.store_requests.for_each([&](const StoreRequest& each) { goes_on = goes_on || can_matter(id, each); });
    group.dead_letters.for_each(
        [&](const DeadLetterRequest& each) { goes_on = goes_on || can_matter(id, *group.find(each.instance)); });
    for (const ShareInstance& instance : group.instances)
      instance.timers.for_each(
          [&](const TimedLock& timed) { goes_on = goes_on || (timed.fired && can_matter(id, instance)); });
  }
  return goes_on;
}

TimeMs PartitionWorld::later() const {
  TimeMs latest = now_;
  for (const Group& group : groups_)
    for (const ShareInstance& instance : group.instances)
      instance.timers.for_each([&](const TimedLock& timed) { latest = std::max(latest, timed.lock.expires_at); });
  if (administration_)
    for (const AdministeredGroup& group : administration_->groups) latest = std::max(latest, group.overdue_at);
  return latest;
}

/// Where a group that has no start offset yet would begin now (SP-22).
Offset PartitionWorld::first_start(GroupId id) const {
  const bool earliest = configuration(id).auto_offset_reset == AutoOffsetReset::earliest;
  return earliest ? log_.start() : log_.high_watermark();
}

/// Nothing that share groups do looks below the least start offset that is stored or in use.
Offset PartitionWorld::lowest_start() const {
  if (administration_) return log_.start();  // Whoever alters offsets may go back to there.
  Offset lowest = log_.end();
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) {
    const Offset start = stored(GroupId{id}).start_offset;
    lowest = std::min(lowest, start == -1 ? first_start(GroupId{id}) : start);
    for (const ShareInstance& instance : group(GroupId{id}).instances)
      if (group(GroupId{id}).is_cached(instance) && instance.loaded)
        lowest = std::min(lowest, instance.partition.start_offset());
  }
  return lowest;
}

bool PartitionWorld::is_awaited(RequestId request) const {
  if (asked_of(request) != Asked::acknowledge || sharelock::member_of(request) == nobody) return false;
  const Connection* asking = member(sharelock::member_of(request)).find(connection_of(request));
  return asking != nullptr && asking->exchange == Exchange::at_leader && asking->acknowledging;
}

/// Whether the store would take this entry over, now or ever: fences only rise.
bool PartitionWorld::would_store(GroupId id, const StateEntry& entry) const {
  if (const auto* begin = std::get_if<InitializeEntry>(&entry)) {
    const std::int32_t known = stored(id).state_epoch;
    const auto repeated = static_cast<RepeatedInitialise>(settings_->profile.value(Switch::repeated_initialise));
    return begin->state_epoch > known || (begin->state_epoch == known && repeated != RepeatedInitialise::ignored);
  }
  return store_.decide(key_of(id), entry, ShardSurroundings{0, settings_->profile, &topics_}).record.has_value();
}

/// A share partition that was dropped, whose writes the store refuses and for whose answers nobody waits, goes on
/// without anybody who could notice; and it ends when nothing of it is under way any more.
bool PartitionWorld::can_matter(GroupId id, const ShareInstance& instance) const {
  const Group& state = group(id);
  if (state.is_cached(instance)) return true;
  bool goes_on = !instance.timers.empty();
  state.store_requests.for_each([&](const StoreRequest& request) {
    goes_on |= request.instance == instance.number && has_effect(id, instance, request);
  });
  state.dead_letters.for_each([&](const DeadLetterRequest& each) { goes_on |= each.instance == instance.number; });
  if (!goes_on) return false;
  bool awaited = false;
  instance.partition.for_each_request(
      [&](RequestId request) { awaited |= is_awaited(request) || asked_of(request) == Asked::initialise; });
  if (awaited) return true;
  WriteEntry write;
  write.state_epoch = instance.partition.state_epoch();
  write.leader_epoch = instance.partition.leader_epoch();
  write.instance = static_cast<std::int32_t>(instance.number.value());
  return would_store(id, write);
}

bool PartitionWorld::can_matter(GroupId id, const StoreRequest& request) const {
  if (request.cause == StoreCause::initialise)
    return administration_->find(id, request.id) != nullptr || changes_store(id, request);
  const ShareInstance& instance = *group(id).find(request.instance);
  return has_effect(id, instance, request) && can_matter(id, instance);
}

/// Whether a request does anything when it is applied or answered.
bool PartitionWorld::has_effect(GroupId id, const ShareInstance& instance, const StoreRequest& request) const {
  return instance.partition.is_outstanding(request.hand_over) || changes_store(id, request);
}

/// Whether the store takes anything over when the request, or a copy of it, arrives.
bool PartitionWorld::changes_store(GroupId id, const StoreRequest& request) const {
  const bool comes_again = spent_.left(settings_->bounds, FaultKind::store_repeat) > 0;
  return (!request.result || comes_again) && would_store(id, request.entry);
}

}  // namespace sharelock
