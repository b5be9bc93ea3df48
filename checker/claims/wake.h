// WAKE: nobody sleeps beside what it could have.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Wake {
 public:
  static constexpr ClaimInfo info{
      "WAKE", "no waiting fetch could acquire something without a check of it being scheduled or an attempt under way"};

  void settle(Watch& watch) { scan(watch); }
  void scan(Watch& watch) const;

 private:
  /// The least offset that a fetch would acquire from the share partition now; none if it would acquire nothing.
  static std::optional<Offset> first_acquirable(const Watch& watch);
};

}  // namespace sharelock::claims
