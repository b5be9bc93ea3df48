#include "checker/explore/liveness.h"

#include <algorithm>
#include <boost/graph/filtered_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/range/iterator_range.hpp>
#include <functional>

#include "base/byte_size.h"
#include "base/input_error.h"

namespace sharelock::explore {
namespace {

/// A set of step classes, one bit each.
using ClassSet = std::uint64_t;
ClassSet bit(std::size_t step_class) {
  return ClassSet{1} << step_class;
}

std::vector<ClassSet> enabled_classes(const StateGraph& graph) {
  std::vector<ClassSet> enabled(num_vertices(graph));
  for (const auto edge : boost::make_iterator_range(edges(graph)))
    enabled[source(edge, graph)] |= bit(graph[edge].step_class);
  return enabled;
}

ClassSet classes_of(const std::vector<StepClass>& classes, Fairness fairness) {
  ClassSet set = 0;
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (classes[i].fairness == fairness) set |= bit(i);
  return set;
}

/// What a strongly connected set of states offers to a run that stays in it.
struct Component {
  StateIndex least = no_state;
  bool has_edge = false;
  ClassSet taken = 0;                      ///< Classes of the edges inside.
  ClassSet enabled = 0;                    ///< Classes possible in some state,
  ClassSet enabled_always = ~ClassSet{0};  ///< and in every one.
};

/// Looks for sets of states in which a fair run can stay, by taking away those in which it cannot.
class FairRegions {
 public:
  FairRegions(const StateGraph& graph, const std::vector<bool>& is_goal, const std::vector<StepClass>& classes)
      : graph_{graph},
        enabled_{enabled_classes(graph)},
        weak_{classes_of(classes, Fairness::weak)},
        strong_{classes_of(classes, Fairness::strong)},
        alive_(is_goal),
        component_(num_vertices(graph)) {
    alive_.flip();
  }

  std::optional<FairCycle> find() {
    if (const auto resting = resting_state()) return FairCycle{*resting, {}};
    for (bool changed = true; changed;) {
      const std::vector<Component> components = strong_components_alive();
      std::optional<StateIndex> entry;
      for (const Component& component : components)
        if (is_fair(component)) entry = std::min(entry.value_or(no_state), component.least);
      if (entry) return FairCycle{*entry, loop_from(*entry, components[component_[*entry]])};
      changed = take_away_unfair(components);
    }
    return std::nullopt;
  }

 private:
  /// A state in which a run may stop, because no fairness asks it to go on.
  std::optional<StateIndex> resting_state() const {
    for (StateIndex v = 0; v < num_vertices(graph_); ++v)
      if (alive_[v] && (enabled_[v] & (weak_ | strong_)) == 0) return v;
    return std::nullopt;
  }

  bool is_inside(StateGraph::edge_descriptor edge) const {
    const StateIndex from = source(edge, graph_), to = target(edge, graph_);
    return !graph_[edge].fault && alive_[from] && alive_[to] && component_[from] == component_[to];
  }

  std::vector<Component> strong_components_alive() {
    const std::function<bool(StateGraph::edge_descriptor)> keep_edge = [this](StateGraph::edge_descriptor edge) {
      return !graph_[edge].fault && alive_[source(edge, graph_)] && alive_[target(edge, graph_)];
    };
    const std::function<bool(StateIndex)> keep_vertex = [this](StateIndex v) { return alive_[v]; };
    const boost::filtered_graph view{graph_, keep_edge, keep_vertex};
    const auto index = get(boost::vertex_index, graph_);
    const auto count = boost::strong_components(view, boost::make_iterator_property_map(component_.begin(), index));
    std::vector<Component> components(count);
    for (StateIndex v = 0; v < num_vertices(graph_); ++v) {
      if (!alive_[v]) continue;
      Component& component = components[component_[v]];
      component.least = std::min(component.least, v);
      component.enabled |= enabled_[v];
      component.enabled_always &= enabled_[v];
    }
    for (const auto edge : boost::make_iterator_range(edges(graph_))) {
      if (!is_inside(edge)) continue;
      Component& component = components[component_[source(edge, graph_)]];
      component.has_edge = true;
      component.taken |= bit(graph_[edge].step_class);
    }
    return components;
  }

  bool is_fair(const Component& c) const {
    return c.has_edge && (weak_ & c.enabled_always & ~c.taken) == 0 && (strong_ & c.enabled & ~c.taken) == 0;
  }

  /// A component that is unfair to a weak class is unfair in all its parts. One that is unfair to a strong class may
  /// have fair parts, in which no step of that class is possible.
  bool take_away_unfair(const std::vector<Component>& components) {
    bool changed = false;
    for (StateIndex v = 0; v < num_vertices(graph_); ++v) {
      if (!alive_[v]) continue;
      const Component& c = components[component_[v]];
      const bool hopeless = !c.has_edge || (weak_ & c.enabled_always & ~c.taken) != 0;
      if (!hopeless && (strong_ & enabled_[v] & ~c.taken) == 0) continue;
      alive_[v] = false;
      changed = true;
    }
    return changed;
  }

  /// A way round that is fair to every class: it takes a step of each class that is taken inside, and passes a state in
  /// which each other weak class is not possible.
  std::vector<LoopStep> loop_from(StateIndex entry, const Component& component) const {
    std::vector<LoopStep> loop;
    ClassSet owed = (weak_ | strong_) & component.enabled;
    StateIndex at = entry;
    owed &= component.taken | enabled_[at];
    while (owed != 0 || loop.empty() || at != entry) {
      const ClassSet wanted = owed;
      const auto way = way_inside(at, [&](const LoopStep& step) {
        if (wanted == 0) return step.to == entry;
        return (wanted & bit(step.step_class)) != 0 || (wanted & ~component.taken & ~enabled_[step.to]) != 0;
      });
      for (const LoopStep& step : way) {
        owed &= ~bit(step.step_class) & (component.taken | enabled_[step.to]);
        loop.push_back(step);
      }
      at = loop.back().to;
    }
    return loop;
  }

  /// The shortest way inside a component whose last step is one that `wanted` says true for.
  template <class Wanted>
  std::vector<LoopStep> way_inside(StateIndex from, const Wanted& wanted) const {
    std::vector<LoopStep> steps;        // In order of discovery;
    std::vector<std::size_t> previous;  // each with the step before it,
    constexpr std::size_t none = ~std::size_t{0};
    std::vector<bool> reached(num_vertices(graph_));
    reached[from] = true;
    const auto add = [&](StateIndex v, std::size_t before) -> std::optional<std::size_t> {
      for (const auto edge : boost::make_iterator_range(out_edges(v, graph_))) {
        if (!is_inside(edge)) continue;
        const LoopStep step{v, static_cast<StateIndex>(target(edge, graph_)), graph_[edge].step_class};
        const bool found = wanted(step);
        if (!found && reached[step.to]) continue;
        steps.push_back(step);
        previous.push_back(before);
        if (found) return steps.size() - 1;
        reached[step.to] = true;
      }
      return std::nullopt;
    };
    std::optional<std::size_t> last = add(from, none);
    for (std::size_t i = 0; !last && i < steps.size(); ++i) last = add(steps[i].to, i);
    std::vector<LoopStep> way;
    for (std::size_t i = last.value(); i != none; i = previous[i]) way.push_back(steps[i]);
    std::ranges::reverse(way);
    return way;
  }

  const StateGraph& graph_;
  std::vector<ClassSet> enabled_;
  ClassSet weak_, strong_;
  std::vector<bool> alive_;
  std::vector<StateIndex> component_;
};

}  // namespace

std::optional<StateIndex> least_without_goal(const StateGraph& graph, const std::vector<bool>& is_goal) {
  const auto states = static_cast<StateIndex>(num_vertices(graph));
  // The edges by where they lead to: those to v are sources[begins[v]] up to sources[begins[v + 1]].
  std::vector<std::uint64_t> begins(std::size_t{states} + 2);
  for (const auto edge : boost::make_iterator_range(edges(graph)))
    if (!graph[edge].fault) ++begins[target(edge, graph) + std::size_t{2}];
  for (std::size_t v = 2; v < begins.size(); ++v) begins[v] += begins[v - 1];
  std::vector<StateIndex> sources(begins.back());
  for (const auto edge : boost::make_iterator_range(edges(graph)))
    if (!graph[edge].fault) sources[begins[target(edge, graph) + std::size_t{1}]++] = source(edge, graph);

  std::vector<bool> reaches = is_goal;
  std::vector<StateIndex> waiting;
  for (StateIndex v = 0; v < states; ++v)
    if (is_goal[v]) waiting.push_back(v);
  while (!waiting.empty()) {
    const StateIndex v = waiting.back();
    waiting.pop_back();
    for (std::uint64_t i = begins[v]; i < begins[v + std::size_t{1}]; ++i) {
      if (reaches[sources[i]]) continue;
      reaches[sources[i]] = true;
      waiting.push_back(sources[i]);
    }
  }
  const auto lost = std::ranges::find(reaches, false);
  if (lost == reaches.end()) return std::nullopt;
  return static_cast<StateIndex>(lost - reaches.begin());
}

std::optional<FairCycle> fair_cycle(const StateGraph& graph, const std::vector<bool>& is_goal,
                                    const std::vector<StepClass>& classes) {
  return FairRegions{graph, is_goal, classes}.find();
}

std::vector<std::string> never_in(const FairCycle& cycle, const StateGraph& graph,
                                  const std::vector<StepClass>& classes, const std::string& goal) {
  ClassSet taken = 0, possible = 0;
  const auto see = [&](StateIndex state) {
    for (const auto edge : boost::make_iterator_range(out_edges(state, graph))) possible |= bit(graph[edge].step_class);
  };
  see(cycle.entry);
  for (const LoopStep& step : cycle.loop) {
    taken |= bit(step.step_class);
    see(step.to);
  }
  std::vector<std::string> never{goal};
  for (std::size_t i = 0; i < classes.size(); ++i)
    if ((possible & ~taken & bit(i)) != 0) never.push_back(fmt::format("{}, though it is possible", classes[i].name));
  return never;
}

void check_liveness(const SearchOptions& options, const Verdict& verdict, std::size_t classes) {
  if (options.symmetry || options.reduce || options.storage != Storage::exact || options.order != Order::breadth_first)
    throw InputError{{},
                     "liveness needs every state and every step",
                     "leave out --symmetry, --reduce, --depth-first and --storage compact"};
  if (classes > step_classes_max)
    throw InputError{{}, fmt::format("liveness can be judged for at most {} classes of steps", step_classes_max)};
  const std::uint64_t needed = verdict.memory_bytes + graph_bytes(verdict.states, verdict.transitions);
  if (needed > options.memory_max)
    throw InputError{{},
                     fmt::format("the graph of {} states and {} steps needs {} of memory", verdict.states,
                                 verdict.transitions, show_byte_size(needed)),
                     "raise --memory, or use a smaller world"};
}

}  // namespace sharelock::explore
