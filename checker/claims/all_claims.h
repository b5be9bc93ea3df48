// The list of claims, and how a step is put before them. A new claim is its file, an #include and a word here.
#pragma once

#include <tuple>
#include <vector>

#include "checker/claims/abort.h"
#include "checker/claims/cap.h"
#include "checker/claims/cnt.h"
#include "checker/claims/dcc.h"
#include "checker/claims/dur.h"
#include "checker/claims/end.h"
#include "checker/claims/fence.h"
#include "checker/claims/init.h"
#include "checker/claims/lock.h"
#include "checker/claims/loss.h"
#include "checker/claims/own.h"
#include "checker/claims/prog.h"
#include "checker/claims/sess.h"
#include "checker/claims/spso.h"
#include "checker/claims/store.h"
#include "checker/claims/term.h"
#include "checker/claims/tmr.h"
#include "checker/claims/wake.h"

namespace sharelock {

/// What one group's claims remember.
using GroupClaims = std::tuple<claims::Own, claims::Dur, claims::Loss, claims::Cnt, claims::Spso, claims::Tmr,
                               claims::Term, claims::Fence, claims::Store, claims::Cap, claims::Sess, claims::Dcc,
                               claims::Abort, claims::Lock, claims::Wake, claims::End, claims::Init, claims::Prog>;

/// Ids and sentences of all claims, in the order of `sharelock list claims`.
std::span<const ClaimInfo> all_claims();
/// The ids alone.
std::span<const std::string_view> all_claim_ids();

/// All claims about all groups of a world: a value, as its world is.
class ClaimSet {
 public:
  explicit ClaimSet(std::size_t groups) : judged_(groups), groups_(groups) {}

  /// Judges one step; the first violation of it, if any.
  std::optional<Violation> judge(const PartitionWorld& world, TimeMs at, const Observations& observations);
  /// Judges what is left undone in a world that was healed and given time: the claims that promise `eventually`.
  std::optional<Violation> judge_end(const PartitionWorld& world, TimeMs at);
  /// Judges a world as a whole: slow, for tests and for looking for mistakes of claims. What it finds, `judge` found
  /// not later than at the last step.
  std::optional<Violation> scan(const PartitionWorld& world, TimeMs at) const;

  // What claims remember is coded with the world that they judge, see PartitionWorld::survey.
  void survey(const PartitionWorld& world, Survey& survey) const { code(*this, world, survey); }
  void write(const PartitionWorld& world, Writer& writer) const { code(*this, world, writer); }
  /// Precondition: `world` has been read.
  void read(const PartitionWorld& world, Reader& reader);

 private:
  template <class Coder, class Self>
  static void code(Self& self, const PartitionWorld& world, Coder& coder);
  void turn_to_current(const PartitionWorld& world, TimeMs at, std::optional<Violation>& found);

  /// Of each group the share partition that its claims are about; 0 if there is none.
  std::vector<InstanceNumber> judged_;
  std::vector<GroupClaims> groups_;
};

}  // namespace sharelock
