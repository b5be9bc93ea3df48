#include "scenarios/plan_file.h"

#include <charconv>

#include "base/input_error.h"
#include "base/line_source.h"
#include "base/write_file.h"

namespace sharelock {
namespace {

constexpr std::string_view first_line = "sharelock plan 1";
constexpr std::size_t steps_max = 10'000'000;
constexpr std::size_t scenario_bytes_max = std::size_t{1} << 20;

std::string text_of(const PlanFile& plan) {
  std::string text{first_line};
  text += "\nprofile " + plan.profile + "\n";
  for (const std::string& assignment : plan.switches) text += "set " + assignment + "\n";
  if (!plan.claim.empty()) text += "breaks " + plan.claim + "\n";
  for (const auto& [at, step] : plan.steps) text += "at " + std::to_string(at) + " " + to_text(step) + "\n";
  text += "scenario " + plan.scenario_name + "\n" + plan.scenario;
  return text;
}

/// `at 500 append range=0-4`, without the `at`.
std::pair<TimeMs, Step> step_of_line(std::string_view rest, const InputError& wrong) {
  TimeMs at = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), at);
  const auto space = static_cast<std::size_t>(end - rest.data());
  if (error != std::errc{} || at < 0 || space >= rest.size() || rest[space] != ' ') throw wrong;
  const std::optional<Step> step = step_of(rest.substr(space + 1));
  if (!step) throw wrong;
  return {at, *step};
}

}  // namespace

void write_plan(const std::string& path, const PlanFile& plan) {
  write_file(path, text_of(plan));
}

PlanFile read_plan(const std::string& path) {
  LineSource lines{path};
  PlanFile plan;
  std::string_view line;
  const auto wrong = [&](const std::string& what) {
    return InputError{{path, lines.line_number(), 1}, what, "", std::string{line.substr(0, 200)}};
  };
  if (!lines.next(line) || line != first_line) throw wrong("this is no plan: its first line is not 'sharelock plan 1'");
  bool in_scenario = false;
  while (lines.next(line)) {
    if (in_scenario) {
      plan.scenario.append(line).push_back('\n');
      if (plan.scenario.size() > scenario_bytes_max) throw wrong("the scenario is larger than 1 MiB");
      continue;
    }
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, space);
    const std::string_view rest = line.substr(std::min(space + 1, line.size()));
    if (word == "at") {
      plan.steps.push_back(step_of_line(rest, wrong("this is no step")));
      if (plan.steps.size() > steps_max) throw wrong("more than 10,000,000 steps");
    } else if (word == "profile") {
      plan.profile = rest;
    } else if (word == "set") {
      plan.switches.emplace_back(rest);
    } else if (word == "breaks") {
      plan.claim = rest;
    } else if (word == "scenario") {
      plan.scenario_name = rest;
      in_scenario = true;
    } else {
      throw wrong("a line of a plan begins with profile, set, breaks, at or scenario");
    }
  }
  if (!in_scenario) throw wrong("this plan ends before its scenario");
  return plan;
}

}  // namespace sharelock
