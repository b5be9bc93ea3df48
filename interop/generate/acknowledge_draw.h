// Draws acknowledgements: ranges of units or parts of them, across units, or anywhere; all types.
#pragma once

#include "base/chance.h"
#include "interop/generate/theme.h"
#include "interop/harness/scripted_partition.h"

namespace sharelock::interop {

/// @param otherwise  Who acknowledges if it is not the owner of what is acknowledged.
op::Acknowledge draw_acknowledge(const SharePartition& partition, const Theme& theme, MemberId otherwise,
                                 Chance& chance);

}  // namespace sharelock::interop
