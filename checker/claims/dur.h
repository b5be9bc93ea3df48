// DUR: what was confirmed to a member is final.
#pragma once

#include "checker/claims/claim.h"

namespace sharelock::claims {

class Dur {
 public:
  static constexpr ClaimInfo info{"DUR",
                                  "a record whose accept or reject was confirmed to the member is never delivered "
                                  "again, across any crash or leader change, unless the group begins anew"};

  void see(const seen::AcknowledgementConfirmed& confirmed, Watch&) {
    if (!confirmed.present) return;
    if (confirmed.type == AcknowledgeType::accept || confirmed.type == AcknowledgeType::reject)
      final_.add(confirmed.first, confirmed.last);
  }
  void see(const seen::StoreApplied& applied, Watch&) {
    if (applied.newer) final_ = {};
  }
  void see(const seen::Acquired& acquired, Watch& watch) {
    if (is_known_to(acquired, watch)) not_again(acquired.first, acquired.last, acquired.member, watch);
  }

  void scan(Watch& watch) const;

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, const Watch&) {
    coder.spans_from_here(self.final_);
  }

 private:
  /// Judged where a delivery is decided. A response that was under way when another member finished the record still
  /// arrives: that delivery began before.
  /// A broker that was replaced as leader and does not know it cannot know either what was confirmed since: nothing of
  /// an acquisition is stored, and what it delivers until it learns is the at-least-once of section 10.3. From the
  /// moment it knows, it is judged as everybody.
  static bool is_known_to(const seen::Acquired& acquired, const Watch& watch) {
    const ShareInstance* instance = watch.world.group(watch.group).find(acquired.instance);
    return instance == nullptr || watch.world.has_learned(instance->broker);
  }
  void not_again(Offset first, Offset last, MemberId by, Watch& watch) const;

  IntervalSet final_;  ///< Few ranges: what is finished is contiguous but for what is in flight.
};

}  // namespace sharelock::claims
