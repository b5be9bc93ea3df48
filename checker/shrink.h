// The shrinker: from what a run did to the few steps that matter. There is one, for plans, whoever found them.
#pragma once

#include "checker/plan.h"

namespace sharelock {

/// A shorter plan that breaks the same claim: without halves, then quarters, at last without single steps; with fewer
/// batches, records and members; with shorter waits. What names an offset that is gone is mended (see `mended`), so
/// early records can go, too. No chance is involved: two people shrink one plan to one story.
///
/// Precondition: `plan` breaks `claim`.
Plan shrink(Plan plan, const Stage& stage, std::string_view claim);

}  // namespace sharelock
