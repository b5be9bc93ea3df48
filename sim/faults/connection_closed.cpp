#include "sim/fault.h"

namespace sharelock {

/// What is under way on the connection is lost; the leader hears of it and releases the member's records.
extern const Fault connection_closed;
const Fault connection_closed{
    .name = "connection-closed",
    .sentence = "a member's connection breaks; the leader notices and releases its records, the member connects again",
    .strike =
        [](FaultHands& hands) {
          const MemberId victim = hands.draw_member([](const Member& member) { return member.is_connected(); });
          if (victim == nobody) return false;
          hands.later(0, {.kind = StepKind::disconnect, .member = victim});
          return true;
        },
};

}  // namespace sharelock
