// One run of one scenario: the simulator drives, the claims judge, and what is worth telling is kept.
#pragma once

#include <string>
#include <vector>

#include "reports/run_result.h"
#include "sim/simulation.h"

namespace sharelock::cli {

/// How a scenario is to be run; what the command to repeat it has to say.
struct RunRequest {
  std::string file;
  std::string profile = "4.4";
  std::vector<std::string> switches;
  std::uint64_t seed = 1;
};

/// The profile of the request, with its switches set.
/// @throws InputError  for a name or a switch that does not exist.
Profile profile_of(const RunRequest& request);

RunResult run_scenario(const Scenario& scenario, const RunRequest& request);

}  // namespace sharelock::cli
