// INIT: who subscribes is given something to do.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Init {
 public:
  static constexpr ClaimInfo info{"INIT",
                                  "when nothing goes wrong any more, a partition that exists and that somebody "
                                  "subscribes to is initialised, and assigned to somebody",
                                  Promise::eventually};

  /// The world has been healed, and members have sent heartbeats for a while.
  void finish(Watch& watch);
};

}  // namespace sharelock::claims
