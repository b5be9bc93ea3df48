// DCC: the delivery-complete count counts.
#pragma once

#include "checker/claims/claim.h"
#include "checker/claims/offset_memory.h"

namespace sharelock::claims {

class Dcc {
 public:
  static constexpr ClaimInfo info{"DCC",
                                  "the delivery-complete count is the number of terminal offsets at or above the start "
                                  "offset, and never negative"};

  void see(const seen::InstanceLoaded& loaded, Watch& watch);
  void see(const seen::InstanceDropped&, Watch&) { loaded_ = false; }
  void see(const seen::StartOffsetMoved& moved, Watch& watch);
  void look(const OffsetSpan& touched, Watch& watch);
  void settle(Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    coder.flag(self.loaded_);
    if constexpr (Coder::reads) {
      self.count_ = 0;
      self.changed_ = false;
    }
    OffsetMemory<bool>::code(self.terminal_, coder, [&](auto& terminal) {
      coder.flag(terminal);
      if constexpr (Coder::reads) self.count_ += terminal ? 1 : 0;
    });
  }

 private:
  void note(Offset offset, bool terminal);

  bool loaded_ = false;
  bool changed_ = false;
  std::int64_t count_ = 0;
  OffsetMemory<bool> terminal_;
};

}  // namespace sharelock::claims
