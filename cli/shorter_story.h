// The story that a fuzzer found and the shrinker left, against all shorter ones: a search of the world with no more
// records and faults than the story itself needs.
#pragma once

#include <optional>
#include <string>

#include "checker/plan.h"
#include "cli/run_scenario.h"

namespace sharelock::cli {

/// A story with its plan.
struct ShorterStory {
  Plan plan;
  RunResult story;
};

/// A story of fewer events that breaks the same claim; none if a short search finds none. What it costs is limited by
/// the number of states, so that the outcome is the same on any machine.
std::optional<ShorterStory> shorter_story(const Scenario& scenario, const RunRequest& request, const Plan& plan,
                                          const std::string& claim);

}  // namespace sharelock::cli
