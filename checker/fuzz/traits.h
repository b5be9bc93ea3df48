// Traits: what tells one case from another. A case that shows a new one is worth keeping.
//
// A trait is coarse on purpose: which kinds of steps can happen next (an abstract state) and which was taken, which
// kind of step brought about which kind of observation, which two kinds of observations or steps followed each other,
// which situation was met. Members, offsets and times do not count.
#pragma once

#include <bitset>
#include <memory>
#include <vector>

#include "checker/fuzz/step_class.h"
#include "model/world/observation.h"

namespace sharelock::fuzz {

/// A trait by its number. Two traits may share a number; then one of them hides the other.
using Trait = std::uint32_t;
inline constexpr std::size_t trait_count = std::size_t{1} << 20;

/// A set of traits, listed in the order in which they were added.
class TraitSet {
 public:
  /// False: it was there.
  bool add(Trait trait);
  /// How many of them are new here.
  std::size_t add_all(const std::vector<Trait>& traits);
  const std::vector<Trait>& list() const { return list_; }
  void clear();

 private:
  std::unique_ptr<std::bitset<trait_count>> has_ = std::make_unique<std::bitset<trait_count>>();
  std::vector<Trait> list_;
};

/// Collects the traits of one case, step by step.
class TraitReader {
 public:
  explicit TraitReader(TraitSet& set) : set_{set} {}

  /// What could happen next: `enabled` in its order.
  void look(const std::vector<Step>& enabled);
  /// What was done, and what came of it.
  void see(const Step& step, const Observations& observations);
  void meet(std::size_t situation);

 private:
  TraitSet& set_;
  std::uint64_t state_ = 0;  ///< What could happen next, when that was looked at last.
  std::uint32_t last_step_ = 0;
  std::uint32_t last_seen_ = 0;
};

}  // namespace sharelock::fuzz
