#include "cli/planned.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/input_error.h"
#include "cli/run_scenario.h"

namespace sharelock::cli {
namespace {

/// Whether what a step names can exist in the scenario; what no step may be trusted with.
std::string impossible(TimeMs at, const Step& step, const WorldSettings& world) {
  constexpr TimeMs end_of_time = TimeMs{100} * 365 * 24 * 3'600'000;
  constexpr Offset offsets_max = 1'000'000'000'000;
  constexpr Offset batch_max = 1'000'000;
  const StepForm& form = form_of(step.kind);
  const bool appends = step.kind == StepKind::append || step.kind == StepKind::append_transactional;
  const bool of_producer = step.kind == StepKind::append_transactional || step.kind == StepKind::commit_transaction ||
                           step.kind == StepKind::abort_transaction;
  if (at > end_of_time) return "is after the end of time";
  if (form.group && (step.group == no_group || step.group.value() > world.groups.size()))
    return fmt::format("there is no group {}", step.group.value());
  const bool nobody_is_meant = form.cause && step.member == nobody;
  if (form.member && !of_producer && !nobody_is_meant &&
      (step.member == nobody || step.member.value() > world.members.size()))
    return fmt::format("there is no member {}", step.member.value());
  if (of_producer && (step.member == nobody || step.member.value() > 1'000)) return "there is no such producer";
  if (step.first < 0 || step.last > offsets_max) return "the range is no range of offsets";
  if (form.range && !form.cause && step.last < step.first) return "the range is empty";
  if (appends && step.last - step.first >= batch_max) return "too many records";
  return "";
}

Planned check(const std::string& path, PlanFile file, const Profile& profile) {
  Planned planned{std::move(file), {}, {}};
  planned.scenario = parse_scenario(planned.file.scenario, planned.file.scenario_name, profile, scenario_words());
  for (const auto& [at, step] : planned.file.steps) {
    if (const std::string why = impossible(at, step, planned.scenario.world); !why.empty())
      throw InputError{{path, 0, 0}, why, "", fmt::format("at {} {}", at, to_text(step))};
    planned.plan.push_back({at, step});
  }
  if (const std::string& claim = planned.file.claim; !claim.empty() && std::ranges::count(all_claim_ids(), claim) == 0)
    throw InputError{{path, 0, 0}, fmt::format("no claim is called '{}'", claim), suggest(claim, all_claim_ids())};
  return planned;
}

}  // namespace

Planned read_planned(const std::string& path) {
  PlanFile file = read_plan(path);
  const Profile profile = profile_of(file.profile, file.switches);
  return check(path, std::move(file), profile);
}

Planned read_planned(const std::string& path, const Profile& profile) {
  return check(path, read_plan(path), profile);
}

}  // namespace sharelock::cli
