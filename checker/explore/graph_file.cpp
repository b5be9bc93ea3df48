#include "checker/explore/graph_file.h"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/graphml.hpp>
#include <boost/graph/graphviz.hpp>
#include <sstream>

#include "base/input_error.h"
#include "base/write_file.h"

namespace sharelock::explore {
namespace {

using Drawing = boost::compressed_sparse_row_graph<boost::directedS, DrawnState, DrawnStep>;

bool is_dot(const std::string& path) {
  return path.ends_with(".dot");
}

}  // namespace

void check_graph_name(const std::string& path) {
  if (!is_dot(path) && !path.ends_with(".graphml"))
    throw InputError{{path}, "no format is known by this ending", "name a file that ends in .dot or .graphml"};
}

void check_graph(const SearchOptions& options, const Verdict& verdict) {
  if (options.symmetry || options.reduce || options.storage != Storage::exact)
    throw InputError{
        {}, "a graph shows every state and every step", "leave out --symmetry, --reduce and --storage compact"};
  if (verdict.ending != Ending::complete)
    throw InputError{{}, "the search did not find every state, so there is no graph to write"};
  if (verdict.states > drawn_states_max)
    throw InputError{{},
                     fmt::format("a graph of {} states cannot be drawn", verdict.states),
                     fmt::format("at most {}", drawn_states_max)};
}

void write_graph(const std::string& path, const std::vector<DrawnState>& states, const std::vector<DrawnStep>& steps) {
  check_graph_name(path);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ends;
  for (const DrawnStep& step : steps) ends.emplace_back(step.from, step.to);
  Drawing drawing{boost::edges_are_sorted, ends.begin(), ends.end(), steps.begin(), states.size()};
  for (std::size_t i = 0; i < states.size(); ++i) drawing[i] = states[i];
  std::ostringstream out;
  if (is_dot(path)) {
    boost::write_graphviz(out, drawing, boost::make_label_writer(get(&DrawnState::label, drawing)),
                          boost::make_label_writer(get(&DrawnStep::label, drawing)));
  } else {
    boost::dynamic_properties properties;
    properties.property("label", get(&DrawnState::label, drawing));
    properties.property("step", get(&DrawnStep::label, drawing));
    boost::write_graphml(out, drawing, properties, true);
  }
  write_file(path, out.str());
}

}  // namespace sharelock::explore
