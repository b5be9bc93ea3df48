// FENCE: only the present leader and the present initialisation write.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Fence {
 public:
  static constexpr ClaimInfo info{"FENCE",
                                  "a write takes effect only with the leader epoch and the state epoch of the latest "
                                  "read and initialisation that the store answered; altered offsets begin an epoch"};

  void see(const seen::StoreApplied& applied, Watch& watch);
  void see(const seen::AlterationBegun& begun, Watch& watch);

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    bool read = self.leader_epoch_.has_value();
    coder.flag(read);
    if constexpr (Coder::reads) self.leader_epoch_ = read ? std::optional{0} : std::nullopt;
    if (read) coder.leader_epoch(*self.leader_epoch_);
  }

 private:
  std::optional<std::int32_t> leader_epoch_;  ///< Of the latest read that the store answered.
};

}  // namespace sharelock::claims
