#include <nlohmann/json.hpp>

#include "reports/run_result.h"

namespace sharelock {

using Json = nlohmann::ordered_json;

std::string run_as_json(const RunResult& result) {
  static constexpr std::array verdicts{"held", "violated", "never_seen"};
  Json json{{"scenario", result.scenario},
            {"profile", result.profile},
            {"switches", result.switches},
            {"seed", std::to_string(result.seed)},  // Beyond 2^53 a JSON number would not survive every reader.
            {"verdict", verdicts[static_cast<std::size_t>(result.verdict)]},
            {"expected", result.expected}};
  json["violation"] = nullptr;
  if (result.broken)
    json["violation"] = {{"claim", result.broken->id},
                         {"sentence", result.broken->sentence},
                         {"group", result.broken->group},
                         {"what", result.broken->what}};
  json["story"] = Json::array();
  for (const StoryLine& line : result.story)
    json["story"].push_back({{"at_ms", line.at_ms}, {"who", line.who}, {"what", line.what}});
  json["story_left_out"] = result.story_left_out;
  json["steps"] = result.steps;
  json["simulated_ms"] = result.simulated_ms;
  json["counts"] = Json::object();
  for (const auto& [what, count] : result.counts) json["counts"][what] = count;
  json["weather"] = Json::object();
  for (const auto& [fault, odds] : result.weather) json["weather"][fault] = odds;
  json["met"] = Json::object();
  for (const auto& [situation, count] : result.met) json["met"][situation] = count;
  json["never_met"] = result.never_met;
  json["shrunk_from"] = result.shrunk_from;
  json["shrunk_to"] = result.shrunk_to;
  json["repaired_by"] = result.repaired_by;
  json["digest"] = result.digest;
  json["replay"] = result.replay;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sharelock
