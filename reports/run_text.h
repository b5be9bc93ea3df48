// The parts of a told run, for reports that tell one among other things.
#pragma once

#include <string>

#include "reports/run_result.h"

namespace sharelock {

/// The broken claim, and what is seen of it.
std::string broken_text(const ClaimBroken& broken);
/// What happened, a line each.
std::string story_text(const RunResult& result);
/// What was judged, counted and met, and which repairs let the plan pass.
std::string evidence_text(const RunResult& result);

}  // namespace sharelock
