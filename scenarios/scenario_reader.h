// Scenario files: what a person writes, read into what is simulated (docs/scenarios.md shows the format by example).
#pragma once

#include <string>

#include "sim/scenario.h"

namespace sharelock {

/// What expectations may name, beside what the reader knows itself.
struct ScenarioWords {
  std::span<const std::string_view> claims;
  std::span<const std::string_view> situations;
};

/// Reads a scenario for a profile: some of Kafka's configuration names exist in some releases only.
/// @throws InputError  with file, line and column, a caret and a hint.
Scenario read_scenario(const std::string& path, const Profile& profile, const ScenarioWords& words);
/// The same of a text; `name` stands in errors.
Scenario parse_scenario(const std::string& text, const std::string& name, const Profile& profile,
                        const ScenarioWords& words);

}  // namespace sharelock
