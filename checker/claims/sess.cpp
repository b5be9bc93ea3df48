#include "checker/claims/sess.h"

#include "model/world/tell.h"

namespace sharelock::claims {

/// What a session's end did not reach would never be looked at: so all of the window is, once per session.
void Sess::see(const seen::SessionClosed&, Watch& watch) {
  scan(watch);
}

void Sess::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const OffsetSpan all = all_of(instance->partition.window());
  nobody_absent(all.first, all.last, watch);
}

void Sess::nobody_absent(Offset first, Offset last, Watch& watch) {
  for_each_state(watch.instance()->partition.window(), first, last,
                 [&](Offset from, Offset to, const InFlightState& state) {
                   if (state.state() != RecordState::acquired || state.owner() == nobody) return;
                   if (watch.world.member(state.owner()).session_at(watch.instance()->broker).open) return;
                   std::string what = watch.world.settings().of(state.owner()).name;
                   what += " has no session and owns " + range_text(from, to);
                   watch.fail(info, std::move(what));
                 });
}

}  // namespace sharelock::claims
