#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/input_error.h"
#include "cli/run_scenario.h"
#include "cli/verbs.h"
#include "scenarios/plan_file.h"
#include "scenarios/scenario_reader.h"

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
  if (appends && step.last - step.first >= batch_max) return "too many records";
  if (step.first < 0 || step.last > offsets_max) return "the range is no range of offsets";
  if (form.range && !form.cause && step.last < step.first) return "the range is empty";
  return "";
}

ExitCode replay_file(const std::string& path, const std::string& format) {
  const PlanFile file = read_plan(path);
  const Profile profile = profile_of(file.profile, file.switches);
  const Scenario scenario = parse_scenario(file.scenario, file.scenario_name, profile, scenario_words());
  Plan plan;
  for (const auto& [at, step] : file.steps) {
    if (const std::string why = impossible(at, step, scenario.world); !why.empty())
      throw InputError{{path, 0, 0}, why, "", fmt::format("at {} {}", at, to_text(step))};
    plan.push_back({at, step});
  }
  if (!file.claim.empty() && std::ranges::count(all_claim_ids(), file.claim) == 0)
    throw InputError{
        {path, 0, 0}, fmt::format("no claim is called '{}'", file.claim), suggest(file.claim, all_claim_ids())};
  RunResult result = tell_plan(scenario, {file.scenario_name, file.profile, file.switches, 0}, plan, file.claim);
  result.replay = "sharelock replay " + path;
  const std::string report = format == "json" ? run_as_json(result) : run_as_text(result);
  std::fputs(report.c_str(), stdout);
  return result.broken ? ExitCode::violated : ExitCode::held;
}

}  // namespace

const Verb replay_verb{
    .name = "replay",
    .sentence = "play a plan again, step by step, and judge it",
    .declare = [](CLI::App& app) -> std::function<ExitCode()> {
      struct Options {
        std::string file;
        std::string format = "text";
      };
      const auto options = std::make_shared<Options>();
      app.add_option("PLAN", options->file, "a file that 'sharelock run --plan' wrote")->required();
      app.add_option("--format", options->format, "text (default) or json")->check(CLI::IsMember({"text", "json"}));
      return [options] { return replay_file(options->file, options->format); };
    },
};

}  // namespace sharelock::cli
