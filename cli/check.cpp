// sharelock check: searches a small world exhaustively.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>

#include "base/byte_size.h"
#include "base/input_error.h"
#include "checker/benchmark/padded_model.h"
#include "checker/benchmark/share_partition_model.h"
#include "cli/check_model.h"
#include "cli/check_scenario.h"
#include "cli/going_on.h"
#include "cli/options.h"
#include "cli/report_file.h"
#include "cli/verbs.h"
#include "scenarios/scenario_reader.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

/// The command line as it was typed.
struct Typed {
  std::string benchmark;
  std::size_t pad = 0;
  std::string memory;
  std::string storage = "exact";
  std::string format = "text";
  double checkpoint_seconds = 30;
  bool depth_first = false;
  std::string plan;
  std::string time;
  bool all = false;
  RunRequest scenario;
  std::optional<bool> symmetry;
  CheckOptions options;
  ReportFile report{"check"};
};

CheckOptions options_of(const Typed& typed) {
  CheckOptions options = typed.options;
  options.search.memory_max = typed.memory.empty() ? explore::usable_memory() : read_byte_size(typed.memory);
  options.search.symmetry = typed.symmetry.value_or(false);
  options.search.order = typed.depth_first ? explore::Order::depth_first : explore::Order::breadth_first;
  options.search.storage = typed.storage == "exact" ? explore::Storage::exact : explore::Storage::compact;
  options.search.checkpoint_every = std::chrono::milliseconds{static_cast<long long>(typed.checkpoint_seconds * 1000)};
  options.json = typed.format == "json";
  return options;
}

ExitCode exit_code(const CheckResult& result) {
  switch (result.verdict) {
    case CheckResult::Verdict::violated:
      return ExitCode::violated;
    case CheckResult::Verdict::truncated:
      return ExitCode::budget_spent;
    case CheckResult::Verdict::held:
      break;
  }
  return ExitCode::held;
}

/// True when so much time has passed since now.
std::function<bool()> ends_in(TimeMs budget) {
  using Clock = std::chrono::steady_clock;
  return [end = Clock::now() + std::chrono::milliseconds{budget}] { return Clock::now() >= end; };
}

/// `plan_path`: where the plan of a violation goes; empty: nowhere.
CheckResult check_once(const CheckRequest& request, const std::string& plan_path) {
  const Profile profile = profile_of(request.run.profile, request.run.switches);
  const Scenario scenario = parse_scenario(request.run.text, request.run.file, profile, scenario_words());
  Plan plan;
  CheckResult result = check_scenario(scenario, request, plan);
  if (!plan_path.empty() && result.story) {
    keep_plan(plan_path, request.run, result.story->broken->id, plan);
    result.again = result.story->replay = "sharelock replay " + plan_path;
  }
  return result;
}

ExitCode run_scenario_file(Typed& typed) {
  typed.report.check_name();
  const CheckOptions options = options_of(typed);
  if (typed.pad > 0 || options.liveness || options.search.reduce || !options.graph.empty() ||
      !options.search.checkpoint.empty())
    throw InputError{{}, "--pad, --liveness, --reduce, --graph and --checkpoint are for --benchmark"};
  CheckRequest request{.run = typed.scenario, .search = options.search, .symmetry = typed.symmetry};
  request.run.text = read_text(request.run.file);
  if (!typed.time.empty()) request.stop = ends_in(budget_of(typed.time));
  GoingOn going_on;
  ExitCode code = ExitCode::held;
  for (bool goes_on = true; goes_on;) {
    const CheckResult result = check_once(request, going_on.plan_path(typed.plan));
    typed.report.add(result);
    const std::string report = options.json ? check_as_json(result) : check_as_text(result);
    std::fputs(report.c_str(), stdout);
    if (code != ExitCode::violated) code = exit_code(result);
    if (result.story && !typed.all && !options.json) tell_how_to_go_on("check", request.run);
    goes_on = result.story && going_on.repair(*result.story, request.run) && typed.all;
    if (goes_on && !options.json) std::fputs("\n", stdout);
  }
  if (typed.all && !options.json) std::fputs(going_on.text().c_str(), stdout);
  typed.report.write();
  return code;
}

ExitCode run_benchmark(const Typed& typed) {
  if (!typed.plan.empty() || !typed.time.empty() || typed.all || !typed.scenario.switches.empty() ||
      typed.scenario.profile != "4.4")
    throw InputError{{}, "--plan, --for, --all, --set and --profile are for scenarios"};
  if (typed.pad % 8 != 0) throw InputError{{}, "--pad takes a multiple of 8", "--pad 64"};
  const CheckOptions options = options_of(typed);
  const benchmark::SharePartitionModel model{benchmark::read_parameters(typed.benchmark)};
  if (typed.pad == 0) return check_model(model, options);
  return check_model(benchmark::PaddedModel<benchmark::SharePartitionModel, true>{model, typed.pad}, options);
}

ExitCode run(Typed& typed) {
  if (typed.scenario.file.empty() == typed.benchmark.empty())
    throw InputError{{},
                     typed.benchmark.empty() ? "nothing to check" : "either a scenario or --benchmark",
                     "sharelock check scenarios/two-records.yaml, or sharelock check --benchmark 3,2,2,3,2"};
  return typed.benchmark.empty() ? run_scenario_file(typed) : run_benchmark(typed);
}

std::function<ExitCode()> declare(CLI::App& app) {
  const auto typed = std::make_shared<Typed>();
  CheckOptions& options = typed->options;
  app.add_option("FILE", typed->scenario.file, "a scenario, with a 'check:' section or without (docs/scenarios.md)");
  add_profile_options(app, typed->scenario);
  app.add_option("--plan", typed->plan, "write the plan of a violation here, for 'sharelock replay'");
  app.add_flag("--all", typed->all,
               "after a violation set what causes it as in ideal, and go on until nothing is left");
  app.add_option("--for", typed->time, "stop after that time, such as 60s");
  app.add_option("--benchmark", typed->benchmark, "the benchmark model SP(R,M,D,F,B): five numbers, such as 3,2,2,3,2");
  app.add_option("--pad", typed->pad,
                 "make every state of the benchmark model larger by this many bytes (a multiple of 8)")
      ->check(CLI::Range(0, 4096));
  app.add_flag_function(
      "--symmetry,!--no-symmetry", [typed](std::int64_t count) { typed->symmetry = count > 0; },
      "keep one of the states that differ only in members' names; of scenarios: the default where it pays");
  app.add_flag("--reduce", options.search.reduce, "take only one step where nothing else can matter before it");
  app.add_flag("--depth-first", typed->depth_first, "go deep at once; counterexamples are not the shortest");
  app.add_flag("--liveness", options.liveness, "also: is the goal always reached again?");
  app.add_option("--storage", typed->storage, "exact, or compact: 64 bits of each state")
      ->check(CLI::IsMember({"exact", "compact"}));
  app.add_option("--jobs", options.search.jobs, "threads; the outcome does not depend on it")
      ->check(CLI::Range(1U, 64U));
  app.add_option("--memory", typed->memory,
                 "what the search may use, such as 8GiB; default: most of what the machine has");
  app.add_option("--checkpoint", options.search.checkpoint, "save to this file, and go on from it if it exists");
  app.add_option("--checkpoint-seconds", typed->checkpoint_seconds, "seconds between two savings")
      ->check(CLI::Range(0.0, 86'400.0));
  app.add_option("--graph", options.graph, "write the graph of all states, for small ones: FILE.dot or FILE.graphml");
  app.add_option("--format", typed->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  typed->report.declare(app);
  return [typed] { return run(*typed); };
}

}  // namespace

const Verb check_verb{
    .name = "check",
    .sentence = "search a small world exhaustively",
    .declare = declare,
};

}  // namespace sharelock::cli
