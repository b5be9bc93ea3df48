// A plan: steps with times. What a run records, replay plays, shrinking shortens, a report tells.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "checker/claims/all_claims.h"

namespace sharelock {

struct PlannedStep {
  TimeMs at = 0;
  Step step;

  friend bool operator==(const PlannedStep&, const PlannedStep&) = default;
};
using Plan = std::vector<PlannedStep>;

/// One step of a plan that was possible.
struct Replayed {
  TimeMs at;
  const Step& step;
  const PartitionWorld& world;
  const Observations& observations;
};

struct ReplayOutcome {
  std::optional<Violation> violation;
  std::size_t steps_taken = 0;
  std::size_t steps_used = 0;  ///< Of the plan, up to and with the one that broke the claim.
};

/// Plays a plan in a new world and judges every step, up to the first violation. A step that is not possible is
/// skipped. `listen` may be empty.
ReplayOutcome replay(const WorldSettings& settings, std::span<const PlannedStep> plan,
                     const std::function<void(const Replayed&)>& listen = {});

/// A shorter plan that breaks the same claim: without halves, then quarters, at last without single steps; then with
/// fewer records and shorter waits. No chance is involved, so two people shrink one plan to one story.
///
/// Precondition: `plan` breaks `claim`.
Plan shrink(Plan plan, const WorldSettings& settings, std::string_view claim);

/// The smallest sets of switches (at most two) that, set as in `ideal`, let the plan pass without breaking `claim`.
/// All singles, or if there are none, all pairs.
std::vector<std::vector<Switch>> repairs(const WorldSettings& settings, std::span<const PlannedStep> plan,
                                         std::string_view claim);

}  // namespace sharelock
