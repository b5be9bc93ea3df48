#include "cli/conform.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>

#include "base/input_error.h"
#include "cli/conform_part.h"
#include "cli/verbs.h"
#include "interop/coordination/part.h"
#include "interop/oracle/oracle_process.h"

namespace sharelock::cli {
namespace {

ExitCode run(const ConformOptions& options) {
  // What is wrong with the command line is said before a long comparison begins.
  for (const auto line : interop::all_lines) options.profile_for(line);
  if (!options.against.empty() && !interop::line_named(options.against)) {
    std::vector<std::string_view> known;
    for (const auto line : interop::all_lines) known.push_back(interop::name_of(line));
    throw InputError{
        {}, fmt::format("--against {}: no such line of Kafka", options.against), suggest(options.against, known)};
  }
  try {
    if (!options.traces.empty()) return conform_traces(options);
    if (!options.against.empty()) return options.part == "partition" ? conform_against(options) : conform_part(options);
  } catch (const interop::OracleMissing& missing) {
    fmt::print(stderr, "sharelock: {}\n", missing.what());
    return ExitCode::tool_missing;
  }
  throw InputError{{}, "conform needs something to compare with", "--traces FILE... or --against 4.4"};
}

std::function<ExitCode()> declare(CLI::App& app) {
  const auto options = std::make_shared<ConformOptions>();
  const auto format = std::make_shared<std::string>("text");
  app.add_option("--traces", options->traces, "recorded traces to replay; plain, gzip or zstd; - is standard input")
      ->type_name("FILE");
  auto* against = app.add_option("--against", options->against, "run the real class of that line beside the model")
                      ->type_name("4.2|4.3|4.4");
  std::vector<std::string> parts{"partition"};
  for (const interop::Part& part : interop::all_parts()) parts.emplace_back(part.name);
  app.add_option("--part", options->part,
                 "which part: the share partition, or one of the coordination side (partition)")
      ->check(CLI::IsMember(parts))
      ->type_name(fmt::format("{}", fmt::join(parts, "|")))
      ->needs(against);
  auto* operations = app.add_option("--operations", options->operations, "how many random operations (100000)")
                         ->check(CLI::PositiveNumber)
                         ->needs(against);
  app.add_option("--for", options->duration, "how long to go on instead, as in 60s, 5m, 2h")
      ->type_name("TIME")
      ->needs(against)
      ->excludes(operations);
  app.add_option("--seed", options->seed, "what chance begins with (1)")->needs(against);
  app.add_option("--save", options->save, "where a difference is written as a trace")
      ->type_name("FILE")
      ->needs(against);
  app.add_option("--profile", options->profile, "the switches of the model, if not those of the compared line")
      ->type_name("4.2|4.3|4.4|ideal");
  app.add_option("--set", options->switches, "flip one switch of the model; may be repeated")
      ->type_name("SWITCH=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--format", *format, "text, or json: one object on the last line")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
  return [options, format] {
    options->json = *format == "json";
    return run(*options);
  };
}

}  // namespace

Profile ConformOptions::profile_for(interop::KafkaLine line) const {
  const std::string_view wanted = profile.empty() ? interop::name_of(line) : std::string_view{profile};
  const auto name = profile_named(wanted);
  if (!name)
    throw InputError{{}, fmt::format("there is no profile '{}'", wanted), suggest(wanted, all_profile_names())};
  Profile made{*name};
  for (const std::string& assignment : switches)
    if (std::string trouble = set_switch(made, assignment); !trouble.empty())
      throw InputError{{}, fmt::format("--set {}: {}", assignment, trouble), "sharelock list switches"};
  return made;
}

std::string ConformOptions::switch_arguments() const {
  std::string text;
  for (const std::string& assignment : switches) text += " --set " + assignment;
  return text;
}

std::chrono::seconds parse_duration(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit{end, text.data() + text.size()};
  const std::int64_t unit_s = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  constexpr std::int64_t longest_s = 1'000'000'000;
  if (error != std::errc{} || unit_s == 0 || number <= 0 || number > longest_s / unit_s)
    throw InputError{{}, fmt::format("--for {}: no duration", text), "60s, 5m or 2h"};
  return std::chrono::seconds{number * unit_s};
}

const Verb conform_verb{
    .name = "conform",
    .sentence = "show that the model is Kafka: against recorded traces, or live against the real class",
    .declare = declare,
};

}  // namespace sharelock::cli
