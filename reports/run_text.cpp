#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/run_result.h"

namespace sharelock {
namespace {

constexpr std::size_t columns = 80;

/// Breaks `text` into lines that fit, each after `indent`.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) result += fmt::format("{:{}}{}\n", "", indent, line);
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (!line.empty() && indent + line.size() + 1 + word.size() > columns) flush();
    if (!line.empty()) line += ' ';
    line += word;
    text.remove_prefix(end);
  }
  flush();
  return result;
}

std::string seconds(std::int64_t ms) {
  return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
}

std::string_view verdict_of(const RunResult& result) {
  if (result.verdict == RunResult::Verdict::never_seen) return "NOT SEEN";
  if (result.verdict == RunResult::Verdict::held)
    return result.expected ? "HELD, though a violation is expected" : "HELD";
  return result.expected ? "VIOLATED, as expected" : "VIOLATED";
}

std::string story_of(const RunResult& result) {
  std::size_t who_width = 4;
  for (const StoryLine& line : result.story) who_width = std::max(who_width, line.who.size());
  who_width = std::min<std::size_t>(who_width, 16);
  std::string text;
  if (result.story_left_out > 0) text += fmt::format("  ... {} earlier lines left out\n", result.story_left_out);
  std::int64_t last = -1;
  for (const StoryLine& line : result.story) {
    const std::string at = line.at_ms == last ? "" : seconds(line.at_ms);
    last = line.at_ms;
    text += fmt::format("  {:>12}  {:<{}}  {}\n", at, line.who, who_width, line.what);
  }
  return text;
}

/// One heading, and what was counted under it.
std::string listed(std::string_view heading, const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  std::string words;
  for (const auto& [what, count] : counts)
    if (count > 0) words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, what);
  const std::string lines = wrapped(words, 12);
  return lines.size() > 12 ? fmt::format("  {:<10}{}", heading, lines.substr(12)) : "";
}

/// Which switches, set as in `ideal`, let the same plan pass.
std::string repairs_of(const RunResult& result) {
  std::string text;
  for (const std::vector<std::string>& set : result.repaired_by)
    text += fmt::format("  passes    with {}\n", fmt::join(set, " and "));
  return text;
}

}  // namespace

std::string run_as_text(const RunResult& result) {
  std::string text = fmt::format("{}  {}{}\n\n", result.scenario, verdict_of(result),
                                 result.broken ? fmt::format("  {}", result.broken->id) : std::string{});
  if (result.broken) {
    text += wrapped(result.broken->sentence, 2);
    text += wrapped(
        fmt::format("{}{}{}", result.broken->group, result.broken->group.empty() ? "" : ": ", result.broken->what), 2);
  } else {
    text += wrapped(result.why, 2);
  }
  if (!result.weather.empty()) text += "\n";
  for (const auto& [fault, odds] : result.weather) text += fmt::format("  weather   {:<22} {}\n", fault, odds);
  if (result.shrunk_from > 0)
    text += fmt::format("\n  shortened from {} steps to {}\n", result.shrunk_from, result.shrunk_to);
  text += fmt::format("\n{}\n", story_of(result));
  text += fmt::format("  judged    {} claims at each of {} steps, {} of simulated time\n", result.claims, result.steps,
                      seconds(result.simulated_ms));
  text += listed("counted", result.counts);
  text += listed("met", result.met);
  for (const std::string& name : result.never_met) text += fmt::format("  NEVER MET {}\n", name);
  text += repairs_of(result);
  text += fmt::format("  digest    {}\n  again     {}\n", result.digest, result.replay);
  return text;
}

}  // namespace sharelock
