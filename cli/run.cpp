#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "checker/claims/all_claims.h"
#include "cli/run_scenario.h"
#include "cli/verbs.h"
#include "scenarios/scenario_reader.h"

namespace sharelock::cli {
namespace {

struct Options {
  RunRequest request;
  std::string format = "text";
};

ExitCode run(const Options& options) {
  const Profile profile = profile_of(options.request);
  const Scenario scenario = read_scenario(options.request.file, profile, {all_claim_ids(), {}});
  const RunResult result = run_scenario(scenario, options.request);
  const std::string report = options.format == "json" ? run_as_json(result) : run_as_text(result);
  std::fputs(report.c_str(), stdout);
  return (result.verdict == RunResult::Verdict::held) == !result.expected ? ExitCode::held : ExitCode::violated;
}

}  // namespace

const Verb run_verb{
    .name = "run",
    .sentence = "play a scenario on virtual time and judge it",
    .declare = [](CLI::App& app) -> std::function<ExitCode()> {
      const auto options = std::make_shared<Options>();
      app.add_option("FILE", options->request.file, "a scenario (docs/scenarios.md)")->required();
      app.add_option("--seed", options->request.seed, "what chance follows from (default 1)");
      app.add_option("--profile", options->request.profile, "4.2, 4.3, 4.4 (default) or ideal");
      app.add_option("--set", options->request.switches, "SWITCH=VALUE (sharelock list switches); may be repeated")
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      app.add_option("--format", options->format, "text (default) or json")->check(CLI::IsMember({"text", "json"}));
      return [options] { return run(*options); };
    },
};

}  // namespace sharelock::cli
