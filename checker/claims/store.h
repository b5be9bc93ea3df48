// STORE: what the store took over, it keeps.
#pragma once

#include "checker/claims/claim.h"
#include "checker/claims/offset_memory.h"

namespace sharelock::claims {

class Store {
 public:
  static constexpr ClaimInfo info{"STORE",
                                  "what is stored of an offset only rises in the order of delivery count and state, is "
                                  "never anything that was not sent, and is there once it is confirmed; an "
                                  "initialise with an epoch that is not newer changes nothing"};

  void see(const seen::StoreApplied& applied, Watch& watch);
  void see(const seen::StatesAnswered& answered, Watch& watch);
  void settle(Watch& watch);
  void scan(Watch& watch) const { compare_all(watch); }

  /// The memory is what the store holds: it is taken from there again.
  template <class Coder, class Self>
  static void code(Self& self, Coder&, const Watch&) {
    if constexpr (Coder::reads) self.unknown_ = true;
  }

 private:
  /// Delivery count and state as one number, in the order in which the store combines batches (BC-2); 0: nothing.
  using Standing = std::uint16_t;
  static Standing standing_of(const StateBatch& batch) {
    return static_cast<Standing>(batch.delivery_count << 3 | (static_cast<int>(batch.state) + 1));
  }
  void see_initialise(const seen::StoreApplied& applied, Watch& watch);
  void take_over(const StateBatch& sent, Watch& watch);
  void take_over_copy(Watch& watch);
  void compare_all(Watch& watch) const;

  OffsetMemory<Standing> held_;  ///< What the store holds of each offset from its start offset on.
  Offset start_ = -1;            ///< The start offset that it holds.
  bool unknown_ = true;          ///< It has to be looked up first.
};

}  // namespace sharelock::claims
