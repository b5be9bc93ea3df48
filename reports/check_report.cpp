#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>

#include "base/byte_size.h"
#include "reports/check_result.h"
#include "reports/run_text.h"
#include "reports/words.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;

std::string size_of(const CheckRound& round) {
  const std::string faults = round.faults == 0 ? "no fault" : counted(round.faults, "fault");
  if (!round.deviations) return fmt::format("{} and {}", counted(round.records, "record"), faults);
  return fmt::format("{}, {} and {}", counted(round.records, "record"), faults,
                     *round.deviations == 0 ? "no deviation" : counted(*round.deviations, "deviation"));
}

std::string_view name_of(CheckResult::Verdict verdict) {
  static constexpr std::array names{"held"sv, "violated"sv, "truncated"sv};
  return names[static_cast<std::size_t>(verdict)];
}

std::string_view name_of(CheckRound::Ending ending) {
  static constexpr std::array names{"complete"sv, "violated"sv, "out of memory"sv, "interrupted"sv};
  return names[static_cast<std::size_t>(ending)];
}

std::string headline(const CheckResult& result) {
  switch (result.verdict) {
    case CheckResult::Verdict::held:
      return "HELD";
    case CheckResult::Verdict::violated:
      return fmt::format("VIOLATED  {}", result.story->broken->id);
    case CheckResult::Verdict::truncated:
      break;
  }
  return fmt::format("TRUNCATED  {}", name_of(result.rounds.back().ending));
}

/// What can be said for certain.
std::string bound(const CheckResult& result) {
  std::string text;
  if (const std::vector<CheckRound> complete = result.complete(); !complete.empty())
    text = fmt::format("With {} every state that can be reached was searched, and every claim held. ",
                       round_words(complete));
  const CheckRound& last = result.rounds.back();
  if (result.verdict == CheckResult::Verdict::violated)
    text += fmt::format("With {} it takes {} to break one.", size_of(last), counted(result.story->shrunk_from, "step"));
  if (result.verdict == CheckResult::Verdict::truncated)
    text += fmt::format("With {} every claim held in all that {} lead to.", size_of(last), counted(last.depth, "step"));
  return wrapped(text, 2);
}

std::string rounds_text(const std::vector<CheckRound>& rounds) {
  std::string text = "  records  faults  deviations       states  transitions  depth  seconds\n";
  for (const CheckRound& round : rounds)
    text += fmt::format("  {:>7}  {:>6}  {:>10}  {:>11}  {:>11}  {:>5}  {:>7.2f}{}{}\n", round.records, round.faults,
                        round.deviations ? std::to_string(*round.deviations) : "any", round.states, round.transitions,
                        round.depth, round.seconds, round.ending == CheckRound::Ending::complete ? "" : "  ",
                        round.ending == CheckRound::Ending::complete ? "" : name_of(round.ending));
  return text;
}

double omissions(const CheckResult& result) {
  double most = 0;
  for (const CheckRound& round : result.rounds) most = std::max(most, round.expected_omissions);
  return most;
}

std::string cost_text(const CheckResult& result) {
  double seconds = 0;
  for (const CheckRound& round : result.rounds) seconds += round.seconds;
  const CheckRound& largest = *std::ranges::max_element(result.rounds, {}, &CheckRound::states);
  return fmt::format("{:.2f} s, {} of memory at most, {} bytes per state", seconds,
                     show_byte_size(result.peak_rss_bytes),
                     largest.memory_bytes / std::max<std::uint64_t>(largest.states, 1));
}

}  // namespace

std::string round_words(const std::vector<CheckRound>& rounds) {
  if (rounds.empty()) return "nothing";
  std::string words;
  for (const CheckRound& round : rounds) words += fmt::format("{}{}", words.empty() ? "" : ", or ", size_of(round));
  return words;
}

bool CheckRound::covers(const CheckRound& other) const {
  return other.faults <= faults && other.records <= records &&
         (!deviations || (other.deviations && *other.deviations <= *deviations));
}

std::vector<CheckRound> CheckResult::complete() const {
  std::vector<CheckRound> largest;
  for (const CheckRound& round : rounds | std::views::reverse) {  // A round comes after all that it covers.
    if (round.ending != CheckRound::Ending::complete) continue;
    if (std::ranges::none_of(largest, [&](const CheckRound& each) { return each.covers(round); }))
      largest.push_back(round);
  }
  return largest;
}

std::string check_as_text(const CheckResult& result) {
  std::string text = fmt::format("{}  {}\n\n", result.scenario, headline(result));
  text += result.story ? broken_text(*result.story->broken) : wrapped(result.why, 2);
  text += fmt::format("\n{}", bound(result));
  if (result.story && result.story->shrunk_to < result.story->shrunk_from)
    text +=
        fmt::format("  shortened from {} to {}\n", counted(result.story->shrunk_from, "step"), result.story->shrunk_to);
  if (result.story) text += fmt::format("\n{}\n{}", story_text(*result.story), evidence_text(*result.story));
  text += fmt::format("\n{}\n", rounds_text(result.rounds));
  for (const auto& [name, value] : result.bounds) text += listed(fmt::format("  {}", name), 16, value);
  text += listed("  searched", 16, result.method);
  if (!result.never_taken.empty() && !result.story)
    text += listed("  never seen", 16, fmt::format("{}", fmt::join(result.never_taken, ", ")));
  if (omissions(result) > 0)
    text += listed("  omitted", 16,
                   fmt::format("{:.2g} states expected to be taken for others, by 64 bits of hash", omissions(result)));
  text += listed("  cost", 16, cost_text(result));
  text += fmt::format("  again         {}\n", result.again);
  return text;
}

std::string check_as_json(const CheckResult& result) {
  using Json = nlohmann::ordered_json;
  const auto deviations_of = [](const CheckRound& round) {
    return round.deviations ? Json(*round.deviations) : Json(nullptr);
  };
  Json json{{"scenario", result.scenario},
            {"profile", result.profile},
            {"switches", result.switches},
            {"verdict", name_of(result.verdict)}};
  json["complete_to"] = Json::array();
  for (const CheckRound& round : result.complete())
    json["complete_to"].push_back(
        {{"records", round.records}, {"faults", round.faults}, {"deviations", deviations_of(round)}});
  json["bounds"] = Json::object();
  for (const auto& [name, value] : result.bounds) json["bounds"][name] = value;
  json["method"] = result.method;
  json["rounds"] = Json::array();
  for (const CheckRound& round : result.rounds)
    json["rounds"].push_back({{"records", round.records},
                              {"faults", round.faults},
                              {"deviations", deviations_of(round)},
                              {"ending", name_of(round.ending)},
                              {"states", round.states},
                              {"transitions", round.transitions},
                              {"depth", round.depth},
                              {"seconds", round.seconds},
                              {"memory_bytes", round.memory_bytes},
                              {"expected_omissions", round.expected_omissions}});
  json["never_taken"] = result.never_taken;
  json["peak_rss_bytes"] = result.peak_rss_bytes;
  json["story"] = result.story ? Json::parse(run_as_json(*result.story)) : Json(nullptr);
  json["again"] = result.again;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sharelock
