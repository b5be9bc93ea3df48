// END: whatever is asked is answered.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class End {
 public:
  static constexpr ClaimInfo info{"END", "each request, to the leader and to the store, gets its answer",
                                  Promise::eventually};

  /// The world has been healed and was given time: what is still under way?
  void finish(Watch& watch);
};

}  // namespace sharelock::claims
