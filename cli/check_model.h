// Checking one model: search, liveness, graph, report. The same for every kind of model; a verb finds the model and
// calls check_model().
#pragma once

#include <string>

#include "base/status_line.h"
#include "checker/explore/graph_file.h"
#include "checker/explore/liveness.h"
#include "checker/explore/search.h"
#include "checker/explore/verdict_report.h"
#include "cli/exit_code.h"

namespace sharelock::cli {

struct CheckOptions {
  explore::SearchOptions search;
  bool liveness = false;
  std::string graph;  ///< A file for the graph of all states; none if empty.
  bool json = false;
};

/// True once the process was asked to end (SIGINT, SIGTERM). From the first call on such a request no longer ends it at
/// once, so that a search can save and say how far it came.
bool asked_to_stop();

/// Lets the search show on `status` how far it has come, after these words, and end when the process is asked to.
void watch(explore::SearchOptions& search, StatusLine& status, const std::string& words = "");

/// Prints the report to stdout.
void print(const explore::Report& report, bool json);

ExitCode exit_code(const explore::Report& report);

template <explore::Model M>
ExitCode check_model(const M& model, CheckOptions options) {
  if (!options.graph.empty()) explore::check_graph_name(options.graph);
  StatusLine status;
  watch(options.search, status);

  explore::Search<M> search{model, options.search};
  explore::Report report{model.identity(), options.search, search.run(), std::nullopt};
  if constexpr (explore::HasGoal<M>) {
    if (options.liveness && report.verdict.is_complete())
      report.liveness = judge_liveness(model, search, options.search, report.verdict);
  }
  if (!options.graph.empty()) write_graph(options.graph, model, search, options.search, report.verdict);
  print(report, options.json);
  return exit_code(report);
}

}  // namespace sharelock::cli
