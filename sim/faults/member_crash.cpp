#include "sim/fault.h"

namespace sharelock {

/// A member dies without a word: its connection stays open, its locks have to expire.
extern const Fault member_crash;
const Fault member_crash{
    .name = "member-crash",
    .sentence = "a member dies silently: the leader keeps its session, its locks have to expire",
    .strike =
        [](FaultHands& hands) {
          const MemberId victim = hands.draw_member([](const Member& member) { return member.is_connected(); });
          if (victim == nobody) return false;
          hands.later(0, {.kind = StepKind::crash, .member = victim});
          hands.bring_back(hands.chance().between(1'000, 60'000), victim);
          return true;
        },
    .heal =
        [](FaultHands& hands) {
          for (std::uint32_t id = 1; id <= hands.world().member_count(); ++id)
            if (!hands.world().member(MemberId{id}).alive) hands.bring_back(0, MemberId{id});
        },
};

}  // namespace sharelock
