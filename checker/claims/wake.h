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
  /// What a fetch would find now that is tried with the fetch lock free.
  struct Found {
    Offset first;          ///< The least offset that it would acquire.
    std::int64_t offsets;  ///< So many can be read from there on, as fetch.min.bytes counts.
  };
  static std::optional<Found> acquirable(const Watch& watch);
};

}  // namespace sharelock::claims
