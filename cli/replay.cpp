#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/run_scenario.h"
#include "cli/verbs.h"
#include "scenarios/plan_file.h"
#include "scenarios/scenario_reader.h"

namespace sharelock::cli {
namespace {

ExitCode replay_file(const std::string& path, const std::string& format) {
  const PlanFile file = read_plan(path);
  const Profile profile = profile_of(file.profile, file.switches);
  const Scenario scenario = parse_scenario(file.scenario, file.scenario_name, profile, scenario_words());
  Plan plan;
  for (const auto& [at, step] : file.steps) plan.push_back({at, step});
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
