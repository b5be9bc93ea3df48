#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/report.h"
#include "reports/run_text.h"
#include "reports/words.h"

namespace sharelock {
namespace {

constexpr std::size_t values_at = 18;

std::string pairs_text(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += listed(fmt::format("  {}", name), values_at, value);
  return text;
}

std::string names_text(std::string_view title, const std::vector<std::string>& names) {
  return names.empty() ? "" : listed(fmt::format("  {}", title), values_at, fmt::format("{}", fmt::join(names, ", ")));
}

std::string section_text(const ReportSection& section) {
  std::string text = fmt::format("{}  {}\n\n", section.scenario, section.verdict);
  for (const ReportCase& each : section.cases) {
    text += fmt::format("  {:<16}{}\n", each.name, name_of(each.verdict));
    if (!each.what.empty()) text += wrapped(each.what, values_at);
  }
  for (const RunResult& story : section.stories)
    text += fmt::format("\n{}\n{}\n{}", broken_text(*story.broken), story_text(story), evidence_text(story));
  text += fmt::format("\n{}", pairs_text(section.judged));
  text += pairs_text(section.thoroughness);
  text += names_text("seen", section.seen);
  text += names_text("never seen", section.never_seen);
  if (!section.again.empty()) text += fmt::format("  {:<16}{}\n", "again", section.again);
  return text;
}

}  // namespace

std::string report_as_text(const Report& report) {
  std::string text;
  for (const ReportSection& section : report.sections) text += fmt::format("{}\n", section_text(section));
  text += fmt::format("{} {}\n", report.program, report.verb);
  return text;
}

}  // namespace sharelock
