// SESS: who has no session owns no records; so nothing that was acquired in a session outlives it.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Sess {
 public:
  static constexpr ClaimInfo info{"SESS", "a member owns no records without a share session, or from an earlier one"};

  void see(const seen::SessionClosed& closed, Watch& watch);
  void see(const seen::SessionOpened& opened, Watch& watch);
  void see(const seen::Acquired& acquired, Watch& watch);
  void settle(Watch& watch);
  void scan(Watch& watch) const;
  void look(const OffsetSpan& touched, Watch& watch) { nobody_absent(touched.first, touched.last, watch); }
  /// Between steps it remembers nothing.
  template <class Self, class Coder>
  static void code(Self&, Coder&, const Watch&) {}

 private:
  static void nobody_absent(Offset first, Offset last, Watch& watch);

  // Of the step at hand:
  MemberId opened_ = nobody;  ///< Who began a session with the leader in it,
  IntervalSet acquired_;      ///< and what it acquired since.
};

}  // namespace sharelock::claims
