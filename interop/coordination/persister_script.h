// Draws lives of a broker's persister.
#pragma once

#include <cstdint>

#include "base/chance.h"
#include "interop/coordination/life.h"

namespace sharelock::interop {

/// A `persister.new` and so many requests after it.
Life draw_persister_life(Chance chance, std::uint32_t requests);

}  // namespace sharelock::interop
