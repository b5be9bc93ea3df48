#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "reports/fuzz_result.h"
#include "reports/run_text.h"
#include "reports/words.h"

namespace sharelock {
namespace {

constexpr std::size_t values_at = 16;

std::string headline(const FuzzResult& result) {
  return result.story ? fmt::format("VIOLATED  {}", result.story->broken->id) : "HELD";
}

std::string played_text(const FuzzResult& result) {
  std::string words = fmt::format("{} of {} in all", counted(result.cases, "case"), counted(result.steps, "step"));
  if (result.past > 0) words += fmt::format(", {} of them from the corpus", result.past);
  words += ", each until everything has settled";
  return listed("  played", values_at, words);
}

/// Situations: in how many cases each was met, and which never was.
std::string situations_text(const FuzzResult& result) {
  std::vector<std::string> words;
  for (const auto& [name, cases] : result.met)
    if (cases > 0) words.push_back(fmt::format("{} {}", name, cases));
  std::string text =
      words.empty() ? "" : listed("  met in cases", values_at, fmt::format("{}", fmt::join(words, ", ")));
  std::vector<std::string> never = result.never_met();
  never.insert(never.end(), result.never_taken.begin(), result.never_taken.end());
  if (!never.empty()) text += listed("  never seen", values_at, fmt::format("{}", fmt::join(never, ", ")));
  return text;
}

}  // namespace

std::vector<std::string> FuzzResult::never_met() const {
  std::vector<std::string> names;
  for (const auto& [name, count] : met)
    if (count == 0) names.push_back(name);
  return names;
}

std::string fuzz_as_text(const FuzzResult& result) {
  std::string text = fmt::format("{}  {}\n\n", result.scenario, headline(result));
  text += result.story ? broken_text(*result.story->broken) : wrapped(result.why, 2);
  if (result.story)
    text += fmt::format("\n  found by case {}, shortened from {} to {}\n\n{}{}", result.case_number,
                        counted(result.story->shrunk_from, "step"), result.story->shrunk_to, story_text(*result.story),
                        evidence_text(*result.story));
  text += fmt::format("\n{}", played_text(result));
  text += listed(
      "  kept", values_at,
      fmt::format("{} that showed something new, {}", counted(result.kept, "case"), counted(result.traits, "trait")));
  text += situations_text(result);
  for (const auto& [name, value] : result.bounds) text += listed(fmt::format("  {}", name), values_at, value);
  text += fmt::format("  digest        {}\n  again         {}\n", result.digest, result.again);
  return text;
}

std::string fuzz_as_json(const FuzzResult& result) {
  using Json = nlohmann::ordered_json;
  Json json{{"scenario", result.scenario},
            {"profile", result.profile},
            {"switches", result.switches},
            {"seed", std::to_string(result.seed)},
            {"verdict", result.story ? "violated" : "held"}};
  json["bounds"] = Json::object();
  for (const auto& [name, value] : result.bounds) json["bounds"][name] = value;
  json["past"] = result.past;
  json["cases"] = result.cases;
  json["steps"] = result.steps;
  json["kept"] = result.kept;
  json["traits"] = result.traits;
  json["case"] = result.story ? Json(result.case_number) : Json(nullptr);
  json["met"] = Json::object();
  for (const auto& [name, cases] : result.met) json["met"][name] = cases;
  json["never_taken"] = result.never_taken;
  json["digest"] = result.digest;
  json["story"] = result.story ? Json::parse(run_as_json(*result.story)) : Json(nullptr);
  json["again"] = result.again;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sharelock
