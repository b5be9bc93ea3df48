// The graph of all states and steps, made from a complete search by executing every step once more.
//
// Only for searches that kept every state whole, without symmetry and reduction: in those every state and every step of
// the world is a vertex and an edge of the graph.
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cstdint>
#include <vector>

#include "checker/explore/known_states.h"
#include "checker/explore/model.h"
#include "checker/explore/verdict.h"

namespace sharelock::explore {

/// An edge is a step: its class, and whether it is a fault.
struct StepEdge {
  std::uint8_t step_class = 0;
  bool fault = false;
};
inline constexpr std::size_t step_classes_max = 64;

using StateGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, StepEdge,
                                                      boost::no_property, StateIndex, std::uint64_t>;

/// Memory that the graph takes while it is made and judged, in bytes.
constexpr std::uint64_t graph_bytes(std::uint64_t states, std::uint64_t steps) {
  return states * 48 + steps * 20;
}

/// Calls `visit(from, action, to)` for every step of every state, in order.
template <Model M, class Visit>
void for_each_step(const M& model, const KnownStates& known, const Visit& visit) {
  typename M::State state{}, after{};
  std::vector<typename M::Action> actions;
  ByteBuffer bytes;
  for (StateIndex from = 0; from < known.size(); ++from) {
    model.decode(known.store().encoding(from), state);
    actions.clear();
    model.actions(state, actions);
    for (const auto& action : actions) {
      if (!model.next(state, action, after)) continue;
      bytes.clear();
      model.encode(after, Renaming{}, bytes);
      visit(from, action, known.find(hash_of(bytes.from(0)), bytes.from(0)));
    }
  }
}

template <Model M>
StateGraph graph_of(const M& model, const KnownStates& known) {
  std::vector<std::pair<StateIndex, StateIndex>> ends;
  std::vector<StepEdge> edges;
  for_each_step(model, known, [&](StateIndex from, const typename M::Action& action, StateIndex to) {
    ends.emplace_back(from, to);
    bool fault = false;
    if constexpr (HasGoal<M>) fault = model.is_fault(action);
    edges.push_back({static_cast<std::uint8_t>(model.step_class(action)), fault});
  });
  return {boost::edges_are_sorted, ends.begin(), ends.end(), edges.begin(), static_cast<StateIndex>(known.size())};
}

}  // namespace sharelock::explore
