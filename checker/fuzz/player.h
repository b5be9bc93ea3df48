// Plays a case: steps that are given and steps that are chosen, each of them one that the world offers, and then heal
// and settle.
#pragma once

#include <array>

#include "checker/fuzz/choices.h"
#include "checker/fuzz/traits.h"
#include "checker/plan.h"
#include "checker/situations.h"

namespace sharelock::fuzz {

/// One step of a case before it is played.
struct Move {
  enum class Kind : std::uint8_t {
    step,   ///< This one, or one of its kind; none if there is none.
    any,    ///< Whatever is chosen.
    fault,  ///< Whatever fault is chosen.
  } kind = Kind::any;
  Step step{};
};

/// A case: moves, and then as many chosen steps as there are choices left.
struct Case {
  std::vector<Move> moves;
  Choices choices;
};

/// What came of a case.
struct Played {
  Plan plan;  ///< As it was played: every step is possible. With a violation, up to and with the step that shows it.
  std::optional<Violation> violation;
  std::uint64_t steps = 0;  ///< Also those of settling.
  std::array<std::uint64_t, class_count> taken{};
  std::vector<std::uint64_t> met;  ///< Situations, and how often.
  std::vector<Trait> traits;
};

/// What one thread needs to play cases; lends its buffers from case to case.
class Player {
 public:
  /// `stage` must outlive the player. Its `settle` has to hand on steps by name alone (`PartitionWorld::named`).
  explicit Player(const Stage& stage) : stage_{stage} {}

  Played play(const Case& wanted);

 private:
  struct Game;

  const Stage& stage_;
  TraitSet traits_;
  std::vector<Step> enabled_;
  Observations observations_;
};

}  // namespace sharelock::fuzz
