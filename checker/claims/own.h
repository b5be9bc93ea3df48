// OWN: an offset belongs to at most one acquisition at a time.
#pragma once

#include "checker/claims/claim.h"
#include "checker/claims/offset_memory.h"

namespace sharelock::claims {

class Own {
 public:
  static constexpr ClaimInfo info{"OWN",
                                  "an offset belongs to at most one acquisition at a time, and only from the start "
                                  "offset on is anything acquired"};

  void see(const seen::InstanceLoaded&, Watch&) { holders_.clear(); }
  void see(const seen::InstanceDropped&, Watch&) { holders_.clear(); }
  void see(const seen::StartOffsetMoved& moved, Watch& watch) {
    if (watch.is_current(moved.instance)) holders_.forget_below(moved.to);
  }
  void see(const seen::AcknowledgementTaken& taken, Watch& watch);
  void see(const seen::Acquired& acquired, Watch& watch);
  void look(const OffsetSpan& touched, Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    OffsetMemory<MemberId>::code(self.holders_, coder, [&](auto& holder) { coder.member(holder); });
  }

 private:
  void let_go(Offset first, Offset last);

  OffsetMemory<MemberId> holders_;  ///< Who acquired an offset and has it still.
};

}  // namespace sharelock::claims
