// Draws lives of a broker's share sessions.
#pragma once

#include <cstdint>

#include "base/chance.h"
#include "interop/coordination/life.h"

namespace sharelock::interop {

/// A `session.new` and so many requests after it.
Life draw_session_life(Chance chance, std::uint32_t requests);

}  // namespace sharelock::interop
