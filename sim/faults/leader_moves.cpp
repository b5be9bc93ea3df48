#include "sim/fault.h"

namespace sharelock {

/// What the old leader still has under way goes on.
extern const Fault leader_moves;
const Fault leader_moves{
    .name = "leader-moves",
    .sentence = "another broker becomes leader: it reads the state from the store, everybody begins a new session",
    .strike =
        [](FaultHands& hands) {
          hands.later(0, {.kind = StepKind::leader_moves});
          return true;
        },
};

}  // namespace sharelock
