// Fuzzing a scenario: chance picks the steps of its world, case after case.
#pragma once

#include "checker/fuzz/fuzzer.h"
#include "cli/run_scenario.h"
#include "reports/fuzz_result.h"

namespace sharelock::cli {

struct FuzzRequest {
  RunRequest run;  ///< Its seed is that of the cases.
  fuzz::Options options;
};

/// What fuzzing brought.
struct Fuzzed {
  FuzzResult result;
  Plan plan;                  ///< Of the violation, shortened; empty if there is none.
  std::vector<Plan> corpus;   ///< What is worth keeping, the shortest first.
  double seconds = 0;         ///< Of wall-clock time, without shortening.
  double shrink_seconds = 0;  ///< For shortening and telling.
};

/// Plays cases within the bounds of the scenario, each until it has healed and settled, to the first violation; that is
/// shortened and told. The result does not depend on the number of threads.
Fuzzed fuzz_scenario(const Scenario& scenario, const FuzzRequest& request);

/// What never happened, of what can: kinds of steps, and the faults that the bounds allow.
std::vector<std::string> never_taken(const fuzz::Outcome& outcome, const WorldSettings& world);

}  // namespace sharelock::cli
