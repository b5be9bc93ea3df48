// New cases from plans that were worth keeping.
#pragma once

#include "base/chance.h"
#include "checker/fuzz/player.h"

namespace sharelock::fuzz {

/// The moves of a plan as it is.
std::vector<Move> moves_of(const Plan& plan);

/// `plan` changed in one place or a few: cut, spliced with `other`, a step chosen anew, a fault put in, a step put off.
std::vector<Move> mutated(const Plan& plan, const Plan& other, Chance& chance);

}  // namespace sharelock::fuzz
