// CNT: delivery counts count deliveries, and stay within the limit.
#pragma once

#include "checker/claims/claim.h"
#include "checker/claims/offset_memory.h"

namespace sharelock::claims {

class Cnt {
 public:
  static constexpr ClaimInfo info{"CNT",
                                  "a delivery count is the loaded count plus the number of acquisitions, never above "
                                  "the limit, and never decreases while the leader stays"};

  void see(const seen::InstanceLoaded& loaded, Watch& watch);
  void see(const seen::InstanceDropped&, Watch&) { counts_.clear(); }
  void see(const seen::StartOffsetMoved& moved, Watch& watch) {
    if (watch.is_current(moved.instance)) counts_.forget_below(moved.to);
  }
  void see(const seen::Acquired& acquired, Watch& watch);
  void look(const OffsetSpan& touched, Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    OffsetMemory<std::int32_t>::code(self.counts_, coder, [&](auto& count) { coder.number(count); });
  }

 private:
  OffsetMemory<std::int32_t> counts_;
};

}  // namespace sharelock::claims
