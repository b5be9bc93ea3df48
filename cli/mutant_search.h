// Looks for one defect in several worlds at once, in two ways: by exhaustive search and by fuzzing.
#pragma once

#include <string>
#include <vector>

#include "cli/check_scenario.h"
#include "cli/fuzz_scenario.h"
#include "reports/mutants_result.h"

namespace sharelock::cli {

/// A world to look in: a scenario on the profile with the defect, and how it was read.
struct MutantWorld {
  RunRequest request;
  Scenario scenario;
};

/// How long, and with how many threads.
struct MutantBudget {
  TimeMs for_ms = 60'000;
  unsigned jobs = 1;
};

/// Searches all worlds round by round, always the one that was searched least so far. `checked`, if not null, gets
/// what was searched in each world.
MutantSearch check_mutant(const std::vector<MutantWorld>& worlds, const MutantBudget& budget,
                          std::vector<CheckResult>* checked = nullptr);

/// Fuzzes all worlds, a generation in each by turns. `outcomes`, if not null, gets what was played in each world.
MutantSearch fuzz_mutant(const std::vector<MutantWorld>& worlds, const MutantBudget& budget,
                         std::vector<fuzz::Outcome>* outcomes = nullptr);

}  // namespace sharelock::cli
