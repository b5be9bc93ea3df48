// sharelock mutants: how well known defects are found that were put into the profile `ideal`.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/input_error.h"
#include "base/status_line.h"
#include "cli/check_model.h"
#include "cli/mutant_search.h"
#include "cli/mutant_table.h"
#include "cli/options.h"
#include "cli/report_file.h"
#include "cli/verbs.h"
#include "scenarios/scenario_reader.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

struct Options {
  std::string folder = "scenarios/mutants";
  std::string time = "60s";
  std::vector<std::string> only;
  unsigned jobs = 1;
  std::string format = "text";
  ReportFile report{"mutants"};
};

/// The scenarios of the folder on `ideal`, with a switch set or none.
std::vector<MutantWorld> worlds_of(const std::string& folder, std::string_view assignment) {
  std::vector<MutantWorld> worlds;
  for (const std::string& file : scenario_files(folder)) {
    RunRequest request{.file = file, .profile = "ideal", .switches = {}, .text = read_text(file)};
    if (!assignment.empty()) request.switches.emplace_back(assignment);
    const Profile profile = profile_of(request.profile, request.switches);
    worlds.push_back({request, parse_scenario(request.text, file, profile, scenario_words())});
  }
  return worlds;
}

bool is_wanted(const Options& options, const Mutant& mutant) {
  return options.only.empty() || std::ranges::find(options.only, mutant.id) != options.only.end();
}

void add_seen(CleanWorld& world, bool seen, std::string_view name) {
  (seen ? world.seen : world.never_seen).emplace_back(name);
}

CleanWorld clean_world(const CheckResult& checked, const fuzz::Outcome& fuzzed, const WorldSettings& settings) {
  CleanWorld world{.scenario = checked.scenario,
                   .complete_to = round_words(checked.complete()),
                   .cases = fuzzed.progress.cases,
                   .steps = fuzzed.progress.steps};
  for (const CheckRound& round : checked.rounds) {
    world.states += round.states;
    world.transitions += round.transitions;
  }
  const std::vector<std::string> never = never_taken(fuzzed, settings);
  for (std::size_t kind = 0; kind < step_kind_count; ++kind) {
    const std::string_view name = form_of(static_cast<StepKind>(kind)).name;
    if (fuzzed.taken[kind] > 0) world.seen.emplace_back(name);
  }
  for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
    if (fuzzed.taken[step_kind_count + kind] > 0) world.seen.emplace_back(all_fault_kind_names()[kind]);
  world.never_seen = never;
  for (std::size_t i = 0; i < all_situations().size(); ++i)
    add_seen(world, fuzzed.met[i] > 0, all_situations()[i].name);
  if (checked.story) world.broken = checked.story->broken->id + " (check)";
  if (fuzzed.violation) world.broken += std::string{fuzzed.violation->claim} + " (fuzz)";
  return world;
}

void look_at_ideal(MutantsResult& result, const Options& options, const MutantBudget& budget) {
  const std::vector<MutantWorld> worlds = worlds_of(options.folder, "");
  std::vector<CheckResult> checked;
  std::vector<fuzz::Outcome> fuzzed;
  check_mutant(worlds, budget, &checked);
  fuzz_mutant(worlds, budget, &fuzzed);
  for (std::size_t i = 0; i < worlds.size(); ++i)
    result.ideal.push_back(clean_world(checked[i], fuzzed[i], worlds[i].scenario.world));
}

MutantsResult measure(const Options& options, const MutantBudget& budget) {
  MutantsResult result{.seconds_each = static_cast<double>(budget.for_ms) / 1'000, .jobs = budget.jobs};
  for (const Mutant& mutant : mutants) {
    if (!is_wanted(options, mutant) || asked_to_stop()) continue;
    const std::vector<MutantWorld> worlds = worlds_of(options.folder, mutant.assignment);
    MutantResult found{.id = std::string{mutant.id},
                       .name = std::string{mutant.assignment.substr(0, mutant.assignment.find('='))},
                       .events_min = mutant.events_min,
                       .check = check_mutant(worlds, budget),
                       .fuzz = fuzz_mutant(worlds, budget)};
    // What was cut short says nothing.
    if (!asked_to_stop()) result.mutants.push_back(std::move(found));
  }
  if (options.only.empty() && !asked_to_stop()) look_at_ideal(result, options, budget);
  return result;
}

ExitCode run(Options& options) {
  options.report.check_name();
  for (const std::string& id : options.only)
    if (std::ranges::find(mutants, id, &Mutant::id) == mutants.end())
      throw InputError{{}, fmt::format("no mutant is called '{}'", id), "such as KD-05"};
  const MutantBudget budget{budget_of(options.time), options.jobs};
  MutantsResult result = measure(options, budget);
  result.again = fmt::format("sharelock mutants --for {} --jobs {}", options.time, options.jobs);
  for (const std::string& id : options.only) result.again += " --only " + id;
  options.report.add(result);
  options.report.write();
  const std::string report = options.format == "json" ? mutants_as_json(result) : mutants_as_text(result);
  std::fputs(report.c_str(), stdout);
  if (asked_to_stop()) return ExitCode::budget_spent;
  if (!result.ideal_is_clean()) return ExitCode::violated;
  return result.all_found() ? ExitCode::held : ExitCode::never_seen;
}

}  // namespace

const Verb mutants_verb{
    .name = "mutants",
    .sentence = "measure how well known defects are found that are put into the model",
    .declare = [](CLI::App& app) -> std::function<ExitCode()> {
      const auto options = std::make_shared<Options>();
      app.add_option("--for", options->time, "the time for each mutant and each way of searching (default 60s)");
      app.add_option("--only", options->only, "this mutant, such as KD-05; may be repeated")
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      app.add_option("--jobs", options->jobs, "threads (default 1)")->check(CLI::Range(1U, 64U));
      app.add_option("--scenarios", options->folder, "where to look (default scenarios/mutants)");
      add_format_option(app, options->format);
      options->report.declare(app);
      return [options] { return run(*options); };
    },
};

}  // namespace sharelock::cli
