// The list of claims, and how a step is put before them. A new claim is its file, an #include and a word here.
#pragma once

#include <tuple>
#include <vector>

#include "checker/claims/cnt.h"
#include "checker/claims/own.h"

namespace sharelock {

/// What one group's claims remember.
using GroupClaims = std::tuple<claims::Own, claims::Cnt>;

/// Ids and sentences of all claims, in the order of `sharelock list claims`.
std::span<const ClaimInfo> all_claims();
/// The ids alone.
std::span<const std::string_view> all_claim_ids();

/// All claims about all groups of a world: a value, as its world is.
class ClaimSet {
 public:
  explicit ClaimSet(std::size_t groups) : groups_(groups) {}

  /// Judges one step; the first violation of it, if any.
  std::optional<Violation> judge(const PartitionWorld& world, TimeMs at, const Observations& observations);

 private:
  std::vector<GroupClaims> groups_;
};

}  // namespace sharelock
