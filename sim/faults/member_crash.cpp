#include "sim/fault.h"

namespace sharelock {

/// A member dies without a word: its connection stays open, its locks have to expire.
extern const Fault member_crash;
const Fault member_crash{
    .name = "member-crash",
    .sentence = "a member dies silently: the leader keeps its session, its locks have to expire",
    .strike =
        [](FaultHands& hands) {
          const MemberId victim =
              hands.draw_member([](const Member& member) { return member.alive && member.connected; });
          if (victim == nobody) return false;
          hands.later(0, {.kind = StepKind::crash, .member = victim});
          const TimeMs down = hands.chance().between(1'000, 60'000);
          hands.later(down, {.kind = StepKind::disconnect_noticed, .member = victim});
          hands.later(down, {.kind = StepKind::restart, .member = victim});
          return true;
        },
    .heal =
        [](FaultHands& hands) {
          for (std::uint32_t id = 1; id <= hands.world().member_count(); ++id) {
            if (hands.world().member(MemberId{id}).alive) continue;
            hands.later(0, {.kind = StepKind::disconnect_noticed, .member = MemberId{id}});
            hands.later(0, {.kind = StepKind::restart, .member = MemberId{id}});
          }
        },
};

}  // namespace sharelock
