#include "cli/conform_part.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/input_error.h"
#include "base/status_line.h"
#include "base/write_file.h"
#include "interop/coordination/live_part.h"
#include "interop/coordination/model_answers.h"
#include "interop/oracle/oracle_process.h"

namespace sharelock::cli {
namespace {

using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t default_operations = 100'000;

/// Writes the difference as a recorded trace, with the answers of the real classes: `--traces` plays it again.
void save(const std::string& path, const interop::Life& life, interop::Answerer& kafka) {
  std::string lines;
  for (const std::string& request : life) lines += request + '\n';
  kafka.send(lines);
  const bool stand_alone = life.front().find(".new\"") == std::string::npos && !interop::is_broker_life(life);
  std::string steps;
  for (const std::string& request : life) {
    if (!steps.empty()) steps += stand_alone ? '\n' : ',';
    steps += fmt::format(R"({{"q":{},"a":{}}})", request, kafka.receive());
  }
  write_file(path, (stand_alone ? steps : R"({"steps":[)" + steps + "]}") + "\n");
}

class PartCampaign {
 public:
  explicit PartCampaign(const ConformOptions& options)
      : options_{options},
        part_{*interop::part_named(options.part)},
        line_{*interop::line_named(options.against)},
        profile_{options.profile_for(line_)},
        duration_{options.duration.empty() ? std::chrono::seconds{0} : parse_duration(options.duration)},
        kafka_{line_, part_.oracle} {}

  ExitCode run() {
    await_kafka();
    const auto begun = Clock::now();
    const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
    {
      StatusLine status;
      result_ = interop::compare_part(
          kafka_, part_, profile_, options_.seed,
          [&](std::uint64_t drawn) {
            if (duration_.count() > 0) return Clock::now() - begun < duration_;
            return drawn < (options_.operations > 0 ? options_.operations : default_operations);
          },
          [&](const interop::PartCounts& counts) {
            status.show(fmt::format("{} operations in {} lives equal, {:.0f} per second", counts.operations,
                                    counts.lives, static_cast<double>(counts.operations) / seconds()));
          });
    }
    per_second_ = static_cast<double>(result_.counts.operations) / std::max(seconds(), 1e-3);
    if (result_.difference && !options_.save.empty()) save(options_.save, result_.difference->life, kafka_);
    options_.json ? print_json() : print_text();
    return result_.difference ? ExitCode::violated : ExitCode::held;
  }

 private:
  /// Its start takes seconds, which are not those of --for.
  void await_kafka() {
    kafka_.send("{\"op\":\"version\"}\n");
    kafka_.receive();
  }
  bool possible(const interop::PartSituation& situation) const { return situation.since <= line_; }
  std::string reference_name() const { return fmt::format("Kafka {}", interop::release_of(line_)); }

  void print_text() const;
  void print_counts() const;
  void print_json() const;

  const ConformOptions& options_;
  const interop::Part& part_;
  interop::KafkaLine line_;
  Profile profile_;
  std::chrono::seconds duration_;
  interop::OracleProcess kafka_;
  interop::PartComparison result_;
  double per_second_ = 0;
};

void PartCampaign::print_text() const {
  const interop::PartCounts& counts = result_.counts;
  print_counts();
  if (!result_.difference) {
    fmt::print("{} and the model gave the same answers to {} operations in {} lives ({}; {:.0f} per second, seed {})\n",
               reference_name(), counts.operations, counts.lives, part_.lives, per_second_, options_.seed);
    return;
  }
  const auto& [life, what] = *result_.difference;
  fmt::print("{} and the model differ after {} operations (seed {}). Enough are {} requests:\n\n", reference_name(),
             counts.operations, options_.seed, life.size());
  for (const std::string& request : life) fmt::print("    {}\n", request);
  fmt::print("    path       {}\n    expected   {}\n    actual     {}\n", what.path, what.expected, what.actual);
  if (options_.save.empty()) return;
  fmt::print("Play it again:  sharelock conform --traces {} --profile {}{}\n", options_.save,
             options_.profile.empty() ? options_.against : options_.profile, options_.switch_arguments());
}

void PartCampaign::print_counts() const {
  const interop::PartCounts& counts = result_.counts;
  fmt::print("operations\n");
  for (const auto& [name, count] : counts.per_operation) fmt::print("  {:>12}  {}\n", count, name);
  fmt::print("errors\n");
  for (const auto& [name, count] : counts.per_error) fmt::print("  {:>12}  {}\n", count, name);
  fmt::print("situations\n");
  std::string never;
  for (std::size_t i = 0; i < part_.situations.size(); ++i) {
    const interop::PartSituation& situation = part_.situations[i];
    if (counts.situations[i] > 0)
      fmt::print("  {:>12}  {} ({})\n", counts.situations[i], situation.name, situation.rules);
    else if (possible(situation))
      never += fmt::format("  {} ({})\n", situation.name, situation.rules);
  }
  if (!never.empty()) fmt::print("never happened\n{}", never);
}

void PartCampaign::print_json() const {
  const interop::PartCounts& counts = result_.counts;
  ordered_json summary{{"against", interop::release_of(line_)},
                       {"part", part_.name},
                       {"seed", options_.seed},
                       {"lives", counts.lives},
                       {"operations", counts.operations},
                       {"differences", result_.difference ? 1 : 0},
                       {"first_difference", nullptr},
                       {"operations_per_second", static_cast<std::uint64_t>(per_second_)},
                       {"per_operation", counts.per_operation},
                       {"errors", counts.per_error},
                       {"situations", ordered_json::object()},
                       {"never", ordered_json::array()}};
  if (const auto& difference = result_.difference)
    summary["first_difference"] = {{"path", difference->what.path},
                                   {"expected", value_of(difference->what.expected)},
                                   {"actual", value_of(difference->what.actual)},
                                   {"requests", difference->life}};
  for (std::size_t i = 0; i < part_.situations.size(); ++i) {
    const interop::PartSituation& situation = part_.situations[i];
    summary["situations"][std::string{situation.name}] = counts.situations[i];
    if (counts.situations[i] == 0 && possible(situation)) summary["never"].push_back(situation.name);
  }
  fmt::print("{}\n", summary.dump());
}

}  // namespace

ExitCode conform_part(const ConformOptions& options) {
  return PartCampaign{options}.run();
}

}  // namespace sharelock::cli
