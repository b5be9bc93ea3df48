#include "cli/going_on.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "reports/words.h"

namespace sharelock::cli {
namespace {

/// `NAME=VALUE`, with the value of `ideal`.
std::string as_in_ideal(const std::string& name) {
  const SwitchInfo& info = *std::ranges::find(all_switches(), name, &SwitchInfo::name);
  return fmt::format("{}={}", name, info.values[Profile{ProfileName::ideal}.value(info.id)]);
}

}  // namespace

std::string GoingOn::plan_path(const std::string& path) const {
  if (path.empty() || found_.empty()) return path;
  const std::filesystem::path first{path};
  const std::string name = fmt::format("{}-{}{}", first.stem().string(), found_.size() + 1, first.extension().string());
  return first.parent_path() / name;
}

bool GoingOn::repair(const RunResult& story, RunRequest& request) {
  found_.emplace_back(story.broken->id, std::vector<std::string>{});
  if (story.repaired_by.empty()) return false;
  found_.back().second = story.repaired_by.front();
  for (const std::string& name : story.repaired_by.front()) request.switches.push_back(as_in_ideal(name));
  return true;
}

std::string GoingOn::text() const {
  std::string text;
  for (const auto& [claim, switches] : found_)
    text += listed(text.empty() ? "  in all" : "", 16,
                   fmt::format("{}, {}", claim,
                               switches.empty() ? "and no switch lets it pass"
                                                : fmt::format("passes with {}", fmt::join(switches, " and "))));
  return text;
}

void tell_how_to_go_on(std::string_view verb, const RunRequest& request) {
  const std::string line =
      fmt::format("  more          sharelock {} {}{} --all\n", verb, request.file, profile_options(request));
  std::fputs(line.c_str(), stdout);
}

}  // namespace sharelock::cli
