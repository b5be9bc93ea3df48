// --report FILE: what was judged, how thoroughly, and with which verdict, for others to read.
#pragma once

#include <string>
#include <vector>

#include "reports/report.h"

namespace CLI {
class App;
}

namespace sharelock::cli {

/// The claims, as reports name them.
std::vector<ClaimJudged> claims_judged();

/// Collects what a verb found, and writes it.
class ReportFile {
 public:
  explicit ReportFile(std::string verb) : verb_{std::move(verb)} {}

  /// Adds --report.
  void declare(CLI::App& app);
  /// @throws InputError  if the name does not say how it is to be written. To be called before anything takes long.
  void check_name() const;

  /// Adds what was found of one scenario; of mutants, all sections.
  template <class Result>
  void add(const Result& result) {
    sections_.push_back(section_of(result, claims_judged()));
  }
  void add(const MutantsResult& result) { sections_ = sections_of(result, claims_judged()); }

  /// Writes the report, if one is wanted.
  /// @throws OutputError
  void write() const;

 private:
  std::string verb_;
  std::string path_;
  std::vector<ReportSection> sections_;
};

}  // namespace sharelock::cli
