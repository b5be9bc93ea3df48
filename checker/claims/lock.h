// LOCK: the fetch lock is where the fetches believe it is.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Lock {
 public:
  static constexpr ClaimInfo info{"LOCK",
                                  "the fetch lock has at most one holder, a fetch that is under way and knows it, and "
                                  "is given back once, by its holder"};

  void see(const seen::FetchUnlocked& unlocked, Watch& watch);
  void settle(Watch& watch) { scan(watch); }
  void scan(Watch& watch) const;
};

}  // namespace sharelock::claims
