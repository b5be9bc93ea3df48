// TMR: every acquired record has its timer, and nothing else has one.
#pragma once

#include "checker/claims/claim.h"
#include "checker/claims/offset_memory.h"

namespace sharelock::claims {

class Tmr {
 public:
  static constexpr ClaimInfo info{
      "TMR",
      "an acquired record has exactly one live lock timer, one in transition at most one, any "
      "other none; a cancelled timer has no effect"};

  void see(const seen::InstanceLoaded&, Watch&) { timers_.clear(); }
  void see(const seen::InstanceDropped&, Watch&) { timers_.clear(); }
  void see(const seen::LockArmed& armed, Watch& watch) { count(armed.instance, armed.lock, +1, watch); }
  void see(const seen::LockCancelled& cancelled, Watch& watch) { count(cancelled.instance, cancelled.lock, -1, watch); }
  void see(const seen::LockHandled& handled, Watch& watch) { count(handled.instance, handled.lock, -1, watch); }
  void see(const seen::StartOffsetMoved& moved, Watch& watch);
  void look(const OffsetSpan& touched, Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    OffsetMemory<std::int8_t>::code(self.timers_, coder, [&](auto& timers) { coder.number(timers); });
  }

 private:
  static void judge(const OffsetMemory<std::int8_t>& live, const OffsetSpan& touched, Watch& watch);
  void count(InstanceNumber instance, const AcquisitionLock& lock, std::int8_t change, Watch& watch);

  OffsetMemory<std::int8_t> timers_;  ///< Live timers that cover an offset.
};

}  // namespace sharelock::claims
