#include "checker/plan.h"

#include <algorithm>

namespace sharelock {
namespace {

/// A world that a plan is played in, and what its claims say of it.
class Play {
 public:
  explicit Play(const Stage& stage) : stage_{stage}, world_{stage.settings}, claims_{stage.settings.groups.size()} {}

  /// False: not possible now.
  bool take(const Step& step, TimeMs at) {
    observations_.clear();
    at = std::max(now_, at);
    if (!world_.apply(step, at, observations_)) return false;
    now_ = at;
    return true;
  }
  /// Judges the step that was just taken.
  bool holds() {
    violation_ = claims_.judge(world_, now_, observations_);
    return !violation_;
  }
  /// Judges what is left undone when everything has settled, if the stage says how it does.
  void settle() {
    if (!stage_.settle) return;
    stage_.settle(world_, now_, [&](const Replayed& replayed) {
      violation_ = claims_.judge(replayed.world, replayed.at, replayed.observations);
      return !violation_;
    });
    if (!violation_) violation_ = claims_.judge_end(world_, now_);
  }

  const PartitionWorld& world() const { return world_; }
  TimeMs now() const { return now_; }
  const Observations& observations() const { return observations_; }
  const std::optional<Violation>& violation() const { return violation_; }

 private:
  const Stage& stage_;
  PartitionWorld world_;
  ClaimSet claims_;
  TimeMs now_ = 0;
  Observations observations_;
  std::optional<Violation> violation_;
};

/// What could have been meant by a step whose object is not there: things of its kind and role, oldest first.
class Alternatives {
 public:
  Alternatives(const PartitionWorld& world, const PlannedStep& planned) : world_{world}, planned_{planned} {
    collect();
  }

  const std::vector<PlannedStep>& list() const { return list_; }

 private:
  void collect() {
    switch (planned_.step.kind) {
      case StepKind::acknowledge:
        return held_records();
      case StepKind::lock_fires:
      case StepKind::lock_handled:
        return locks();
      case StepKind::store_applies:
      case StepKind::store_applies_alike:
      case StepKind::store_answers:
      case StepKind::store_copied:
        return store_requests(world_.group(planned_.step.group).store_requests);
      case StepKind::store_repeats:
        return store_requests(world_.group(planned_.step.group).copies);
      case StepKind::dead_letter_answers:
        return world_.group(planned_.step.group).dead_letters.for_each([&](const DeadLetterRequest& request) {
          add(request.first, request.last);
        });
      case StepKind::log_start_moves:
        return add(world_.log().high_watermark(), world_.log().high_watermark());
      default:
        return;
    }
  }

  void add(Offset first, Offset last) {
    PlannedStep other = planned_;
    other.step.first = first;
    other.step.last = last;
    other.step.nth = 0;
    list_.push_back(other);
  }

  void held_records() {
    const Offset length = planned_.step.last - planned_.step.first;
    for (const OffsetSpan& span : world_.member(planned_.step.member).held)
      add(span.first, std::min(span.first + length, span.last));
  }

  void locks() {
    const bool fired = planned_.step.kind == StepKind::lock_handled;
    for (const ShareInstance& instance : world_.group(planned_.step.group).instances)
      instance.timers.for_each([&](const TimedLock& timed) {
        if (timed.fired != fired || timed.lock.owner != planned_.step.member) return;
        add(timed.lock.first, timed.lock.last);
        if (!fired) list_.back().at = std::max(planned_.at, timed.lock.expires_at);
      });
    const auto is_meant = [&](const PlannedStep& other) {
      return other.step.first == planned_.step.first && other.step.last == planned_.step.last;
    };
    std::ranges::stable_partition(list_, is_meant);
  }

  void store_requests(const auto& requests) {
    requests.for_each([&](const StoreRequest& request) {
      if (request.cause == planned_.step.cause && request.member == planned_.step.member)
        add(request.first, request.last);
    });
  }

  const PartitionWorld& world_;
  const PlannedStep& planned_;
  std::vector<PlannedStep> list_;
};

/// The next step that an eager world would take of itself.
std::optional<Step> eager_step(const PartitionWorld& world) {
  for (std::uint32_t id = 1; id <= world.member_count(); ++id)
    for (const Connection& connection : world.member(MemberId{id}).connections)
      for (const StepKind kind : {StepKind::check_fetch, StepKind::log_read_ends})
        if (can_happen(kind, connection)) return Step{.kind = kind, .member = MemberId{id}};
  for (std::uint32_t id = 1; id <= world.group_count(); ++id) {
    std::optional<Step> step;
    world.group(GroupId{id}).store_requests.for_each([&](const StoreRequest& request) {
      if (request.cause != StoreCause::load || step) return;
      step = Step{.kind = request.result ? StepKind::store_answers : StepKind::store_applies,
                  .cause = request.cause,
                  .group = GroupId{id},
                  .member = request.member,
                  .first = request.first,
                  .last = request.last};
    });
    if (step) return step;
  }
  return std::nullopt;
}

/// What a world without any hurry would do before anything else begins.
std::optional<Step> calm_step(const PartitionWorld& world) {
  std::vector<Step> steps;
  world.enabled(steps);
  const auto found = std::ranges::find_if(steps, [](const Step& step) { return goes_on(step) && !fault_of(step); });
  return found == steps.end() ? std::nullopt : std::optional{*found};
}

/// The step as it was taken; empty if neither it nor anything that could have been meant is possible.
std::optional<PlannedStep> take_mended(Play& play, const PlannedStep& planned) {
  if (play.take(planned.step, planned.at)) return PlannedStep{play.now(), planned.step};
  const Alternatives alternatives{play.world(), planned};
  for (const PlannedStep& other : alternatives.list())
    if (play.take(other.step, other.at)) return PlannedStep{play.now(), other.step};
  return std::nullopt;
}

}  // namespace

ReplayOutcome replay(const Stage& stage, std::span<const PlannedStep> plan,
                     const std::function<void(const Replayed&)>& listen) {
  Play play{stage};
  ReplayOutcome outcome;
  for (const PlannedStep& planned : plan) {
    ++outcome.steps_used;
    if (!play.take(planned.step, planned.at)) continue;
    ++outcome.steps_taken;
    if (listen) listen({play.now(), planned.step, play.world(), play.observations()});
    if (!play.holds()) break;
  }
  if (!play.violation()) {
    play.settle();
    outcome.in_the_end = play.violation().has_value();
  }
  outcome.violation = play.violation();
  outcome.ended_at = play.now();
  return outcome;
}

std::optional<Plan> mended(const Stage& stage, std::span<const PlannedStep> plan, std::string_view claim, Mend mend) {
  Play play{stage};
  Plan played;
  bool holds = true;
  for (std::size_t i = 0; i < plan.size() && holds; ++i) {
    const std::optional<PlannedStep> taken = take_mended(play, plan[i]);
    if (!taken) continue;
    played.push_back(*taken);
    holds = play.holds();
    while (holds && mend != Mend::as_planned) {
      const std::optional<Step> step = mend == Mend::eagerly ? eager_step(play.world()) : calm_step(play.world());
      if (!step || !play.take(*step, play.now())) break;
      played.push_back({play.now(), *step});
      holds = play.holds();
    }
  }
  if (!play.violation()) play.settle();
  if (!play.violation() || play.violation()->claim != claim) return std::nullopt;
  return played;
}

std::vector<std::vector<Switch>> repairs(const Stage& stage, std::span<const PlannedStep> plan,
                                         std::string_view claim) {
  const Profile ideal{ProfileName::ideal};
  std::vector<Switch> different;
  for (const SwitchInfo& info : all_switches())
    if (stage.settings.profile.value(info.id) != ideal.value(info.id)) different.push_back(info.id);
  const auto passes = [&](std::initializer_list<Switch> repaired) {
    WorldSettings changed = stage.settings;
    for (const Switch id : repaired) changed.profile.set(id, ideal.value(id));
    const ReplayOutcome outcome = replay({changed, stage.settle}, plan);
    return !outcome.violation || outcome.violation->claim != claim;
  };
  std::vector<std::vector<Switch>> found;
  for (const Switch id : different)
    if (passes({id})) found.push_back({id});
  for (std::size_t i = 0; found.empty() && i < different.size(); ++i)
    for (std::size_t j = i + 1; j < different.size(); ++j)
      if (passes({different[i], different[j]})) found.push_back({different[i], different[j]});
  return found;
}

}  // namespace sharelock
