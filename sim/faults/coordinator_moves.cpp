#include "sim/fault.h"

namespace sharelock {

/// Persisters try again until it is there.
extern const Fault coordinator_moves;
const Fault coordinator_moves{
    .name = "coordinator-moves",
    .sentence = "the share coordinator resigns, loses what was not replicated, and is loaded from its log elsewhere",
    .strike = [](FaultHands& hands) { return hands.resign_coordinator(); },
    .needs_persisters = true,
};

}  // namespace sharelock
