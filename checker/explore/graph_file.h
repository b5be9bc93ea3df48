// The graph of a small search, written for programs that draw: DOT (Graphviz) or GraphML.
#pragma once

#include <string>
#include <vector>

#include "checker/explore/search.h"
#include "checker/explore/state_graph.h"

namespace sharelock::explore {

/// A drawing with more states than this helps nobody.
inline constexpr std::uint64_t drawn_states_max = 10'000;

struct DrawnState {
  std::string label;
};
struct DrawnStep {
  std::uint64_t from;
  std::uint64_t to;
  std::string label;
};

/// Throws InputError unless the name ends in .dot or .graphml.
void check_graph_name(const std::string& path);

/// Writes `path`, in the format that its name says. Steps come in the order of their `from`. Throws OutputError when it
/// cannot be written.
void write_graph(const std::string& path, const std::vector<DrawnState>& states, const std::vector<DrawnStep>& steps);

/// Throws InputError when not every state and step is known, or there are too many.
void check_graph(const SearchOptions& options, const Verdict& verdict);

/// Writes all states and steps of a search that kept them all.
template <Model M>
void write_graph(const std::string& path, const M& model, const Search<M>& search, const SearchOptions& options,
                 const Verdict& verdict) {
  check_graph(options, verdict);
  std::vector<DrawnState> states(search.known().size());
  typename M::State state{};
  for (StateIndex i = 0; i < states.size(); ++i) {
    model.decode(search.known().store().encoding(i), state);
    for (const std::string& line : lines(model.tell(state))) states[i].label += line + "\n";
  }
  std::vector<DrawnStep> steps;
  for_each_step(model, search.known(), [&](StateIndex from, const typename M::Action& action, StateIndex to) {
    steps.push_back({from, to, model.tell(action)});
  });
  write_graph(path, states, steps);
}

}  // namespace sharelock::explore
