#include "checker/claims/sess.h"

#include <utility>

#include "model/world/tell.h"

namespace sharelock::claims {

/// What a session's end did not reach would never be looked at: so all of the window is, once per session.
void Sess::see(const seen::SessionClosed&, Watch& watch) {
  scan(watch);
}

void Sess::see(const seen::SessionOpened& opened, Watch& watch) {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || instance->broker != opened.broker) return;
  opened_ = opened.member;
  acquired_ = {};
}

void Sess::see(const seen::Acquired& acquired, Watch&) {
  if (acquired.member == opened_) acquired_.add(acquired.first, acquired.last);
}

/// All of the window is looked at, once per session, as at a session's end.
void Sess::settle(Watch& watch) {
  const MemberId member = std::exchange(opened_, nobody);
  if (member == nobody || watch.instance() == nullptr) return;
  const InFlightWindow& window = watch.instance()->partition.window();
  const OffsetSpan all = all_of(window);
  for_each_state(window, all.first, all.last, [&](Offset first, Offset last, const InFlightState& state) {
    if (state.state() != RecordState::acquired || state.owner() != member || acquired_.contains(first)) return;
    std::string what = watch.world.settings().of(member).name;
    what += " begins a session and still owns " + range_text(first, last) + " from an earlier one";
    watch.fail(info, std::move(what));
  });
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
