// Many runs of one scenario, seed by seed, on several threads: what was found, whatever the number of threads.
#pragma once

#include "cli/run_scenario.h"
#include "reports/campaign_result.h"

namespace sharelock::cli {

struct CampaignRequest {
  RunRequest run;  ///< Its seed is the first.
  std::uint64_t seeds = 1;
  unsigned jobs = 1;
  TimeMs for_ms = 0;  ///< Wall-clock budget; 0: none. A campaign that it ends has judged fewer seeds.
};

/// Runs all seeds. Progress and wall-clock figures go to standard error, the result does not contain any.
CampaignResult run_campaign(const Scenario& scenario, const CampaignRequest& request);

}  // namespace sharelock::cli
