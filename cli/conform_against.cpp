#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/input_error.h"
#include "base/write_file.h"
#include "cli/conform.h"
#include "interop/compare/live_comparison.h"
#include "interop/compare/shrink.h"
#include "interop/compare/story.h"
#include "interop/oracle/oracle_process.h"

namespace sharelock::cli {
namespace {

using interop::ComparisonCounts;
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t default_operations = 100'000;

/// One line that is written over and over, for a person who waits.
class ProgressLine {
 public:
  explicit ProgressLine(Clock::time_point begun) : begun_{begun}, visible_{isatty(STDERR_FILENO) == 1} {}
  ~ProgressLine() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const ComparisonCounts& counts) {
    const auto now = Clock::now();
    if (!visible_ || now - last_ < std::chrono::milliseconds{500}) return;
    last_ = now;
    shown_ = true;
    const double seconds = std::chrono::duration<double>(now - begun_).count();
    fmt::print(stderr, "\r\033[K{} operations in {} runs equal, {:.0f} per second", counts.operations, counts.runs,
               static_cast<double>(counts.operations) / seconds);
    std::fflush(stderr);
  }

 private:
  Clock::time_point begun_;
  Clock::time_point last_{};
  bool visible_;
  bool shown_ = false;
};

/// What was found and made of it.
struct Finding {
  interop::DifferingRun run;
  std::size_t attempts = 0;
  std::vector<interop::Request> operations;
  interop::PairAnswers answers;
  std::string file;
};

class Campaign {
 public:
  explicit Campaign(const ConformOptions& options)
      : options_{options},
        line_{*interop::line_named(options.against)},
        profile_{options.profile_for(line_)},
        duration_{options.duration.empty() ? std::chrono::seconds{0} : parse_duration(options.duration)},
        oracle_{line_},
        comparison_{line_, profile_, options.seed, oracle_, names_} {}

  ExitCode run() {
    const auto begun = Clock::now();
    const std::uint64_t wanted = options_.operations > 0 ? options_.operations : default_operations;
    std::optional<interop::DifferingRun> different;
    {
      ProgressLine progress{begun};
      different = comparison_.compare(
          [&](std::uint64_t generated) {
            return duration_.count() > 0 ? Clock::now() - begun < duration_ : generated < wanted;
          },
          [&](const ComparisonCounts& counts) { progress.show(counts); });
    }
    seconds_ = std::chrono::duration<double>(Clock::now() - begun).count();
    std::optional<Finding> finding;
    if (different) finding = shrink(std::move(*different));
    options_.json ? print_json(finding) : print_text(finding);
    return finding ? ExitCode::violated : ExitCode::held;
  }

 private:
  Finding shrink(interop::DifferingRun run);
  void print_text(const std::optional<Finding>& finding) const;
  void print_counts() const;
  void print_json(const std::optional<Finding>& finding) const;
  std::string reference_name() const { return fmt::format("Kafka {}", interop::release_of(line_)); }

  const ConformOptions& options_;
  interop::KafkaLine line_;
  Profile profile_;
  std::chrono::seconds duration_;
  interop::NameTable names_;
  interop::OracleProcess oracle_;
  interop::LiveComparison comparison_;
  double seconds_ = 0;
};

Finding Campaign::shrink(interop::DifferingRun run) {
  interop::RunPair pair{line_, profile_, oracle_, names_};
  const interop::FindDifference find = [&](std::span<const interop::Request> operations) -> std::optional<std::size_t> {
    const auto answers = pair.run(operations);
    if (!answers.difference) return std::nullopt;
    return answers.difference->index;
  };
  Finding finding{std::move(run), 0, {}, {}, options_.save};
  interop::Shrunk shrunk = interop::shrink(finding.run.operations, find);
  finding.attempts = shrunk.attempts;
  const std::string name = fmt::format("{}-seed{}-run{}", interop::name_of(line_), options_.seed, finding.run.run);
  finding.operations = interop::with_states(shrunk.operations, name);
  finding.answers = pair.run(finding.operations);
  if (finding.file.empty()) finding.file = fmt::format("conform-{}.jsonl", name);
  write_file(finding.file, interop::as_trace(finding.operations, finding.answers, names_));
  return finding;
}

void Campaign::print_text(const std::optional<Finding>& finding) const {
  print_counts();
  const ComparisonCounts& counts = comparison_.counts();
  if (!finding) {
    fmt::print("{} and the model gave the same answers to {} operations in {} runs ({:.0f} per second, seed {})\n",
               reference_name(), counts.operations, counts.runs, static_cast<double>(counts.operations) / seconds_,
               options_.seed);
    return;
  }
  fmt::print("{} and the model differ. Run {} (theme {}, seed {}), {} of its {} operations are enough:\n\n",
             reference_name(), finding->run.run, finding->run.theme, options_.seed, finding->operations.size(),
             finding->run.operations.size());
  fmt::print("{}\n", interop::tell(finding->operations, finding->answers, names_, reference_name()));
  fmt::print("Play it again:  sharelock conform --traces {}{}{}\n", finding->file,
             options_.profile.empty() ? "" : " --profile " + options_.profile, options_.switch_arguments());
}

void Campaign::print_counts() const {
  const ComparisonCounts& counts = comparison_.counts();
  fmt::print("operations\n");
  const auto names = interop::all_operation_names();
  for (std::size_t i = 0; i < names.size(); ++i) fmt::print("  {:>12}  {}\n", counts.per_operation[i], names[i]);
  fmt::print("  {:>12}  refused: not possible at that moment\n", counts.refused);
  fmt::print("errors\n");
  for (const auto& [code, count] : counts.per_error)
    fmt::print("  {:>12}  {}\n", count, name_of(static_cast<KafkaError>(code)));
  fmt::print("  {:>12}  of them thrown\nthemes\n", counts.aborted);
  for (std::size_t i = 0; i < interop::all_themes().size(); ++i)
    fmt::print("  {:>12}  {}: {}\n", counts.runs_per_theme[i], interop::all_themes()[i].name,
               interop::all_themes()[i].sentence);
  fmt::print("situations\n");
  std::string never;
  for (const auto& situation : interop::all_situations()) {
    const std::uint64_t count = counts.situations[situation.id];
    if (count == 0 && situation.since <= line_) never += fmt::format("  {} ({})\n", situation.name, situation.rules);
    if (count > 0) fmt::print("  {:>12}  {} ({})\n", count, situation.name, situation.rules);
  }
  if (!never.empty()) fmt::print("never happened\n{}", never);
}

void Campaign::print_json(const std::optional<Finding>& finding) const {
  const ComparisonCounts& counts = comparison_.counts();
  ordered_json summary{{"against", interop::release_of(line_)},
                       {"seed", options_.seed},
                       {"runs", counts.runs},
                       {"operations", counts.operations},
                       {"differences", finding ? 1 : 0},
                       {"first_difference", nullptr},
                       {"operations_per_second",
                        static_cast<std::uint64_t>(static_cast<double>(counts.operations) / std::max(seconds_, 1e-3))}};
  if (finding) {
    const auto& what = finding->answers.difference->what;
    summary["first_difference"] = {{"file", finding->file},
                                   {"run", finding->run.run},
                                   {"theme", finding->run.theme},
                                   {"operations", finding->operations.size()},
                                   {"generated", finding->run.operations.size()},
                                   {"path", what.path},
                                   {"expected", value_of(what.expected)},
                                   {"actual", value_of(what.actual)}};
  }
  const auto names = interop::all_operation_names();
  for (std::size_t i = 0; i < names.size(); ++i)
    summary["per_operation"][std::string{names[i]}] = counts.per_operation[i];
  summary["errors"] = ordered_json::object();
  for (const auto& [code, count] : counts.per_error)
    summary["errors"][std::string{name_of(static_cast<KafkaError>(code))}] = count;
  summary["never"] = ordered_json::array();
  for (const auto& situation : interop::all_situations()) {
    summary["situations"][std::string{situation.name}] = counts.situations[situation.id];
    if (counts.situations[situation.id] == 0 && situation.since <= line_) summary["never"].push_back(situation.name);
  }
  fmt::print("{}\n", summary.dump());
}

}  // namespace

ExitCode conform_against(const ConformOptions& options) {
  return Campaign{options}.run();
}

}  // namespace sharelock::cli
