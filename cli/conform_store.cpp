#include "cli/conform_store.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/input_error.h"
#include "base/line_source.h"
#include "interop/coordination/coordination_traces.h"
#include "interop/coordination/live_store.h"
#include "interop/oracle/oracle_process.h"

namespace sharelock::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t default_operations = 100'000;

void print_difference(const interop::CoordinationDifference& what) {
  fmt::print("    path       {}\n    expected   {}\n    actual     {}\n", what.path, what.expected, what.actual);
}

ordered_json to_json(const interop::CoordinationDifference& what) {
  return {{"path", what.path}, {"expected", value_of(what.expected)}, {"actual", value_of(what.actual)}};
}

/// Writes the difference as a recorded trace, with the answers of the real classes: `--traces` plays it again. A file
/// name that carries the release, such as difference-4.4.0.jsonl, makes `--profile` unnecessary.
void save(const std::string& path, const interop::ShardLife& life, interop::Answerer& kafka) {
  std::string lines;
  for (const std::string& request : life) lines += request + '\n';
  kafka.send(lines);
  const bool combinations = life.front().find("\"combine\"") != std::string::npos;
  std::string steps;
  for (const std::string& request : life)
    steps += fmt::format("{}{{\"q\":{},\"a\":{}}}",
                         steps.empty()  ? ""
                         : combinations ? "\n"
                                        : ",",
                         request, kafka.receive());
  std::ofstream out{path};
  out << (combinations ? steps : "{\"steps\":[" + steps + "]}") << '\n';
  out.flush();
  if (!out) throw InputError{{path}, "cannot be written", "--save FILE names another place"};
}

}  // namespace

bool is_store_trace(const std::string& path) {
  if (path == "-") return false;  // It can be read only once.
  try {
    LineSource lines{path};
    std::string_view line;
    return lines.next(line) && interop::coordination_kind_of(line).has_value();
  } catch (const InputError&) {
    return false;
  }
}

ExitCode conform_store_traces(const ConformOptions& options) {
  constexpr std::uint64_t shown_max = 10;
  std::uint64_t seen = 0;
  interop::CoordinationTraceCounts sum;
  std::optional<interop::CoordinationTraceDifference> first;
  for (const std::string& file : options.traces) {
    std::optional<Profile> profile;
    if (const auto line = interop::release_in_file_name(file); line || !options.profile.empty())
      profile = options.profile_for(*interop::line_named(name_of(line.value_or(ProfileName::v4_4))));
    const auto counts = interop::replay_coordination_traces(file, profile, [&](const auto& difference) {
      if (!first) first = difference;
      if (options.json || ++seen > shown_max) return;
      fmt::print("{}:{}: request {} differs\n    request    {}\n", difference.file, difference.line, difference.step,
                 difference.request);
      print_difference(difference.what);
    });
    sum.traces += counts.traces;
    sum.operations += counts.operations;
    sum.differences += counts.differences;
  }
  if (options.json) {
    ordered_json summary{{"traces", sum.traces},
                         {"operations", sum.operations},
                         {"differences", sum.differences},
                         {"first_difference", nullptr}};
    if (first) summary["first_difference"] = to_json(first->what);
    fmt::print("{}\n", summary.dump());
  } else {
    fmt::print("{} traces, {} operations: {}\n", sum.traces, sum.operations,
               sum.differences == 0 ? "no difference" : fmt::format("{} traces differ", sum.differences));
  }
  return sum.differences == 0 ? ExitCode::held : ExitCode::violated;
}

ExitCode conform_store(const ConformOptions& options) {
  const auto line = *interop::line_named(options.against);
  const Profile profile = options.profile_for(line);
  if (!options.duration.empty()) throw InputError{{}, "--for: the store is compared by --operations"};
  interop::OracleProcess kafka{line, "coordination"};
  const auto begun = std::chrono::steady_clock::now();
  const auto result = interop::compare_store(kafka, profile, options.seed,
                                             options.operations > 0 ? options.operations : default_operations,
                                             [](const interop::StoreComparisonCounts&) {});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const auto& counts = result.counts;
  if (result.difference && !options.save.empty()) save(options.save, result.difference->life, kafka);
  if (options.json) {
    ordered_json summary{{"against", interop::release_of(line)},
                         {"part", "store"},
                         {"seed", options.seed},
                         {"lives", counts.lives},
                         {"operations", counts.operations},
                         {"combinations", counts.combinations},
                         {"first_difference", nullptr}};
    if (result.difference) {
      summary["first_difference"] = to_json(result.difference->what);
      summary["first_difference"]["requests"] = result.difference->life;
    }
    fmt::print("{}\n", summary.dump());
  } else if (!result.difference) {
    fmt::print(
        "Kafka {} and the model gave the same answers to {} operations in {} lives of a share coordinator and to\n"
        "{} combinations (seed {})\n",
        interop::release_of(line), counts.operations, counts.lives, counts.combinations, options.seed);
  } else {
    fmt::print("Kafka {} and the model differ after {} operations (seed {}). {} requests are enough:\n\n",
               interop::release_of(line), counts.operations, options.seed, result.difference->life.size());
    for (const std::string& request : result.difference->life) fmt::print("    {}\n", request);
    print_difference(result.difference->what);
  }
  fmt::print(stderr, "{:.0f} operations per second\n",
             static_cast<double>(counts.operations + counts.combinations) / seconds);
  return result.difference ? ExitCode::violated : ExitCode::held;
}

}  // namespace sharelock::cli
