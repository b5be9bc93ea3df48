#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "checker/claims/all_claims.h"
#include "checker/situations.h"
#include "cli/verbs.h"
#include "model/profile/profile.h"
#include "reports/report.h"
#include "reports/result_schema.h"
#include "reports/words.h"
#include "scenarios/scenario_reader.h"
#include "scenarios/schema.h"
#include "sim/fault.h"

namespace sharelock::cli {
namespace {

void list_switches() {
  fmt::print("{:<30} {:<6} {:<6} {:<6} {}\n", "switch", "4.2", "4.3", "4.4", "ideal");
  for (const SwitchInfo& info : all_switches()) {
    std::string line = fmt::format("{:<30}", info.name);
    for (const std::uint8_t value : info.per_profile) line += fmt::format(" {:<6}", info.values[value]);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n{}", line, wrapped(fmt::format("{} ({})", info.sentence, info.rules), 4));
  }
}

void list_claims() {
  for (const ClaimInfo& claim : all_claims()) fmt::print("{}", listed(claim.id, 8, claim.sentence));
}

void list_faults() {
  for (const Fault* fault : all_faults()) fmt::print("{}", listed(fault->name, 26, fault->sentence));
}

void list_situations() {
  for (const Situation& situation : all_situations()) fmt::print("{}", listed(situation.name, 26, situation.sentence));
}

/// Those in the folder `scenarios` of where we are, by name of file.
void list_scenarios() {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{"scenarios", error})
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::ranges::sort(files);
  for (const std::string& file : files) {
    const Scenario scenario = read_scenario(file, Profile{ProfileName::v4_4}, {all_claim_ids(), all_situation_names()});
    fmt::print("{}\n{}", file, wrapped(scenario.why.substr(0, scenario.why.find(". ")), 4));
  }
  if (files.empty()) fmt::print("there is no folder 'scenarios' with *.yaml files here\n");
}

}  // namespace

const Verb list_verb{
    .name = "list",
    .sentence = "show scenarios, claims, situations, faults or switches",
    .declare = [](CLI::App& app) -> std::function<ExitCode()> {
      const auto what = std::make_shared<std::string>();
      app.add_option(
             "WHAT", *what,
             "scenarios, claims, situations, faults, switches, schema (of scenario files), result-schema (of JSON), "
             "or report-schema (of reports in JSON)")
          ->required()
          ->check(CLI::IsMember(
              {"scenarios", "claims", "situations", "faults", "switches", "schema", "result-schema", "report-schema"}));
      return [what] {
        if (*what == "scenarios") list_scenarios();
        if (*what == "claims") list_claims();
        if (*what == "situations") list_situations();
        if (*what == "faults") list_faults();
        if (*what == "switches") list_switches();
        if (*what == "schema") fmt::print("{}", scenario_schema());
        if (*what == "result-schema") fmt::print("{}", result_schema());
        if (*what == "report-schema") fmt::print("{}", report_schema());
        return ExitCode::held;
      };
    },
};

}  // namespace sharelock::cli
