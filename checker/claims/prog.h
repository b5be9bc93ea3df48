// PROG: in the end everything is done.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Prog {
 public:
  static constexpr ClaimInfo info{
      "PROG",
      "when nothing goes wrong any more and members acknowledge, every visible record becomes "
      "terminal, and the start offset passes it",
      Promise::eventually};

  /// The world has been healed and was given time: who waits for what?
  void finish(Watch& watch);
};

}  // namespace sharelock::claims
