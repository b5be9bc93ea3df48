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

/// Sees every step. False stops.
using ReplayWatcher = std::function<bool(const Replayed&)>;

/// How a world goes on after the last step of a plan, when nothing goes wrong any more and everything is given its
/// time: changes `world` and `now`, and shows every step, to the end or until `watch` stops it.
using Settle = std::function<void(PartitionWorld& world, TimeMs& now, const ReplayWatcher& watch)>;

/// What a plan is played in.
struct Stage {
  const WorldSettings& settings;
  /// Where claims that promise `eventually` are judged; empty: they are not.
  Settle settle{};
};

struct ReplayOutcome {
  std::optional<Violation> violation;
  std::size_t steps_taken = 0;  ///< Of the plan.
  std::size_t steps_used = 0;   ///< Of the plan, up to and with the one that broke the claim.
  bool in_the_end = false;      ///< The violation was found after the plan, when everything had settled.
  TimeMs ended_at = 0;
};

/// Plays a plan in a new world and judges every step, up to the first violation; then, if the stage says how, what is
/// left undone. A step that is not possible is skipped. `listen` may be empty; it hears the steps of the plan.
ReplayOutcome replay(const Stage& stage, std::span<const PlannedStep> plan,
                     const std::function<void(const Replayed&)>& listen = {});

/// What mending a plan may add to it.
enum class Mend : std::uint8_t {
  as_planned,  ///< Nothing.
  eagerly,     ///< Waiting fetches that were woken are tried and loads are answered at once, by steps of their own.
  calmly       ///< Whatever is under way is over before the next step of the plan, faults excepted.
};

/// The same for a plan that was changed: a step whose object is not there takes the oldest of that kind and role, a
/// lock that would fire too early is waited for. Returns the plan as it was played, without steps that were not
/// possible and those after a violation, if it breaks `claim`.
std::optional<Plan> mended(const Stage& stage, std::span<const PlannedStep> plan, std::string_view claim,
                           Mend mend = Mend::as_planned);

/// The smallest sets of switches (at most two) that, set as in `ideal`, let the plan pass without breaking `claim`.
/// All singles, or if there are none, all pairs.
std::vector<std::vector<Switch>> repairs(const Stage& stage, std::span<const PlannedStep> plan, std::string_view claim);

}  // namespace sharelock
