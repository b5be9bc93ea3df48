// Which kinds of steps a world can have at all: what was never seen is told of these.
#pragma once

#include "model/world/settings.h"
#include "model/world/step.h"

namespace sharelock {

/// False where a kind of step needs a group coordinator that the world does not have, or a defect that its profile does
/// not have (SC-8, SC-71).
inline bool is_possible(StepKind kind, const WorldSettings& world) {
  if (form_of(kind).administration && !world.administration) return false;
  if (kind == StepKind::store_applies_alike) return world.profile.has(Switch::duplicates_share_answer);
  if (kind == StepKind::store_reloads) return world.profile.has(Switch::initialise_forgets_leader);
  return true;
}

}  // namespace sharelock
