#include "sim/fault.h"

namespace sharelock {

/// The old leader goes on until it learns; what it has under way then goes on all the same.
extern const Fault leader_moves;
const Fault leader_moves{
    .name = "leader-moves",
    .sentence = "the other broker becomes leader: it reads the state from the store, members learn and follow it",
    .strike =
        [](FaultHands& hands) {
          hands.later(0, {.kind = StepKind::leader_moves});
          return true;
        },
};

}  // namespace sharelock
