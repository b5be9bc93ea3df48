// What many seeds of one scenario found: sums and firsts, no model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/run_result.h"

namespace sharelock {

struct CampaignResult {
  struct Broken {
    std::string claim;
    std::uint64_t seeds = 0;
    std::uint64_t first_seed = 0;
  };

  std::string scenario;
  std::string profile;
  std::vector<std::string> switches;  ///< Set on the command line, as NAME=VALUE.
  std::uint64_t first_seed = 0;
  std::uint64_t seeds = 0;
  bool budget_spent = false;   ///< Time ended it before the last seed.
  bool as_expected = false;    ///< What was found, or not found, is what the scenario asks for.
  std::vector<Broken> broken;  ///< By claim, in the order of the first seeds.
  std::uint64_t steps = 0;
  std::int64_t simulated_ms = 0;
  std::vector<std::pair<std::string, std::uint64_t>> met;  ///< Every situation, and in how many seeds it was met.
  std::vector<std::string> never_met;                      ///< Situations that the scenario asks for.
  std::string digest;
  std::optional<RunResult> first;  ///< The first violation, explained.
};

std::string campaign_as_text(const CampaignResult& result);
std::string campaign_as_json(const CampaignResult& result);

}  // namespace sharelock
