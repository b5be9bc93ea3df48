// SPSO: the start offset only rises, and passes only what is over and confirmed.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Spso {
 public:
  static constexpr ClaimInfo info{
      "SPSO",
      "the start offset never goes back, in memory or in the store, and passes only records "
      "that are terminal and confirmed, or that are not in the log; one that was altered is stored until it is read"};

  void see(const seen::InstanceCreated&, Watch&) { loaded_ = false; }
  void see(const seen::InstanceLoaded& loaded, Watch& watch);
  void see(const seen::StartOffsetMoved& moved, Watch& watch);
  void see(const seen::StatesWritten& written, Watch& watch);
  void see(const seen::StoreApplied& applied, Watch& watch);
  void see(const seen::StatesAnswered& answered, Watch& watch);
  void see(const seen::AlterationAnswered& answered, Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch& watch) {
    const bool loaded = code_loaded(self.loaded_, coder, watch);
    coder.start_or_none(self.stored_);
    if (watch.world.administration() != nullptr) {
      coder.flag(self.read_);
      coder.start_or_none(self.altered_);
    }
    if constexpr (Coder::reads) {
      if (loaded) coder.spans_from_here(self.confirmed_);
    } else if (loaded) {
      // What the start offset has passed is not asked for again.
      IntervalSet ahead = self.confirmed_;
      ahead.trim_below(watch.instance()->partition.start_offset());
      coder.spans_from_here(ahead);
    }
  }

 private:
  bool loaded_ = false;
  Offset stored_ = -1;
  bool read_ = false;      ///< Since the state epoch began.
  Offset altered_ = -1;    ///< What the start offset was altered to, as long as nobody has read it; -1: it was not.
  IntervalSet confirmed_;  ///< Written, and answered to this share partition; or read by it as terminal.
};

}  // namespace sharelock::claims
