// Draws computations of the assignor: one group whose members, subscriptions and assignable partitions change, each
// computation beginning with what the one before it gave.
#pragma once

#include "base/chance.h"
#include "interop/coordination/life.h"

namespace sharelock::interop {

/// Some twenty computations, each a request of its own.
Life draw_assignments(Chance chance);

}  // namespace sharelock::interop
