#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/conform.h"
#include "interop/compare/live_replay.h"
#include "interop/oracle/oracle_process.h"
#include "interop/trace/replay.h"

namespace sharelock::cli {
namespace {

using interop::ReplayCounts;
using interop::TraceDifference;

nlohmann::ordered_json to_json(const TraceDifference& difference) {
  return {{"file", difference.file},
          {"line", difference.line},
          {"trace", difference.trace},
          {"path", difference.what.path},
          {"expected", value_of(difference.what.expected)},
          {"actual", value_of(difference.what.actual)}};
}

void print_text(const TraceDifference& difference) {
  constexpr std::size_t shown = 300;
  const auto cut = [](const std::string& text) { return text.size() <= shown ? text : text.substr(0, shown) + " ..."; };
  fmt::print("{}:{}: trace {} differs\n", difference.file, difference.line, difference.trace);
  fmt::print("    operation  {}\n    path       {}\n    expected   {}\n    actual     {}\n", cut(difference.request),
             difference.what.path, cut(difference.what.expected), cut(difference.what.actual));
}

}  // namespace

nlohmann::ordered_json value_of(const std::string& text) {
  auto value = nlohmann::ordered_json::parse(text, nullptr, false);
  return value.is_discarded() ? nlohmann::ordered_json(text) : value;
}

ExitCode conform_traces(const ConformOptions& options) {
  constexpr std::uint64_t shown_max = 10;
  std::optional<TraceDifference> first;
  std::uint64_t seen = 0;
  const auto on_difference = [&](const TraceDifference& difference) {
    if (!first) first = difference;
    if (!options.json && ++seen <= shown_max) print_text(difference);
  };
  ReplayCounts counts;
  if (const auto line = interop::line_named(options.against)) {
    interop::OracleProcess oracle{*line};
    interop::LiveReplay replay{*line, options.profile_for(*line), oracle, on_difference};
    for (const std::string& file : options.traces) replay.file(file);
    counts = replay.counts();
  } else {
    interop::Replay replay{[&](interop::KafkaLine of) { return options.profile_for(of); }, on_difference};
    for (const std::string& file : options.traces) replay.file(file);
    counts = replay.counts();
  }

  if (options.json) {
    const nlohmann::ordered_json summary{{"traces", counts.traces},
                                         {"operations", counts.operations},
                                         {"differences", counts.differences},
                                         {"first_difference", first ? to_json(*first) : nlohmann::ordered_json{}}};
    fmt::print("{}\n", summary.dump());
  } else if (counts.differences == 0) {
    fmt::print("{} traces, {} operations: no difference\n", counts.traces, counts.operations);
  } else {
    fmt::print("{} traces, {} operations compared: {} traces differ\n", counts.traces, counts.operations,
               counts.differences);
  }
  return counts.differences == 0 ? ExitCode::held : ExitCode::violated;
}

}  // namespace sharelock::cli
