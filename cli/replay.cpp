#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/input_error.h"
#include "cli/planned.h"
#include "cli/replay_on.h"
#include "cli/run_scenario.h"
#include "cli/verbs.h"

namespace sharelock::cli {
namespace {

ExitCode replay_file(const std::string& path, bool json) {
  const auto [file, scenario, plan] = read_planned(path);
  RunResult result = tell_plan(scenario, {file.scenario_name, file.profile, file.switches, 0}, plan, file.claim);
  result.replay = "sharelock replay " + path;
  const std::string report = json ? run_as_json(result) : run_as_text(result);
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
        std::string on;
        std::string save;
        std::string format = "text";
      };
      const auto options = std::make_shared<Options>();
      app.add_option("PLAN", options->file, "a file that 'sharelock run --plan' wrote")->required();
      auto* on = app.add_option("--on", options->on,
                                "also on the released class of that line: does it do the same? (exit code 0: it does)")
                     ->type_name("4.2|4.3|4.4");
      app.add_option("--save", options->save, "write what the class was asked and answered as a trace")
          ->type_name("FILE")
          ->needs(on);
      app.add_option("--format", options->format, "text (default) or json")->check(CLI::IsMember({"text", "json"}));
      return [options] {
        const bool json = options->format == "json";
        return options->on.empty() ? replay_file(options->file, json)
                                   : replay_on({options->file, options->on, options->save, json});
      };
    },
};

}  // namespace sharelock::cli
