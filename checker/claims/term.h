// TERM: what is over stays over.
#pragma once

#include "checker/claims/claim.h"
#include "checker/claims/offset_memory.h"

namespace sharelock::claims {

class Term {
 public:
  static constexpr ClaimInfo info{"TERM",
                                  "a terminal state is never left, unless its own write fails; what was confirmed is "
                                  "terminal after a reload"};

  void see(const seen::AcknowledgementConfirmed& confirmed, Watch&) {
    if (!confirmed.present) return;
    if (confirmed.type == AcknowledgeType::accept || confirmed.type == AcknowledgeType::reject)
      confirmed_.add(confirmed.first, confirmed.last);
  }
  void see(const seen::StoreApplied& applied, Watch&) {
    if (applied.newer) confirmed_ = {};
  }
  void see(const seen::InstanceLoaded& loaded, Watch& watch);
  void see(const seen::InstanceDropped&, Watch&) { final_.clear(); }
  void see(const seen::StartOffsetMoved& moved, Watch& watch) {
    if (watch.is_current(moved.instance)) final_.forget_below(moved.to);
  }
  void look(const OffsetSpan& touched, Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    OffsetMemory<RecordState>::code(self.final_, coder, [&](auto& state) { coder.small(state); });
    coder.spans_from_here(self.confirmed_);
  }

 private:
  OffsetMemory<RecordState>
      final_;              ///< The terminal state of an offset without a write under way; otherwise available.
  IntervalSet confirmed_;  ///< Accepts and rejects that members know to be done.
};

}  // namespace sharelock::claims
