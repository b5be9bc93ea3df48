#include "checker/plan.h"

#include <algorithm>

namespace sharelock {
namespace {

/// The plan without the steps after the violation, if it breaks the claim at all.
std::optional<Plan> if_broken(Plan plan, const WorldSettings& settings, std::string_view claim) {
  const ReplayOutcome outcome = replay(settings, plan);
  if (!outcome.violation || outcome.violation->claim != claim) return std::nullopt;
  plan.resize(outcome.steps_used);
  return plan;
}

Plan without(const Plan& plan, std::size_t first, std::size_t count) {
  Plan rest;
  rest.reserve(plan.size());
  for (std::size_t i = 0; i < plan.size(); ++i)
    if (i < first || i >= first + count) rest.push_back(plan[i]);
  return rest;
}

Plan with_fewer_steps(Plan plan, const WorldSettings& settings, std::string_view claim) {
  for (std::size_t chunk = (plan.size() + 1) / 2; chunk > 0;) {
    bool shortened = false;
    for (std::size_t at = 0; at < plan.size();) {
      if (std::optional<Plan> shorter = if_broken(without(plan, at, chunk), settings, claim)) {
        plan = std::move(*shorter);
        shortened = true;
      } else {
        at += chunk;
      }
    }
    // Single steps once more for as long as that helps: what one step needed may be gone now.
    if (chunk > 1)
      chunk /= 2;
    else if (!shortened)
      break;
  }
  return plan;
}

/// Fewer records in an append; only the last records can go without moving the offsets of others.
Plan with_fewer_records(Plan plan, const WorldSettings& settings, std::string_view claim) {
  for (std::size_t at = 0; at < plan.size(); ++at) {
    if (plan[at].step.kind != StepKind::append && plan[at].step.kind != StepKind::append_transactional) continue;
    for (Offset count = 1; count < plan[at].step.last - plan[at].step.first + 1; count *= 2) {
      Plan fewer = plan;
      fewer[at].step.last = fewer[at].step.first + count - 1;
      if (std::optional<Plan> shorter = if_broken(std::move(fewer), settings, claim)) {
        plan = std::move(*shorter);
        break;
      }
    }
  }
  return plan;
}

/// Batches that follow each other become one where that makes no difference to the claim; no offset moves.
Plan with_fewer_batches(Plan plan, const WorldSettings& settings, std::string_view claim) {
  for (std::size_t at = 0; at + 1 < plan.size();) {
    const Step& next = plan[at + 1].step;
    Plan merged = without(plan, at + 1, 1);
    merged[at].step.last += next.last - next.first + 1;
    const bool both_append = plan[at].step.kind == StepKind::append && next.kind == StepKind::append;
    std::optional<Plan> shorter = both_append ? if_broken(std::move(merged), settings, claim) : std::nullopt;
    if (shorter)
      plan = std::move(*shorter);
    else
      ++at;
  }
  return plan;
}

/// Waits that nothing depends on go; the others are halved as long as that is possible.
Plan with_shorter_waits(Plan plan, const WorldSettings& settings, std::string_view claim) {
  for (std::size_t at = 0; at < plan.size(); ++at) {
    TimeMs wait = plan[at].at - (at == 0 ? 0 : plan[at - 1].at);
    for (TimeMs cut = wait; cut > 0; cut /= 2) {
      Plan earlier = plan;
      for (std::size_t later = at; later < earlier.size(); ++later) earlier[later].at -= cut;
      if (std::optional<Plan> shorter = if_broken(std::move(earlier), settings, claim)) {
        plan = std::move(*shorter);
        break;
      }
    }
    if (at >= plan.size()) break;
  }
  return plan;
}

}  // namespace

ReplayOutcome replay(const WorldSettings& settings, std::span<const PlannedStep> plan,
                     const std::function<void(const Replayed&)>& listen) {
  PartitionWorld world{settings};
  ClaimSet claims{settings.groups.size()};
  Observations observations;
  ReplayOutcome outcome;
  TimeMs now = 0;
  for (const PlannedStep& planned : plan) {
    ++outcome.steps_used;
    now = std::max(now, planned.at);
    observations.clear();
    if (!world.apply(planned.step, now, observations)) continue;
    ++outcome.steps_taken;
    if (listen) listen({now, planned.step, world, observations});
    outcome.violation = claims.judge(world, now, observations);
    if (outcome.violation) break;
  }
  return outcome;
}

Plan shrink(Plan plan, const WorldSettings& settings, std::string_view claim) {
  plan = if_broken(plan, settings, claim).value_or(plan);
  plan = with_fewer_steps(std::move(plan), settings, claim);
  plan = with_fewer_batches(std::move(plan), settings, claim);
  plan = with_fewer_records(std::move(plan), settings, claim);
  return with_shorter_waits(std::move(plan), settings, claim);
}

std::vector<std::vector<Switch>> repairs(const WorldSettings& settings, std::span<const PlannedStep> plan,
                                         std::string_view claim) {
  const Profile ideal{ProfileName::ideal};
  std::vector<Switch> different;
  for (const SwitchInfo& info : all_switches())
    if (settings.profile.value(info.id) != ideal.value(info.id)) different.push_back(info.id);
  const auto passes = [&](std::initializer_list<Switch> repaired) {
    WorldSettings changed = settings;
    for (const Switch id : repaired) changed.profile.set(id, ideal.value(id));
    const ReplayOutcome outcome = replay(changed, plan);
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
