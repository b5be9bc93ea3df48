// The way to a state: which states lie on it, and what happens along it.
//
// Only the indices of the states on the way are known; the steps are found by executing again from an initial state. So
// the story is told in one set of names, although symmetry keeps each state under names of its own.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "checker/explore/chunk.h"
#include "checker/explore/known_states.h"
#include "checker/explore/model.h"
#include "checker/explore/symmetry.h"
#include "checker/explore/verdict.h"

namespace sharelock::explore {

/// The states from an initial one to `last`, along the parents.
/// @param initial_states  How many initial states there are; they have the least indices.
inline std::vector<StateIndex> path_to(const Parents& parents, StateIndex last, StateIndex initial_states) {
  std::vector<StateIndex> path{last};
  while (path.back() >= initial_states) path.push_back(parents.parent_of(path.back()));
  std::ranges::reverse(path);
  return path;
}

/// The fields whose values differ, as "name: before -> after".
std::vector<std::string> changes(const std::vector<Field>& before, const std::vector<Field>& after);
/// The fields as "name: value".
std::vector<std::string> lines(const std::vector<Field>& fields);

/// A state in the names of the story, and the step that led to it (none for the first).
template <Model M>
struct Stop {
  typename M::State state;
  std::optional<typename M::Action> by;
};

/// Walks from state to state and tells what it sees.
template <Model M>
class PathFinder {
 public:
  using State = typename M::State;
  using Action = typename M::Action;

  PathFinder(const M& model, const KnownStates& known, bool symmetry)
      : model_{&model}, known_{&known}, encoder_{model, symmetry} {}

  /// The first initial state that is state `index` but for names.
  State beginning(StateIndex index) {
    for (State& state : model_->initial_states())
      if (is(state, index)) return state;
    throw std::logic_error{"no initial state has the encoding that was stored"};
  }

  /// What happens along `path`: at each state the first step in order that leads to the next.
  std::vector<Stop<M>> walk(const std::vector<StateIndex>& path) {
    std::vector<Stop<M>> stops;
    stops.push_back({beginning(path.front()), std::nullopt});
    for (std::size_t i = 1; i < path.size(); ++i)
      stops.push_back(
          first_step(stops.back().state, [&](const Action&, const State& after) { return is(after, path[i]); }));
    return stops;
  }

  /// The first step of `from`, in order, for which `wanted(action, after)` says true.
  template <class Wanted>
  Stop<M> first_step(const State& from, const Wanted& wanted) {
    actions_.clear();
    model_->actions(from, actions_);
    State after{};
    for (const Action& action : actions_)
      if (model_->next(from, action, after) && wanted(action, after)) return {after, action};
    throw std::logic_error{"executing again did not find the step that was taken; the model is not deterministic"};
  }

  /// The story along `path` and, unless it ends with the last state itself, on to what breaks a claim.
  Counterexample tell(const std::vector<StateIndex>& path, const std::optional<Finding>& finding) {
    std::vector<Stop<M>> stops = walk(path);
    Counterexample story;
    if (finding) {
      story.violation = finding->violation;
      const State before = stops.back().state;
      stops.push_back(first_step(before, [&](const Action& action, const State& after) {
        return judge(*model_, before, action, after).has_value();
      }));
    }
    story.beginning = lines(model_->tell(stops.front().state));
    for (std::size_t i = 1; i < stops.size(); ++i) story.steps.push_back(told(stops[i - 1].state, stops[i]));
    return story;
  }

  ToldStep told(const State& before, const Stop<M>& stop) const {
    return {model_->tell(*stop.by), changes(model_->tell(before), model_->tell(stop.state))};
  }

  bool is(const State& state, StateIndex index) {
    bytes_.clear();
    encoder_.encode(state, bytes_);
    return known_->store().same(index, hash_of(bytes_.from(0)), bytes_.from(0));
  }

 private:
  const M* model_;
  const KnownStates* known_;
  CanonicalEncoder<M> encoder_;
  ByteBuffer bytes_;
  std::vector<Action> actions_;
};

}  // namespace sharelock::explore
