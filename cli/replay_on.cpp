#include "cli/replay_on.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/input_error.h"
#include "base/write_file.h"
#include "cli/run_scenario.h"
#include "interop/oracle/oracle_process.h"
#include "reports/run_text.h"
#include "reports/words.h"

namespace sharelock::cli {
namespace {

using interop::ConfirmedObject;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t operations_told = 40;

/// What is said of one object, its name and its operations.
struct Report {
  const ReplayOnOptions& options;
  const ReplayedOn& replayed;
  const PlanFile& file;
  const WorldSettings& world;
  const interop::NameTable& names;
  std::string reference;  ///< `Kafka 4.4.0`

  std::string_view headline() const;
  std::string verdict() const;
  std::string name_of(const ConfirmedObject& object) const;
  std::string text() const;
  std::string as_json() const;
};

std::string_view Report::headline() const {
  switch (replayed.verdict()) {
    case ExitCode::violated:
      return "DIFFERENT";
    case ExitCode::budget_spent:
      return "NOT EXPRESSIBLE THERE";
    default:
      return replayed.model.broken ? "CONFIRMED" : "THE SAME";
  }
}

std::string Report::verdict() const {
  const interop::Confirmation& done = replayed.confirmation;
  if (done.differs())
    return fmt::format("the released class does something else: {} and the model differ at operation {} of {}",
                       reference, done.objects.back().answers.difference->index + 1, name_of(done.objects.back()));
  const std::string compared =
      fmt::format("{} on {}, every answer and the state after each are equal", counted(done.operations, "operation"),
                  counted(done.objects.size(), "share partition object"));
  if (!replayed.obstacle) return fmt::format("the released class does the same ({}): {}", reference, compared);
  const std::string& step = replayed.obstacle->step;
  return fmt::format("not expressible there: {} ({}). What can be asked of {} it does the same: {}",
                     replayed.obstacle->why, step.empty() ? "after the last step" : step, reference, compared);
}

std::string Report::name_of(const ConfirmedObject& object) const {
  return fmt::format("group {}, object {}", world.of(object.group).name, object.number);
}

std::string Report::text() const {
  const RunResult& model = replayed.model;
  std::string text = fmt::format("{}  {}  {}{}\n\n", model.scenario, reference, headline(),
                                 model.broken ? "  " + model.broken->id : "");
  text += wrapped(verdict(), 2) + "\n";
  if (model.broken) text += broken_text(*model.broken) + "\n";
  if (file.profile != options.line || !file.switches.empty())
    text +=
        wrapped(fmt::format("The plan was made for {}{}; here it is played as {} plays it.", file.profile,
                            profile_options({.file = {}, .profile = "4.4", .switches = file.switches}), options.line),
                2) +
        "\n";
  for (const ConfirmedObject& object : replayed.confirmation.objects)
    text += fmt::format("  {}\n{}\n", name_of(object), tell(object, names, reference, operations_told));
  if (!options.save.empty()) text += fmt::format("  trace     {}\n", options.save);
  return text + fmt::format("  again     sharelock replay {} --on {}\n", options.file, options.line);
}

std::string Report::as_json() const {
  const RunResult& model = replayed.model;
  const interop::Confirmation& done = replayed.confirmation;
  ordered_json report{{"scenario", model.scenario},
                      {"against", interop::release_of(*interop::line_named(options.line))},
                      {"verdict", done.differs()      ? "different"
                                  : replayed.obstacle ? "not_expressible"
                                                      : "same"},
                      {"violation", nullptr},
                      {"operations", done.operations},
                      {"objects", ordered_json::array()},
                      {"difference", nullptr},
                      {"obstacle", nullptr},
                      {"again", fmt::format("sharelock replay {} --on {}", options.file, options.line)}};
  if (model.broken) report["violation"] = {{"claim", model.broken->id}, {"what", model.broken->what}};
  for (const ConfirmedObject& object : done.objects)
    report["objects"].push_back({{"group", world.of(object.group).name},
                                 {"object", object.number},
                                 {"operations", object.answers.model.size()},
                                 {"state", json::parse(object.answers.reference.back()).value("text", "")}});
  if (done.differs()) {
    const interop::PairDifference& difference = *done.objects.back().answers.difference;
    report["difference"] = {{"operation", difference.index + 1},
                            {"path", difference.what.path},
                            {"expected", difference.what.expected},
                            {"actual", difference.what.actual}};
  }
  if (replayed.obstacle) report["obstacle"] = {{"why", replayed.obstacle->why}, {"step", replayed.obstacle->step}};
  return report.dump() + "\n";
}

}  // namespace

ExitCode ReplayedOn::verdict() const {
  if (confirmation.differs()) return ExitCode::violated;
  return obstacle ? ExitCode::budget_spent : ExitCode::held;
}

ReplayedOn replayed_on(Planned planned, interop::KafkaLine line, interop::Answerer& reference,
                       interop::NameTable& names) {
  Scenario& scenario = planned.scenario;
  interop::PlanRecorder recorder{line, scenario.world, names};
  scenario.world.listener = &recorder;
  const RunRequest request{planned.file.scenario_name, std::string{interop::name_of(line)}, {}, 0};
  RunResult model = tell_plan(scenario, request, planned.plan, planned.file.claim, [&](const Replayed& replayed) {
    recorder.took(replayed.at, replayed.step, replayed.world);
  });
  interop::Confirmation confirmation = confirm(recorder, line, scenario.world.profile, reference, names, scenario.name);
  return {std::move(model), std::move(confirmation), recorder.obstacle()};
}

ExitCode replay_on(const ReplayOnOptions& options) {
  const auto line = interop::line_named(options.line);
  if (!line) {
    std::vector<std::string_view> known;
    for (const auto each : interop::all_lines) known.push_back(interop::name_of(each));
    throw InputError{{}, fmt::format("--on {}: no such line of Kafka", options.line), suggest(options.line, known)};
  }
  const Planned planned = read_planned(options.file, profile_of(options.line, {}));
  try {
    interop::OracleProcess oracle{*line};
    interop::NameTable names;
    const ReplayedOn replayed = replayed_on(planned, *line, oracle, names);
    if (!options.save.empty()) write_file(options.save, as_trace(replayed.confirmation, names));
    const Report report{options,      replayed,
                        planned.file, planned.scenario.world,
                        names,        fmt::format("Kafka {}", interop::release_of(*line))};
    std::fputs((options.json ? report.as_json() : report.text()).c_str(), stdout);
    return replayed.verdict();
  } catch (const interop::OracleMissing& missing) {
    fmt::print(stderr, "sharelock: {}\n", missing.what());
    return ExitCode::tool_missing;
  }
}

}  // namespace sharelock::cli
