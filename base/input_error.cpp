#include "base/input_error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace sharelock {
namespace {

/// A line as it is shown: control characters would move the caret or the terminal, so they become blanks.
std::string printable(std::string_view line) {
  constexpr std::size_t shown_max = 200;
  std::string text{line.substr(0, shown_max)};
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string describe(const InputError& error) {
  std::string text;
  if (!error.at.file.empty()) text += error.at.file + ":";
  if (error.at.line > 0) text += fmt::format("{}:", error.at.line);
  if (error.at.column > 0) text += fmt::format("{}:", error.at.column);
  text += fmt::format("{}error: {}\n", text.empty() ? "sharelock: " : " ", error.what());
  if (!error.source_line.empty()) {
    const std::string line = printable(error.source_line);
    text += fmt::format("    {}\n", line);
    if (error.at.column > 0 && error.at.column <= line.size() + 1)
      text += fmt::format("    {}^\n", std::string(error.at.column - 1, ' '));
  }
  if (!error.hint.empty()) text += fmt::format("    hint: {}\n", error.hint);
  return text;
}

std::string suggest(std::string_view word, std::span<const std::string_view> choices) {
  if (choices.empty()) return {};
  constexpr std::size_t compared_max = 64;  // A longer word is no typing mistake.
  const auto distance = [&](std::string_view choice) { return edit_distance(word.substr(0, compared_max), choice); };
  const auto nearest = std::ranges::min_element(choices, {}, distance);
  if (distance(*nearest) <= std::max<std::size_t>(2, word.size() / 3)) return fmt::format("did you mean '{}'?", *nearest);
  return fmt::format("one of: {}", fmt::join(choices, ", "));
}

}  // namespace sharelock
