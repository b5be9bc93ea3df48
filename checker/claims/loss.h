// LOSS: no record ends without a reason.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Loss {
 public:
  static constexpr ClaimInfo info{
      "LOSS",
      "a visible record becomes terminal only by accept, reject, the delivery limit, a moved "
      "log start, compaction or an aborted transaction; a partition that is added to a topic that the group knows is "
      "begun at its first record"};

  void see(const seen::InstanceCreated&, Watch&) { loaded_ = false; }
  void see(const seen::InstanceLoaded& loaded, Watch& watch);
  void see(const seen::StoreApplied& applied, Watch&) {
    if (!applied.newer) return;
    initial_.reset();
    ever_ = {};
  }
  void see(const seen::AcknowledgementTaken& taken, Watch& watch);
  void see(const seen::StartOffsetMoved& moved, Watch& watch);
  void look(const OffsetSpan& touched, Watch& watch);
  /// Its last writes may still reach the store: what they archive at the limit has a reason.
  void look_at_dropped(const ShareInstance& instance, const OffsetSpan& touched, Watch& watch);
  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch& watch) {
    // Nobody asks for the reasons of a share partition that is not there.
    const bool loaded = code_loaded(self.loaded_, coder, watch);
    if (loaded) coder.spans_from_here(self.reasons_);
    bool begun = self.initial_.has_value();
    coder.flag(begun);
    if constexpr (Coder::reads) self.initial_ = begun ? std::optional{Offset{0}} : std::nullopt;
    if (begun) {
      // What has a reason up to here will never be asked for again, unless the base lies below.
      if constexpr (!Coder::reads && !Coder::writes) coder.offset(self.ever_.first_absent(*self.initial_));
      coder.offset_from_here(*self.initial_);
    }
    coder.spans_from_here(self.ever_);
  }

 private:
  static Offset first_offset(Offset start, const Watch& watch);
  void add_for_ever(Offset first, Offset last, InstanceNumber number, const Watch& watch) {
    if (watch.is_of_present_epoch(number)) ever_.add(first, last);
  }
  void need_reasons(Offset first, Offset last, const IntervalSet& reasons, std::string_view how, Watch& watch) const;

  bool loaded_ = false;
  IntervalSet reasons_;            ///< Offsets with a reason to be terminal, in this share partition.
  IntervalSet ever_;               ///< The same in any: a write that was reported as failed may be stored all the same.
  std::optional<Offset> initial_;  ///< The group's first start offset since it was initialised last.
};

}  // namespace sharelock::claims
