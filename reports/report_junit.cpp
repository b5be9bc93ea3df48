// JUnit XML, as continuous integration reads it: a suite for each scenario, a case for each claim.
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "reports/report.h"
#include "reports/run_text.h"

namespace sharelock {
namespace {

using Verdict = ReportCase::Verdict;

bool fails(const ReportCase& each) {
  return each.verdict == Verdict::violated || each.verdict == Verdict::never_seen;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

/// XML has no way to write most control characters.
std::string printable(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t'; });
  return text;
}

void add_properties(pugi::xml_node suite, const ReportSection& section) {
  pugi::xml_node properties = suite.append_child("properties");
  for (const auto* pairs : {&section.judged, &section.thoroughness})
    for (const auto& [name, value] : *pairs) {
      pugi::xml_node property = properties.append_child("property");
      set(property, "name", name);
      set(property, "value", printable(value));
    }
}

std::string story_of(const ReportSection& section, const ReportCase& each) {
  for (const RunResult& story : section.stories)
    if (story.broken->id == each.name) return fmt::format("{}\n{}", broken_text(*story.broken), story_text(story));
  return each.what;
}

void add_case(pugi::xml_node suite, const ReportSection& section, const ReportCase& each) {
  pugi::xml_node node = suite.append_child("testcase");
  set(node, "name", each.name);
  set(node, "classname", section.scenario);
  set(node, "time", "0.000");
  if (!fails(each)) return;
  pugi::xml_node failure = node.append_child("failure");
  set(failure, "message", printable(each.what));
  set(failure, "type", std::string{name_of(each.verdict)});
  failure.text().set(printable(story_of(section, each)).c_str());
}

void add_suite(pugi::xml_node suites, const ReportSection& section) {
  pugi::xml_node suite = suites.append_child("testsuite");
  set(suite, "name", section.scenario);
  set(suite, "tests", std::to_string(section.cases.size()));
  set(suite, "failures", std::to_string(std::ranges::count_if(section.cases, fails)));
  set(suite, "errors", "0");
  set(suite, "skipped", "0");
  set(suite, "time", fmt::format("{:.3f}", section.seconds));
  add_properties(suite, section);
  for (const ReportCase& each : section.cases) add_case(suite, section, each);
  suite.append_child("system-out").text().set(section.again.c_str());
}

}  // namespace

std::string report_as_junit(const Report& report) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", fmt::format("{} {}", report.program, report.verb));
  for (const ReportSection& section : report.sections) add_suite(suites, section);
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace sharelock
