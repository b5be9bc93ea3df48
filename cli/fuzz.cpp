// sharelock fuzz: chance picks the steps of a scenario's world, and what was new is tried further.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/input_error.h"
#include "base/status_line.h"
#include "cli/check_model.h"
#include "cli/corpus.h"
#include "cli/fuzz_scenario.h"
#include "cli/going_on.h"
#include "cli/options.h"
#include "cli/report_file.h"
#include "cli/verbs.h"
#include "reports/words.h"
#include "scenarios/scenario_reader.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  FuzzRequest request;
  std::string time;
  std::string corpus;
  std::string plan;
  bool all = false;
  std::string format = "text";
  ReportFile report{"fuzz"};
};

/// Shows how far the loop is, and ends it when its time is over or the process is asked to end.
class Watch {
 public:
  explicit Watch(TimeMs for_ms) : for_ms_{for_ms} {}

  bool is_over() const { return asked_to_stop() || (for_ms_ > 0 && elapsed_ms() >= for_ms_); }
  void show(const fuzz::Progress& progress) {
    const TimeMs elapsed = std::max<TimeMs>(elapsed_ms(), 1);
    line_.show(
        fmt::format("{}{}: {} kept, {} traits, {} k steps/s", counted(progress.cases, "case"),
                    for_ms_ > 0 ? fmt::format(", {} s to go", std::max<TimeMs>(for_ms_ - elapsed, 0) / 1'000) : "",
                    progress.kept, progress.traits, progress.steps / static_cast<std::uint64_t>(elapsed)));
  }

 private:
  TimeMs elapsed_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_).count();
  }

  TimeMs for_ms_;
  Clock::time_point begun_ = Clock::now();
  StatusLine line_;
};

void tell_cost(const Fuzzed& fuzzed) {
  const double rate = static_cast<double>(fuzzed.result.steps) / std::max(fuzzed.seconds, 1e-6);
  fmt::print(stderr, "{} in {:.2f} s, {:.0f} steps/s", counted(fuzzed.result.cases, "case"), fuzzed.seconds, rate);
  if (fuzzed.result.story) fmt::print(stderr, "; shortened and told in {:.2f} s", fuzzed.shrink_seconds);
  fmt::print(stderr, "\n");
}

/// Writes the plan of a violation: into the corpus and where it was asked for, or if neither was named, to where we
/// are. Returns its path.
std::string keep(const Options& options, const RunRequest& request, const Fuzzed& fuzzed, std::string path) {
  const std::string& claim = fuzzed.result.story->broken->id;
  if (!options.corpus.empty()) {
    const std::string kept = Corpus{options.corpus}.add(request, claim, fuzzed.plan);
    if (path.empty()) return kept;
  }
  if (path.empty()) path = fmt::format("{}-{}.plan", std::filesystem::path{request.file}.stem().string(), claim);
  keep_plan(path, request, claim, fuzzed.plan);
  return path;
}

/// Fuzzes once, and keeps what is to be kept. `plan_path`: where the plan of a violation was asked for.
FuzzResult fuzz_once(const Options& options, FuzzRequest request, Watch& watch, const std::string& plan_path) {
  const Profile profile = profile_of(request.run.profile, request.run.switches);
  const Scenario scenario = parse_scenario(request.run.text, request.run.file, profile, scenario_words());
  if (!options.corpus.empty()) request.options.past = Corpus{options.corpus}.read();
  request.options.stop = [&] { return watch.is_over(); };
  request.options.watch = [&](const fuzz::Progress& progress) { watch.show(progress); };
  Fuzzed fuzzed = fuzz_scenario(scenario, request);
  tell_cost(fuzzed);
  if (!options.corpus.empty())
    for (const Plan& plan : fuzzed.corpus) Corpus{options.corpus}.add(request.run, "", plan);
  if (fuzzed.result.story)
    fuzzed.result.again = fuzzed.result.story->replay =
        "sharelock replay " + keep(options, request.run, fuzzed, plan_path);
  return std::move(fuzzed.result);
}

ExitCode run(Options& options) {
  options.report.check_name();
  FuzzRequest request = options.request;
  constexpr std::uint64_t cases_max = 1'000'000'000'000;
  if (request.options.cases > cases_max) throw InputError{{}, "--cases takes at most 1000000000000"};
  const TimeMs for_ms = options.time.empty() ? 0 : budget_of(options.time);
  constexpr std::uint64_t cases_default = 10'000;
  if (!request.options.cases && for_ms == 0) request.options.cases = cases_default;
  request.options.seed = request.run.seed;
  request.run.text = read_text(request.run.file);
  Watch watch{for_ms};
  GoingOn going_on;
  bool found = false;
  for (bool goes_on = true; goes_on;) {
    const FuzzResult result = fuzz_once(options, request, watch, going_on.plan_path(options.plan));
    options.report.add(result);
    const std::string report = options.format == "json" ? fuzz_as_json(result) : fuzz_as_text(result);
    std::fputs(report.c_str(), stdout);
    found = found || result.story;
    if (result.story && !options.all && options.format != "json") tell_how_to_go_on("fuzz", request.run);
    goes_on = result.story && going_on.repair(*result.story, request.run) && options.all;
    if (goes_on && options.format != "json") std::fputs("\n", stdout);
  }
  if (options.all && options.format != "json") std::fputs(going_on.text().c_str(), stdout);
  options.report.write();
  return found ? ExitCode::violated : ExitCode::held;
}

}  // namespace

const Verb fuzz_verb{
    .name = "fuzz",
    .sentence = "let chance pick the steps of a scenario's world, and try what was new further",
    .declare = [](CLI::App& app) -> std::function<ExitCode()> {
      const auto options = std::make_shared<Options>();
      FuzzRequest& request = options->request;
      app.add_option("FILE", request.run.file, "a scenario, with a 'check:' section or without (docs/scenarios.md)")
          ->required();
      app.add_option("--for", options->time, "stop after that time, such as 60s");
      app.add_flag("--all", options->all,
                   "after a violation set what causes it as in ideal, and go on until nothing is left");
      app.add_option("--cases", request.options.cases, "stop after so many cases (default 10000, if there is no --for)")
          ->check(is_count);
      app.add_option("--seed", request.run.seed, "what chance follows from (default 1)")->check(is_count);
      app.add_option("--jobs", request.options.jobs, "threads (default 1); the result is the same for any number")
          ->check(CLI::Range(1U, 64U));
      add_profile_options(app, request.run);
      app.add_option("--corpus", options->corpus,
                     "a folder of plans: played first, past failures before all; what is new is added");
      app.add_option("--plan", options->plan,
                     "write the plan of a violation here (default: into the corpus, or SCENARIO-CLAIM.plan)");
      add_format_option(app, options->format);
      options->report.declare(app);
      return [options] { return run(*options); };
    },
};

}  // namespace sharelock::cli
