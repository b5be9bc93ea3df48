// A verdict as people read it, and as programs do.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "checker/explore/liveness.h"
#include "checker/explore/verdict.h"

namespace sharelock::explore {

/// What was searched, how, and what came of it.
struct Report {
  std::string model;  ///< Its identity.
  SearchOptions options;
  Verdict verdict;
  std::optional<Liveness> liveness;  ///< None: not asked for, or the search was not complete.
};

/// In words, such as "breadth first, exact, symmetry".
std::string how(const SearchOptions& options);

/// Verdict first, evidence second, cost third.
std::string to_text(const Report& report);

/// One object. Sizes in bytes, times in seconds; docs/exploration.md names the keys.
nlohmann::ordered_json to_json(const Report& report);

/// "level 12  3.1 M states  ...": how far a search is, for a status line.
/// @param states_per_second  Since the line was shown last.
std::string to_line(const Progress& progress, double states_per_second);

}  // namespace sharelock::explore
