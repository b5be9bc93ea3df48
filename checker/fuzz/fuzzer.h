// The loop: cases in generations, what is new is kept, what is kept is changed.
//
// Owns:             which cases are played and in which order, and what is kept of them.
// Knows nothing of: files, terminals, how a world settles.
// Therefore:        the cases of a generation depend on the seed and on the generations before it, never on threads;
// the
//                   first violation is that of the case with the least number.
#pragma once

#include <functional>

#include "base/chance.h"
#include "base/digest.h"
#include "checker/explore/crew.h"
#include "checker/fuzz/player.h"

namespace sharelock::fuzz {

/// How far the loop is.
struct Progress {
  std::uint64_t cases = 0;
  std::uint64_t steps = 0;
  std::size_t kept = 0;
  std::size_t traits = 0;
};

struct Options {
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> cases{};             ///< Empty: until `stop` says so, or something is found.
  unsigned jobs = 1;                                ///< Threads; the outcome does not depend on it.
  std::vector<Plan> past{};                         ///< Played first, in this order, and kept if they show something.
  std::function<bool()> stop = {};                  ///< Asked between generations.
  std::function<void(const Progress&)> watch = {};  ///< Called between generations.
};

/// A plan that showed something new, and all that it showed.
struct Kept {
  Plan plan;
  std::vector<Trait> traits;
};

/// What the loop found.
struct Outcome {
  Progress progress;
  std::optional<Violation> violation;
  std::uint64_t case_number = 0;  ///< Of the violation, from 1.
  Plan plan;                      ///< Of the violation.
  std::array<std::uint64_t, class_count> taken{};
  std::vector<std::uint64_t> met;
  std::vector<Kept> kept;  ///< In the order in which they were found; those of `past` first.
  Digest digest;           ///< Of all that was played.
};

class Fuzzer {
 public:
  /// Both must outlive the fuzzer.
  Fuzzer(const Stage& stage, const Options& options);

  /// Whether a violation was found, all cases were played, or `stop` says so; never before the first generation.
  bool is_over() const;
  /// Plays the next generation. Precondition: it is not over.
  void play_generation();
  const Outcome& outcome() const { return outcome_; }

 private:
  std::uint64_t size_of_next() const;
  Case make_case(std::uint64_t number) const;
  const Plan& pick_kept(Chance& chance) const;
  void take(Played played);

  const Options& options_;
  Chance chance_;
  explore::Crew crew_;
  std::vector<Player> players_;
  TraitSet seen_;
  Outcome outcome_;
};

/// As few plans as it takes, more or less, to show all that these show; the shortest first.
std::vector<Plan> distilled(const std::vector<Kept>& kept);

/// Generation after generation until it is over.
Outcome fuzz(const Stage& stage, const Options& options);

}  // namespace sharelock::fuzz
