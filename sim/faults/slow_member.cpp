#include "sim/fault.h"

namespace sharelock {

/// Slow enough that locks expire under it.
extern const Fault slow_member;
const Fault slow_member{
    .name = "slow-member",
    .sentence = "a member processes its records ten times slower for the rest of the storm",
    .strike =
        [](FaultHands& hands) {
          const MemberId victim = hands.draw_member([](const Member& member) { return member.alive; });
          if (victim == nobody) return false;
          hands.set_slow(victim, true);
          return true;
        },
    .heal =
        [](FaultHands& hands) {
          for (std::uint32_t id = 1; id <= hands.world().member_count(); ++id) hands.set_slow(MemberId{id}, false);
        },
};

}  // namespace sharelock
