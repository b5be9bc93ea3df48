// Many runs of one scenario, seed by seed, on several threads: what was found, whatever the number of threads.
#pragma once

#include <functional>
#include <optional>

#include "cli/run_scenario.h"
#include "reports/campaign_result.h"

namespace sharelock::cli {

/// How far a campaign is.
struct CampaignProgress {
  std::uint64_t seeds = 0;      ///< Done, with those that its file already held.
  std::uint64_t seeds_run = 0;  ///< Done by this process, as are steps and time.
  std::uint64_t steps = 0;
  TimeMs simulated_ms = 0;
  std::uint64_t violations = 0;
  std::size_t situations = 0;  ///< How many different ones were met.
};

struct CampaignRequest {
  RunRequest run;                      ///< Its seed is the first.
  std::optional<std::uint64_t> seeds;  ///< Empty: as many as fit into `for_ms`.
  unsigned jobs = 1;
  TimeMs for_ms = 0;  ///< Wall-clock budget; 0: none.
  std::string file;   ///< Keeps what finished seeds brought (campaign_file.h); empty: nothing does.
  std::function<void(const CampaignProgress&)>
      watch;  ///< Called after each seed, by one thread at a time; may be empty.
};

/// Runs all seeds and explains the first violation; `plan`, if not null, gets its shortened plan. The result contains
/// nothing that depends on the number of threads, on the speed of the machine, or on how often it was interrupted.
/// @throws InputError, OutputError  for `file`.
CampaignResult run_campaign(const Scenario& scenario, const CampaignRequest& request, Plan* plan = nullptr);

}  // namespace sharelock::cli
