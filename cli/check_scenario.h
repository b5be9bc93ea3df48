// Checking a scenario: everything that can happen in its world, in rounds that grow.
#pragma once

#include "checker/explore/verdict.h"
#include "cli/run_scenario.h"
#include "reports/check_result.h"

namespace sharelock::cli {

struct CheckRequest {
  RunRequest run;                 ///< Its seed is of no use.
  explore::SearchOptions search;  ///< But for symmetry.
  std::optional<bool> symmetry;   ///< Empty: where it pays.
};

/// Searches the world of a scenario within its bounds: with no fault, then one, and so on, each with one record, then
/// two, and so on, so that short stories come first. A round is begun when the one before is complete. What breaks a
/// claim is shortened and told; `plan` then gets it.
/// @throws InputError  if there are more members than a search can name.
CheckResult check_scenario(const Scenario& scenario, const CheckRequest& request, Plan& plan);

}  // namespace sharelock::cli
