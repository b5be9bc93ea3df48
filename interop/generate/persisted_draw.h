// Draws what a store returns to a share partition that is loaded anew: what was confirmed before, with holes, or
// damaged.
#pragma once

#include "base/chance.h"
#include "interop/generate/theme.h"
#include "interop/protocol/request.h"
#include "model/partition/share_partition.h"

namespace sharelock::interop {

/// A state that the store could hold for this share partition: acquired records as they were before, or unknown.
HandOverOutcome persisted_of(const SharePartition& partition, const Theme& theme, Chance& chance);

/// A state out of nothing, from `start` on.
HandOverOutcome persisted_at(Offset start, std::int32_t limit, const Theme& theme, Chance& chance);

}  // namespace sharelock::interop
