#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/input_error.h"
#include "cli/campaign.h"
#include "cli/campaign_progress.h"
#include "cli/options.h"
#include "cli/report_file.h"
#include "cli/verbs.h"
#include "scenarios/scenario_reader.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

struct Options {
  CampaignRequest campaign;
  std::string format = "text";
  std::string plan;
  std::string time;
  ReportFile report{"run"};
};

/// A violation that nobody asked for outweighs what was never seen, be it a situation or a violation that was asked
/// for.
ExitCode exit_code(bool violated, bool expected, bool never_met, bool budget_spent) {
  if (violated && !expected) return ExitCode::violated;
  if (never_met || !expected) return ExitCode::never_seen;
  return budget_spent ? ExitCode::budget_spent : ExitCode::held;
}

ExitCode run_one(const Scenario& scenario, Options& options, const RunRequest& request) {
  Plan plan;
  RunResult result = run_scenario(scenario, request, options.plan.empty() ? nullptr : &plan);
  if (result.broken) {
    plan.clear();
    result = explain(scenario, request, plan);
  }
  if (!options.plan.empty()) {
    keep_plan(options.plan, request, result.broken ? result.broken->id : "", plan);
    result.replay = "sharelock replay " + options.plan;
  }
  options.report.add(result);
  const std::string report = options.format == "json" ? run_as_json(result) : run_as_text(result);
  std::fputs(report.c_str(), stdout);
  return exit_code(result.broken.has_value(), as_expected(result), !result.never_met.empty(), false);
}

CampaignResult watched(const Scenario& scenario, CampaignRequest request, Plan& plan) {
  CampaignDisplay display{request};
  request.watch = [&](const CampaignProgress& progress) { display.show(progress); };
  return run_campaign(scenario, request, &plan);
}

ExitCode run_many(const Scenario& scenario, Options& options, const CampaignRequest& request) {
  Plan plan;
  CampaignResult result = watched(scenario, request, plan);
  if (!options.plan.empty() && result.first) {
    keep_plan(options.plan, request.run, result.first->broken->id, plan);
    result.first->replay = "sharelock replay " + options.plan;
  }
  options.report.add(result);
  const std::string report = options.format == "json" ? campaign_as_json(result) : campaign_as_text(result);
  std::fputs(report.c_str(), stdout);
  return exit_code(!result.broken.empty(), result.as_expected, !result.never_met.empty(), result.budget_spent);
}

ExitCode run(Options& options) {
  CampaignRequest request = options.campaign;
  const Profile profile = profile_of(request.run.profile, request.run.switches);
  if (request.jobs < 1 || request.jobs > 1024) throw InputError{{}, "--jobs takes 1 to 1024"};
  constexpr std::uint64_t seeds_max = 100'000'000;
  if (request.seeds.value_or(1) < 1 || request.seeds > seeds_max) throw InputError{{}, "--seeds takes 1 to 100000000"};
  if (!options.time.empty()) request.for_ms = budget_of(options.time);
  const bool one = request.seeds.value_or(1) == 1 && request.for_ms == 0 && request.file.empty();
  if (!one && !request.seeds && request.for_ms == 0) throw InputError{{}, "--campaign needs --seeds or --for"};
  options.report.check_name();
  const std::vector<std::string> files = scenario_files(request.run.file);
  if (files.size() > 1 && !(request.file.empty() && options.plan.empty()))
    throw InputError{{}, "--campaign and --plan are for one scenario, not for a folder of them"};
  ExitCode worst = ExitCode::held;
  for (const std::string& file : files) {
    request.run.file = file;
    request.run.text = read_text(file);
    const Scenario scenario = parse_scenario(request.run.text, file, profile, scenario_words());
    const ExitCode code = one ? run_one(scenario, options, request.run) : run_many(scenario, options, request);
    // A violation outweighs what was never seen, and that a budget that was spent.
    const auto weight = [](ExitCode c) { return c == ExitCode::held ? 4 : static_cast<int>(c); };
    if (weight(code) < weight(worst)) worst = code;
    if (std::fflush(stdout) != 0) break;  // main() says so.
  }
  options.report.write();
  return worst;
}

}  // namespace

const Verb run_verb{
    .name = "run",
    .sentence = "play a scenario on virtual time and judge it",
    .declare = [](CLI::App& app) -> std::function<ExitCode()> {
      const auto options = std::make_shared<Options>();
      CampaignRequest& campaign = options->campaign;
      app.add_option("FILE", campaign.run.file, "a scenario (docs/scenarios.md), or a folder of them")->required();
      app.add_option("--seed", campaign.run.seed, "what chance follows from, or the first of --seeds (default 1)")
          ->check(is_count);
      app.add_option("--seeds", campaign.seeds, "run so many seeds and sum up (default 1)")->check(is_count);
      app.add_option("--for", options->time,
                     "stop a campaign after that time, such as 60s; without --seeds: as many as fit");
      app.add_option("--campaign", campaign.file,
                     "keep what each seed brings in this file (SQLite), and go on from it if it exists");
      app.add_option("--jobs", campaign.jobs,
                     "threads of a campaign (default 1); the result is the same for any number");
      add_profile_options(app, campaign.run);
      app.add_option("--plan", options->plan, "write the plan of the run here; of a violation, the shortened one");
      add_format_option(app, options->format);
      options->report.declare(app);
      return [options] { return run(*options); };
    },
};

}  // namespace sharelock::cli
