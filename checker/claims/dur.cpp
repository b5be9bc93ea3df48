#include "checker/claims/dur.h"

namespace sharelock::claims {

void Dur::not_again(Offset first, Offset last, MemberId by, Watch& watch) const {
  const Offset again = final_.first_present(first, last);
  if (again > last) return;
  std::string what = std::to_string(again);
  what += ", whose acknowledgement was confirmed, is acquired by ";
  what += watch.world.settings().of(by).name;
  watch.fail(info, std::move(what));
}

/// The present share partition never holds open what was confirmed.
void Dur::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || !instance->loaded) return;
  const OffsetSpan all = all_of(instance->partition.window());
  for_each_state(instance->partition.window(), std::max(all.first, instance->partition.start_offset()), all.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   const bool open = state.state() == RecordState::available || state.state() == RecordState::acquired;
                   const Offset found = final_.first_present(first, last);
                   if (open && found <= last)
                     watch.fail(info, std::to_string(found) + " was confirmed, and can be delivered again");
                 });
}

}  // namespace sharelock::claims
