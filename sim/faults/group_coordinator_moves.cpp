#include "sim/fault.h"

namespace sharelock {

/// What it asked the store for goes its way; the outcome reaches nobody.
extern const Fault group_coordinator_moves;
const Fault group_coordinator_moves{
    .name = "group-coordinator-moves",
    .sentence = "another broker becomes group coordinator and loads it from its log; outcomes under way are lost",
    .strike =
        [](FaultHands& hands) {
          hands.later(0, {.kind = StepKind::group_coordinator_moves});
          return true;
        },
    .administration = true,
};

}  // namespace sharelock
