#include "checker/claims/tmr.h"

namespace sharelock::claims {

void Tmr::count(InstanceNumber instance, const AcquisitionLock& lock, std::int8_t change, Watch& watch) {
  if (!watch.is_current(instance)) return;
  for (Offset offset = lock.first; offset <= lock.last; ++offset) {
    if (change < 0 && (offset < timers_.first() || offset >= timers_.end())) continue;
    std::int8_t& timers = timers_.at(offset);
    timers = static_cast<std::int8_t>(timers + change);
  }
}

/// Records below a start offset that moved with the log stay acquired until their locks expire: they are remembered.
void Tmr::see(const seen::StartOffsetMoved& moved, Watch& watch) {
  if (!watch.is_current(moved.instance)) return;
  const InFlightWindow& window = watch.instance()->partition.window();
  timers_.forget_below(window.empty() ? moved.to : std::min(moved.to, window[window.first()].first));
}

void Tmr::look(const OffsetSpan& touched, Watch& watch) {
  judge(timers_, touched, watch);
}

/// Counts the timers that there are.
void Tmr::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  OffsetMemory<std::int8_t> timers;
  instance->timers.for_each([&](const TimedLock& timed) {
    for (Offset offset = timed.lock.first; offset <= timed.lock.last; ++offset) ++timers.at(offset);
  });
  judge(timers, all_of(instance->partition.window()), watch);
}

void Tmr::judge(const OffsetMemory<std::int8_t>& live, const OffsetSpan& touched, Watch& watch) {
  for_each_state(watch.instance()->partition.window(), touched.first, touched.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   const bool acquired = state.state() == RecordState::acquired;
                   for (Offset offset = first; offset <= last; ++offset) {
                     const int timers = live[offset];
                     const bool right = acquired ? timers == 1 : state.is_pending() ? timers <= 1 : timers == 0;
                     if (right) continue;
                     const char* const what = acquired             ? " is acquired and has "
                                              : state.is_pending() ? " is in transition and has "
                                                                   : " is held by nobody and has ";
                     return watch.fail(info,
                                       std::to_string(offset) + what + std::to_string(timers) + " live lock timers");
                   }
                 });
}

}  // namespace sharelock::claims
