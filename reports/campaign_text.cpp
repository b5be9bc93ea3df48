#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/campaign_result.h"
#include "reports/words.h"

namespace sharelock {
namespace {

std::string verdict_of(const CampaignResult& result) {
  if (!result.broken.empty()) return result.as_expected ? "VIOLATED, as expected" : "VIOLATED";
  if (!result.never_met.empty()) return "NOT SEEN";
  if (!result.as_expected) return "HELD, though a violation is expected";
  return result.budget_spent ? "HELD SO FAR" : "HELD";
}

}  // namespace

std::string campaign_as_text(const CampaignResult& result) {
  std::string text = fmt::format("{}  {}\n\n", result.scenario, verdict_of(result));
  text +=
      fmt::format("  {} from {} on, {}, {} h of simulated time, profile {}\n", counted(result.seeds, "seed"),
                  result.first_seed, counted(result.steps, "step"), result.simulated_ms / 3'600'000, result.profile);
  for (const CampaignResult::Broken& broken : result.broken)
    text += fmt::format("  {:<8} violated by {}, the first is {}\n", broken.claim, counted(broken.seeds, "seed"),
                        broken.first_seed);
  text += "\n  situations, and in how many seeds they were met\n";
  for (const auto& [name, seeds] : result.met) text += fmt::format("    {:<26} {}\n", name, seeds);
  for (const std::string& name : result.never_met) text += fmt::format("  NEVER MET {}\n", name);
  text += fmt::format("\n  digest    {}\n", result.digest);
  if (result.first) text += fmt::format("\n{}", run_as_text(*result.first));
  return text;
}

std::string campaign_as_json(const CampaignResult& result) {
  using Json = nlohmann::ordered_json;
  Json json{{"scenario", result.scenario},
            {"profile", result.profile},
            {"switches", result.switches},
            {"first_seed", std::to_string(result.first_seed)},
            {"seeds", result.seeds},
            {"budget_spent", result.budget_spent},
            {"as_expected", result.as_expected}};
  json["broken"] = Json::array();
  for (const CampaignResult::Broken& broken : result.broken)
    json["broken"].push_back(
        {{"claim", broken.claim}, {"seeds", broken.seeds}, {"first_seed", std::to_string(broken.first_seed)}});
  json["steps"] = result.steps;
  json["simulated_ms"] = result.simulated_ms;
  json["met"] = Json::object();
  for (const auto& [name, seeds] : result.met) json["met"][name] = seeds;
  json["never_met"] = result.never_met;
  json["digest"] = result.digest;
  json["first"] = result.first ? Json::parse(run_as_json(*result.first)) : Json(nullptr);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sharelock
