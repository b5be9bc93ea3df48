// ABORT: no call fails half-way.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Abort {
 public:
  static constexpr ClaimInfo info{"ABORT", "no operation on a share partition ends in an internal error"};

  void see(const seen::CallAborted& aborted, Watch& watch) {
    std::string what{form_of(aborted.during).name};
    what += " ended in an internal error half-way";
    watch.fail(info, std::move(what));
  }
};

}  // namespace sharelock::claims
