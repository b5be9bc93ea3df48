// Random lives of a broker's share fetch path: valid in form, anything in content, more telling than uniform chance.
#pragma once

#include "base/chance.h"
#include "interop/coordination/life.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// A `reset` and so many requests. The model goes along with it, so that much of what is asked for exists.
Life draw_broker_life(Chance chance, const Profile& profile, std::uint32_t requests);

}  // namespace sharelock::interop
