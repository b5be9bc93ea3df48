// SESS: who has no session owns no records.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Sess {
 public:
  static constexpr ClaimInfo info{"SESS", "a member without a share session owns no records"};

  void see(const seen::SessionClosed& closed, Watch& watch);
  void scan(Watch& watch) const;
  void look(const OffsetSpan& touched, Watch& watch) { nobody_absent(touched.first, touched.last, watch); }

 private:
  static void nobody_absent(Offset first, Offset last, Watch& watch);
};

}  // namespace sharelock::claims
