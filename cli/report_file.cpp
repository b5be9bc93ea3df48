#include "cli/report_file.h"

#include <CLI/CLI.hpp>

#include "base/write_file.h"
#include "checker/claims/all_claims.h"
#include "cli/version.h"

namespace sharelock::cli {

std::vector<ClaimJudged> claims_judged() {
  std::vector<ClaimJudged> claims;
  for (const ClaimInfo& claim : all_claims()) claims.push_back({std::string{claim.id}, std::string{claim.sentence}});
  return claims;
}

void ReportFile::declare(CLI::App& app) {
  app.add_option("--report", path_, "write a report, by extension: .txt, .md, .json, or .xml (JUnit)");
}

void ReportFile::check_name() const {
  if (!path_.empty()) report_format_of(path_);
}

void ReportFile::write() const {
  if (path_.empty()) return;
  write_file(path_, report_format_of(path_).write({verb_, version(), sections_}));
}

}  // namespace sharelock::cli
