// Draws lives of share groups in a group coordinator.
#pragma once

#include <cstdint>

#include "base/chance.h"
#include "interop/coordination/life.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// A `group.new` and so many requests after it, drawn from the model's state.
Life draw_group_life(Chance chance, const Profile& profile, std::uint32_t requests);

}  // namespace sharelock::interop
