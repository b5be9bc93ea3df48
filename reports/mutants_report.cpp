#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/mutants_result.h"
#include "reports/words.h"

namespace sharelock {
namespace {

std::string headline(const MutantsResult& result) {
  const auto count = [&](auto&& is_found) { return std::ranges::count_if(result.mutants, is_found); };
  return fmt::format("{} of {} found by check, {} by fuzz{}",
                     count([](const MutantResult& each) { return each.check.found; }), result.mutants.size(),
                     count([](const MutantResult& each) { return each.fuzz.found; }),
                     result.ideal_is_clean() ? "" : "; ideal is NOT clean");
}

std::string columns_of(const MutantSearch& search) {
  if (!search.found) return fmt::format("{:<5} {:<9} {:>6.1f} {:>6}", "-", "", search.seconds, "");
  return fmt::format("{:<5} {:<9} {:>6.2f} {:>6}", search.claim, search.scenario, search.seconds, search.events);
}

std::string world_text(const CleanWorld& world) {
  std::string words = fmt::format("{} by check, {} and {}, complete to {}; {} by fuzz, {}",
                                  world.broken.empty() ? "clean" : "breaks " + world.broken,
                                  counted(world.states, "state"), counted(world.transitions, "transition"),
                                  world.complete_to, counted(world.cases, "case"), counted(world.steps, "step"));
  std::string text = listed(fmt::format("  {}", world.scenario), 14, words);
  text += wrapped(fmt::format("never seen: {}", fmt::join(world.never_seen, ", ")), 14);
  return text;
}

nlohmann::ordered_json json_of(const MutantSearch& search) {
  using Json = nlohmann::ordered_json;
  return {{"found", search.found},
          {"claim", search.found ? Json(search.claim) : Json(nullptr)},
          {"seconds", search.seconds},
          {"story", search.found ? Json(search.events) : Json(nullptr)}};
}

}  // namespace

bool MutantsResult::all_found() const {
  return std::ranges::all_of(mutants, &MutantResult::found);
}

bool MutantsResult::ideal_is_clean() const {
  return std::ranges::all_of(ideal, [](const CleanWorld& world) { return world.broken.empty(); });
}

std::string mutants_as_text(const MutantsResult& result) {
  std::string text = fmt::format("mutants  {}\n\n", headline(result));
  text += fmt::format("  {:<6} {:>5}  {:<5} {:<9} {:>6} {:>6}   {:<5} {:<9} {:>6} {:>6}\n", "", "story", "check", "in",
                      "s", "story", "fuzz", "in", "s", "story");
  for (const MutantResult& mutant : result.mutants)
    text += fmt::format("  {:<6} {:>5}  {}   {}\n", mutant.id, mutant.events_min, columns_of(mutant.check),
                        columns_of(mutant.fuzz));
  if (!result.ideal.empty()) text += "\n  ideal, without a mutant, in the same worlds and as long\n";
  for (const CleanWorld& world : result.ideal) text += world_text(world);
  text += fmt::format("\n  budget    {:.0f} s for each mutant and each way, {}\n  again     {}\n", result.seconds_each,
                      counted(result.jobs, "thread"), result.again);
  return text;
}

std::string mutants_as_json(const MutantsResult& result) {
  using Json = nlohmann::ordered_json;
  Json json{{"mutants", Json::array()}, {"ideal", Json::array()}};
  for (const MutantResult& mutant : result.mutants)
    json["mutants"].push_back({{"id", mutant.id},
                               {"found", mutant.found()},
                               {"check", json_of(mutant.check)},
                               {"fuzz", json_of(mutant.fuzz)}});
  for (const CleanWorld& world : result.ideal)
    json["ideal"].push_back({{"scenario", world.scenario},
                             {"clean", world.broken.empty()},
                             {"states", world.states},
                             {"transitions", world.transitions},
                             {"complete_to", world.complete_to},
                             {"cases", world.cases},
                             {"steps", world.steps},
                             {"seen", world.seen},
                             {"never_seen", world.never_seen}});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sharelock
