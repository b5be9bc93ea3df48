// DUR: what was confirmed to a member is final.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Dur {
 public:
  static constexpr ClaimInfo info{"DUR",
                                  "a record whose accept or reject was confirmed to the member is never delivered "
                                  "again, across any crash or leader change"};

  void see(const seen::AcknowledgementConfirmed& confirmed, Watch&) {
    if (confirmed.type == AcknowledgeType::accept || confirmed.type == AcknowledgeType::reject)
      final_.add(confirmed.first, confirmed.last);
  }
  void see(const seen::Acquired& acquired, Watch& watch) {
    not_again(acquired.first, acquired.last, acquired.member, watch);
  }

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch*) {
    coder.spans_from_here(self.final_);
  }

 private:
  /// Judged where a delivery is decided. A response that was under way when another member finished the record still
  /// arrives: that delivery began before.
  void not_again(Offset first, Offset last, MemberId by, Watch& watch) const;

  IntervalSet final_;  ///< Few ranges: what is finished is contiguous but for what is in flight.
};

}  // namespace sharelock::claims
