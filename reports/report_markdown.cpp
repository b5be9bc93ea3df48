#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/report.h"
#include "reports/run_text.h"
#include "reports/words.h"

namespace sharelock {
namespace {

/// What stands in a cell: `|` would end it.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string rows_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += fmt::format("| {} | {} |\n", cell(name), cell(value));
  return text;
}

std::string names_of(std::string_view title, const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format("\n{}", wrapped(fmt::format("{}: {}.", title, fmt::join(names, ", ")), 0));
}

std::string section_text(const ReportSection& section) {
  std::string text =
      fmt::format("## {}: {}\n\n| claim | verdict | |\n|---|---|---|\n", section.scenario, section.verdict);
  for (const ReportCase& each : section.cases)
    text += fmt::format("| {} | {} | {} |\n", cell(each.name), name_of(each.verdict),
                        cell(each.what.empty() ? each.sentence : each.what));
  for (const RunResult& story : section.stories)
    text += fmt::format("\n### {}\n\n{}\n```text\n{}{}```\n", story.broken->id, wrapped(cell(story.broken->what), 0),
                        story_text(story), evidence_text(story));
  text += fmt::format("\n| | |\n|---|---|\n{}{}", rows_of(section.judged), rows_of(section.thoroughness));
  text += names_of("Seen", section.seen);
  text += names_of("Never seen", section.never_seen);
  if (!section.again.empty()) text += fmt::format("\n    {}\n", section.again);
  return text;
}

}  // namespace

std::string report_as_markdown(const Report& report) {
  std::string text = fmt::format("# {} {}\n", report.program, report.verb);
  for (const ReportSection& section : report.sections) text += fmt::format("\n{}", section_text(section));
  return text;
}

}  // namespace sharelock
