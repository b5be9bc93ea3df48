#include "reports/run_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/words.h"

namespace sharelock {
namespace {

std::string seconds(std::int64_t ms) {
  return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
}

std::string_view verdict_of(const RunResult& result) {
  if (result.verdict == RunResult::Verdict::never_seen) return "NOT SEEN";
  if (result.verdict == RunResult::Verdict::held)
    return result.expected ? "HELD, though a violation is expected" : "HELD";
  return result.expected ? "VIOLATED, as expected" : "VIOLATED";
}

/// What was counted, or met, and how often.
std::string counts_of(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  std::string words;
  for (const auto& [what, count] : counts)
    if (count > 0) words += fmt::format("{}{}", words.empty() ? "" : ", ", counted_words(count, what));
  return words;
}

/// A line of evidence, if there is any.
std::string evidence(std::string_view name, const std::string& words) {
  return words.empty() ? "" : listed(fmt::format("  {}", name), 12, words);
}

/// Which switches, set as in `ideal`, let the same plan pass.
std::string repairs_of(const RunResult& result) {
  std::string text;
  for (const std::vector<std::string>& set : result.repaired_by)
    text += fmt::format("  passes    with {}\n", fmt::join(set, " and "));
  return text;
}

}  // namespace

std::string broken_text(const ClaimBroken& broken) {
  return wrapped(broken.sentence, 2) +
         wrapped(fmt::format("{}{}{}", broken.group, broken.group.empty() ? "" : ": ", broken.what), 2);
}

std::string story_text(const RunResult& result) {
  std::size_t who_width = 4;
  for (const StoryLine& line : result.story) who_width = std::max(who_width, line.who.size());
  who_width = std::min<std::size_t>(who_width, 16);
  std::string text;
  if (result.story_left_out > 0)
    text += fmt::format("  ... {} left out\n", counted(result.story_left_out, "earlier line"));
  std::int64_t last = -1;
  for (const StoryLine& line : result.story) {
    const std::string at = line.at_ms == last ? "" : seconds(line.at_ms);
    last = line.at_ms;
    text += fmt::format("  {:>12}  {:<{}}  {}\n", at, line.who, who_width, line.what);
  }
  return text;
}

std::string evidence_text(const RunResult& result) {
  std::string text =
      evidence("judged", fmt::format("{} at each of {}, {} of simulated time", counted(result.claims, "claim"),
                                     counted(result.steps, "step"), seconds(result.simulated_ms)));
  text += evidence("counted", counts_of(result.counts));
  text += evidence("met", counts_of(result.met));
  for (const std::string& name : result.never_met) text += fmt::format("  NEVER MET {}\n", name);
  text += repairs_of(result);
  return text;
}

std::string run_as_text(const RunResult& result) {
  std::string text = fmt::format("{}  {}{}\n\n", result.scenario, verdict_of(result),
                                 result.broken ? fmt::format("  {}", result.broken->id) : std::string{});
  text += result.broken ? broken_text(*result.broken) : wrapped(result.why, 2);
  if (!result.weather.empty()) text += "\n";
  for (const auto& [fault, odds] : result.weather) text += fmt::format("  weather   {:<22} {}\n", fault, odds);
  if (result.shrunk_from > 0)
    text += fmt::format("\n  shortened from {} to {}\n", counted(result.shrunk_from, "step"), result.shrunk_to);
  text += fmt::format("\n{}\n", story_text(result));
  text += evidence_text(result);
  text += fmt::format("  digest    {}\n  again     {}\n", result.digest, result.replay);
  return text;
}

}  // namespace sharelock
