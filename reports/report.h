// An invariant report: what was judged, how thoroughly, and the verdict on each claim. The same for every verb that
// judges, and for every format that it is written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/campaign_result.h"
#include "reports/check_result.h"
#include "reports/fuzz_result.h"
#include "reports/mutants_result.h"
#include "reports/run_result.h"

namespace sharelock {

/// The version of the JSON form. It rises when a key changes its meaning or goes away.
inline constexpr int report_version = 1;

/// A claim as it is judged: its id and its sentence.
struct ClaimJudged {
  std::string id;
  std::string sentence;
};

/// The verdict on one claim (of `mutants` also: on one mutant).
struct ReportCase {
  enum class Verdict : std::uint8_t { held, violated, expected, never_seen } verdict = Verdict::held;
  std::string name;
  std::string sentence;
  std::string what;  ///< How it is broken, or why it is not found; empty: it held.
};

/// Everything about one scenario.
struct ReportSection {
  std::string scenario;
  std::string verdict;                                            ///< `held`, `violated`, `never seen` or `truncated`.
  std::vector<std::pair<std::string, std::string>> judged;        ///< Profile, switches, bounds or seeds.
  std::vector<std::pair<std::string, std::string>> thoroughness;  ///< States, cases, simulated time, ...
  std::vector<std::string> seen;                                  ///< Abilities and situations.
  std::vector<std::string> never_seen;
  std::vector<ReportCase> cases;
  std::vector<RunResult> stories;
  double seconds = 0;  ///< Wall-clock time, where it is known.
  std::string again;   ///< The command that does it again.
};

struct Report {
  std::string verb;
  std::string program;  ///< `sharelock 0.1.0`
  std::vector<ReportSection> sections;

  bool violated() const;
};

ReportSection section_of(const RunResult& result, const std::vector<ClaimJudged>& claims);
ReportSection section_of(const CampaignResult& result, const std::vector<ClaimJudged>& claims);
ReportSection section_of(const CheckResult& result, const std::vector<ClaimJudged>& claims);
ReportSection section_of(const FuzzResult& result, const std::vector<ClaimJudged>& claims);
/// One for the mutants, and one for each scenario on `ideal` without a mutant.
std::vector<ReportSection> sections_of(const MutantsResult& result, const std::vector<ClaimJudged>& claims);

/// What each verdict is called.
std::string_view name_of(ReportCase::Verdict verdict);

/// A way to write a report. A new one is a file of its own and a line in report_formats.cpp.
struct ReportFormat {
  std::string_view extension;  ///< Of the file, with its dot.
  std::string (*write)(const Report& report);
};

/// The format of a file of that name.
/// @throws InputError  if its extension is none that is known.
const ReportFormat& report_format_of(const std::string& path);

std::string report_as_text(const Report& report);
std::string report_as_markdown(const Report& report);
std::string report_as_json(const Report& report);
std::string report_as_junit(const Report& report);

/// A JSON Schema (draft 07) of `report_as_json`, with a newline at the end.
std::string_view report_schema();

}  // namespace sharelock
