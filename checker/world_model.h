// A world with its claims as a model that can be searched (docs/exploration.md).
//
// A state is a world and what its claims remember; an action is a step of the world. Claims judge steps: what a step
// broke is told of it, not of the state after it. Claims that promise `eventually` judge states in which nothing is
// under way: healed and given time, is everything done? What is stuck stays stuck until such a state is reached.
//
// Where the bounds limit deviations, a state also counts how often something began while something else was under way.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/claims/all_claims.h"
#include "checker/explore/model.h"
#include "checker/plan.h"
#include "checker/settled_states.h"

namespace sharelock {

class WorldModel {
 public:
  struct State {
    std::optional<PartitionWorld> world;  ///< Empty only in a state that was lent and never filled.
    ClaimSet claims{0};
    std::optional<Violation> broken;  ///< What the step that led here broke; not part of the state.
    Observations seen;                ///< Of that step.
    std::uint8_t deviations = 0;
    mutable std::optional<bool> busy{};  ///< Whether something is under way, once that was asked.
  };
  using Action = Step;

  /// `settings` must outlive the model and all its states.
  /// `settle`: how a world heals and settles; empty: what promises `eventually` is not judged.
  explicit WorldModel(const WorldSettings& settings, Settle settle = {})
      : settings_{&settings}, settle_{std::move(settle)} {}

  std::vector<State> initial_states() const;
  void actions(const State& state, std::vector<Step>& out) const;
  bool next(const State& state, const Step& action, State& after) const;
  void encode(const State& state, const explore::Renaming& renaming, explore::ByteBuffer& out) const;
  void encode_canonical(const State& state, std::span<const explore::Renaming> renamings,
                        explore::ByteBuffer& out) const;
  void decode(explore::Bytes bytes, State& state) const;

  /// Only where nothing is under way is it judged what should be done by now.
  bool needs_judging(explore::Bytes encoding) const;
  std::optional<explore::Violation> violation(const State& state) const;
  std::optional<explore::Violation> step_violation(const State& before, const Step& action, const State& after) const;
  std::vector<std::vector<std::size_t>> interchangeable() const;

  /// Kinds of steps; what is answered by an error counts as a kind of its own.
  std::vector<explore::StepClass> step_classes() const;
  std::size_t step_class(const Step& action) const;
  bool is_fault(const Step& action) const { return fault_of(action).has_value(); }

  std::string tell(const Step& action) const { return to_text(action); }
  std::vector<explore::Field> tell(const State& state) const;
  /// All settings that make a difference.
  std::string identity() const;

 private:
  struct Scratch;

  bool is_busy(const State& state) const;
  void begin_encoding(const State& state, Scratch& scratch) const;
  void write_all(const State& state, const MemberNames& names, Scratch& scratch) const;

  const WorldSettings* settings_;
  Settle settle_;
  std::shared_ptr<SettledStates> settled_ = std::make_shared<SettledStates>();
};

}  // namespace sharelock
