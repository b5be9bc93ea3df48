// CAP: the in-flight window stays within its limit.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Cap {
 public:
  static constexpr ClaimInfo info{
      "CAP",
      "the in-flight window covers fewer offsets than the record-lock limit and one log batch, "
      "and does not grow once its length has reached the limit"};

  void see(const seen::Appended& appended, Watch&) {
    largest_batch_ = std::max(largest_batch_, appended.last - appended.first + 1);
  }
  void see(const seen::InstanceLoaded&, Watch&) { loaded_ = false; }
  void see(const seen::Acquired& acquired, Watch& watch);
  void settle(Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch& watch) {
    // The rest is that of the world after every step, and the limit nearly always is.
    coder.number(self.largest_batch_);
    std::int64_t lowered_from = 0;
    if (self.limit_ > watch.configuration().max_record_locks) lowered_from = self.limit_;
    coder.number(lowered_from);
    if constexpr (Coder::reads) self.limit_ = lowered_from;
  }

 private:
  Offset largest_batch_ = 1;
  std::int64_t limit_ = 0;  ///< The largest so far: a lower one evicts nothing, and what is stored is loaded.
  bool loaded_ = false;
  Offset start_ = 0;  ///< Of the window after the last step.
  Offset end_ = -1;
};

}  // namespace sharelock::claims
