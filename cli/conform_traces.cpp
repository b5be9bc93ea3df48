#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/line_source.h"
#include "cli/conform.h"
#include "interop/broker/broker_traces.h"
#include "interop/compare/live_replay.h"
#include "interop/coordination/coordination_traces.h"
#include "interop/oracle/oracle_process.h"
#include "interop/trace/replay.h"

namespace sharelock::cli {
namespace {

using interop::CoordinationTraceDifference;
using interop::TraceDifference;

nlohmann::ordered_json to_json(const TraceDifference& difference) {
  return {{"file", difference.file},
          {"line", difference.line},
          {"trace", difference.trace},
          {"path", difference.what.path},
          {"expected", value_of(difference.what.expected)},
          {"actual", value_of(difference.what.actual)}};
}

nlohmann::ordered_json to_json(const CoordinationTraceDifference& difference) {
  return {{"file", difference.file},
          {"line", difference.line},
          {"step", difference.step},
          {"path", difference.what.path},
          {"expected", value_of(difference.what.expected)},
          {"actual", value_of(difference.what.actual)}};
}

std::string title(const TraceDifference& difference) {
  return fmt::format("{}:{}: trace {} differs", difference.file, difference.line, difference.trace);
}

std::string title(const CoordinationTraceDifference& difference) {
  return fmt::format("{}:{}: request {} differs", difference.file, difference.line, difference.step);
}

void print_text(const auto& difference) {
  constexpr std::size_t shown = 300;
  const auto cut = [](const std::string& text) { return text.size() <= shown ? text : text.substr(0, shown) + " ..."; };
  fmt::print("{}\n    operation  {}\n    path       {}\n    expected   {}\n    actual     {}\n", title(difference),
             cut(difference.request), difference.what.path, cut(difference.what.expected), cut(difference.what.actual));
}

/// Replays files of any kind; each says itself what it holds.
class TraceFiles {
 public:
  explicit TraceFiles(const ConformOptions& options)
      : options_{options}, against_{interop::line_named(options.against)} {}

  void replay(const std::string& path) {
    LineSource lines{path};
    std::string_view first;
    const bool is_empty = !lines.next(first);
    const bool of_broker = !is_empty && interop::is_broker_trace(first);
    const bool of_coordination = !is_empty && interop::coordination_kind_of(first);
    if (!is_empty) lines.again();
    if (of_broker)
      replay_broker(lines);
    else if (of_coordination)
      replay_coordination(lines);
    else
      replay_partition(lines);
  }

  ExitCode conclude() const;

 private:
  /// Shows the first ones as they come, and remembers the first.
  auto on_difference() {
    return [this](const auto& difference) {
      constexpr std::uint64_t shown_max = 10;
      if (first_.is_null()) first_ = to_json(difference);
      if (!options_.json && ++seen_ <= shown_max) print_text(difference);
    };
  }

  void replay_partition(LineSource& lines) {
    if (against_) {
      interop::OracleProcess oracle{*against_};
      interop::LiveReplay replay{*against_, options_.profile_for(*against_), oracle, on_difference()};
      replay.file(lines);
      add(replay.counts());
    } else {
      interop::Replay replay{[&](interop::KafkaLine of) { return options_.profile_for(of); }, on_difference()};
      replay.file(lines);
      add(replay.counts());
    }
  }

  void replay_coordination(LineSource& lines) {
    std::optional<Profile> profile;
    const auto named = interop::release_in_file_name(lines.name());
    if (against_)
      profile = options_.profile_for(*against_);
    else if (named || !options_.profile.empty())
      profile = options_.profile_for(*interop::line_named(name_of(named.value_or(ProfileName::v4_4))));
    std::optional<interop::OracleProcess> kafka;
    if (against_) kafka.emplace(*against_, "coordination");
    add(interop::replay_coordination_traces(lines, profile, kafka ? &*kafka : nullptr, on_difference()));
  }

  void replay_broker(LineSource& lines) {
    std::optional<interop::OracleProcess> kafka;
    if (against_) kafka.emplace(*against_, "broker");
    add(interop::replay_broker_traces(
        lines, [&](interop::KafkaLine of) { return options_.profile_for(of); }, kafka ? &*kafka : nullptr, against_,
        on_difference()));
  }

  void add(const auto& counts) {
    sum_.traces += counts.traces;
    sum_.operations += counts.operations;
    sum_.differences += counts.differences;
  }

  const ConformOptions& options_;
  std::optional<interop::KafkaLine> against_;
  interop::ReplayCounts sum_;
  nlohmann::ordered_json first_;
  std::uint64_t seen_ = 0;
};

ExitCode TraceFiles::conclude() const {
  if (options_.json) {
    const nlohmann::ordered_json summary{{"traces", sum_.traces},
                                         {"operations", sum_.operations},
                                         {"differences", sum_.differences},
                                         {"first_difference", first_}};
    fmt::print("{}\n", summary.dump());
  } else if (sum_.differences == 0) {
    fmt::print("{} traces, {} operations: no difference\n", sum_.traces, sum_.operations);
  } else {
    fmt::print("{} traces, {} operations compared: {} traces differ\n", sum_.traces, sum_.operations, sum_.differences);
  }
  return sum_.differences == 0 ? ExitCode::held : ExitCode::violated;
}

}  // namespace

nlohmann::ordered_json value_of(const std::string& text) {
  auto value = nlohmann::ordered_json::parse(text, nullptr, false);
  return value.is_discarded() ? nlohmann::ordered_json(text) : value;
}

ExitCode conform_traces(const ConformOptions& options) {
  TraceFiles files{options};
  for (const std::string& path : options.traces) files.replay(path);
  return files.conclude();
}

}  // namespace sharelock::cli
