// Liveness: does what should happen always happen again?
//
// Two questions, the weaker first. Can a goal still be reached from every state, when no more faults happen? And if so:
// is it reached on every fair run, or is there a cycle around which the world can go for ever without it?
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/path.h"
#include "checker/explore/search.h"
#include "checker/explore/state_graph.h"

namespace sharelock::explore {

/// A run that goes on for ever: it gets somewhere, and then repeats something.
struct Lasso {
  std::vector<std::string> beginning;
  std::vector<ToldStep> stem;      ///< How it gets there.
  std::vector<ToldStep> loop;      ///< What repeats; empty if nothing more happens at all.
  std::vector<std::string> never;  ///< What never happens in it.
};

struct Liveness {
  std::string goal;
  std::uint64_t goal_states = 0;
  /// The nearest state from which no goal can be reached without faults; its loop is empty.
  std::optional<Lasso> goal_lost;
  /// A fair run without faults that never comes to a goal again. Looked for only if a goal can always be reached.
  std::optional<Lasso> goal_avoided;

  bool holds() const { return !goal_lost && !goal_avoided; }
};

/// A step of a loop.
struct LoopStep {
  StateIndex from;
  StateIndex to;
  std::uint8_t step_class;
};

/// Where a fair run can stay for ever without a goal.
struct FairCycle {
  StateIndex entry;
  std::vector<LoopStep> loop;
};

/// The states from which no goal state can be reached along edges that are no faults: the least of them.
std::optional<StateIndex> least_without_goal(const StateGraph& graph, const std::vector<bool>& is_goal);

/// A cycle of edges that are no faults, avoiding goal states, that is fair to every class; the one that begins at the
/// least state. A run may also stay where it is for ever, if no step of a fair class is possible there.
std::optional<FairCycle> fair_cycle(const StateGraph& graph, const std::vector<bool>& is_goal,
                                    const std::vector<StepClass>& classes);

/// What never happens in a loop: the goal, and the classes of which no step is taken though one is possible.
std::vector<std::string> never_in(const FairCycle& cycle, const StateGraph& graph,
                                  const std::vector<StepClass>& classes, const std::string& goal);

/// Throws InputError when liveness cannot be judged after such a search.
void check_liveness(const SearchOptions& options, const Verdict& verdict, std::size_t classes);

/// Judges a search that ran to completion.
template <Model M>
  requires HasGoal<M>
Liveness judge_liveness(const M& model, const Search<M>& search, const SearchOptions& options, const Verdict& verdict) {
  const std::vector<StepClass> classes = model.step_classes();
  check_liveness(options, verdict, classes.size());
  const KnownStates& known = search.known();
  const StateGraph graph = graph_of(model, known);
  Liveness liveness;
  liveness.goal = model.goal();
  std::vector<bool> is_goal(known.size());
  typename M::State state{};
  for (StateIndex i = 0; i < known.size(); ++i) {
    model.decode(known.store().encoding(i), state);
    is_goal[i] = model.is_goal(state);
    liveness.goal_states += is_goal[i] ? 1U : 0U;
  }

  PathFinder<M> finder{model, known, false};
  const auto lasso_to = [&](StateIndex last) {
    const auto story = finder.tell(path_to(known.parents(), last, search.initial_states()), std::nullopt);
    return Lasso{.beginning = story.beginning, .stem = story.steps, .loop = {}, .never = {}};
  };
  if (const auto lost = least_without_goal(graph, is_goal)) {
    liveness.goal_lost = lasso_to(*lost);
    liveness.goal_lost->never = {liveness.goal};
    return liveness;
  }
  const auto cycle = fair_cycle(graph, is_goal, classes);
  if (!cycle) return liveness;
  Lasso lasso = lasso_to(cycle->entry);
  model.decode(known.store().encoding(cycle->entry), state);
  for (const LoopStep& step : cycle->loop) {
    const auto stop = finder.first_step(state, [&](const typename M::Action& action, const typename M::State& after) {
      return model.step_class(action) == step.step_class && !model.is_fault(action) && finder.is(after, step.to);
    });
    lasso.loop.push_back(finder.told(state, stop));
    state = stop.state;
  }
  lasso.never = never_in(*cycle, graph, classes, liveness.goal);
  liveness.goal_avoided = std::move(lasso);
  return liveness;
}

}  // namespace sharelock::explore
