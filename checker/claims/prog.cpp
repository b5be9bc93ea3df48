#include "checker/claims/prog.h"

namespace sharelock::claims {

void Prog::finish(Watch& watch) {
  const PartitionLog& log = watch.world.log();
  const ShareInstance* instance = watch.world.serving(watch.group);
  const Offset start =
      instance == nullptr ? watch.world.stored(watch.group).start_offset : instance->partition.start_offset();
  const Offset left = log.first_visible(start, log.end() - 1, watch.settings().isolation);
  if (left >= log.end()) return;
  std::string what = "the start offset stays at " + std::to_string(start);
  what += ", the log ends at " + std::to_string(log.end());
  if (instance == nullptr) return watch.fail(info, what + "; no share partition is loaded, nobody fetches");
  bool tracked = false;
  const auto tell_state = [&](Offset offset) {
    for_each_state(instance->partition.window(), offset, offset, [&](Offset, Offset, const InFlightState& state) {
      static constexpr std::array states{"available", "acquired", "acknowledged", "archiving", "archived"};
      tracked = true;
      what += "; " + std::to_string(offset);
      what += " is ";
      what += states[static_cast<std::size_t>(state.state())];
      if (state.is_pending()) what += ", its write is not answered";
      if (state.owner() != nobody) what += " by " + watch.world.settings().of(state.owner()).name;
    });
  };
  tell_state(start);
  if (left != start) tell_state(left);
  if (!tracked)
    what += "; " + std::to_string(left) + " was never acquired, the next fetch reads from " +
            std::to_string(instance->partition.peek_next_fetch_offset());
  watch.fail(info, std::move(what));
}

}  // namespace sharelock::claims
