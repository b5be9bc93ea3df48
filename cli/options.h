// Options that several verbs take, and what they accept.
#pragma once

#include <string>
#include <vector>

#include "cli/run_scenario.h"

namespace CLI {
class App;
}

namespace sharelock::cli {

/// A whole number below 2^64: empty if it is one, otherwise what is wrong. CLI11 would read -1, and what is too large,
/// as other numbers.
std::string is_count(const std::string& text);

/// `60s`, `5min`: as durations in scenarios, with or without a blank; in milliseconds.
/// @throws InputError
TimeMs budget_of(const std::string& text);

/// One file, or every *.yaml of a folder, by name.
/// @throws InputError  for a folder without any.
std::vector<std::string> scenario_files(const std::string& path);

/// Adds --profile and --set.
void add_profile_options(CLI::App& app, RunRequest& request);

/// Adds --format text|json.
void add_format_option(CLI::App& app, std::string& format);

}  // namespace sharelock::cli
