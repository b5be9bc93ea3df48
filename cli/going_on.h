// Going on after a violation: what causes it is set as in `ideal`, and the rest is searched for more.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/run_scenario.h"

namespace sharelock::cli {

/// The violations that were found so far, each with the switches that were set for it.
class GoingOn {
 public:
  /// Where the plan of the next violation goes: PATH for the first one; then PATH with -2, -3 before its extension.
  std::string plan_path(const std::string& path) const;

  /// Notes the violation of `story` and sets in `request`, as `ideal` has them, the switches of the smallest set whose
  /// repair lets its plan pass. False: no such set is known, so that nothing else would be found.
  bool repair(const RunResult& story, RunRequest& request);

  /// The violations in order, one line each, as a list of the report; empty if there are none.
  std::string text() const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> found_;  ///< Claim, and the names of switches.
};

/// Prints the command that goes on after a violation, as the last line of a report.
void tell_how_to_go_on(std::string_view verb, const RunRequest& request);

}  // namespace sharelock::cli
