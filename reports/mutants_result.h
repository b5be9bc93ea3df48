// How well known defects are found that were put into the profile `ideal`: words and numbers, no model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/run_result.h"

namespace sharelock {

/// What one way of searching made of one mutant, or of `ideal` itself.
struct MutantSearch {
  bool found = false;
  std::string claim;         ///< Empty: nothing was found.
  std::string scenario;      ///< In which it was found.
  double seconds = 0;        ///< Wall-clock time, with all that was searched before.
  std::uint64_t size = 0;    ///< States that were reached, or cases that were played, in all scenarios.
  std::uint64_t steps = 0;   ///< Transitions, or steps.
  std::uint64_t events = 0;  ///< Of the shortened story.
  std::optional<RunResult> story{};
};

struct MutantResult {
  std::string id;                ///< KD-01
  std::string name;              ///< Its switch.
  std::uint64_t events_min = 0;  ///< Of the shortest story that is known.
  MutantSearch check;
  MutantSearch fuzz;

  bool found() const { return check.found && fuzz.found; }
};

/// One scenario on `ideal` without a mutant.
struct CleanWorld {
  std::string scenario;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::string complete_to;  ///< The largest complete rounds of the search, in words.
  std::uint64_t cases = 0;
  std::uint64_t steps = 0;
  std::vector<std::string> seen{};  ///< Kinds of steps, faults and situations.
  std::vector<std::string> never_seen{};
  std::string broken{};  ///< The claim that `ideal` breaks here, and which way finds it; empty: none.
};

struct MutantsResult {
  double seconds_each = 0;  ///< The budget of each mutant and way of searching.
  unsigned jobs = 1;
  std::vector<MutantResult> mutants{};
  std::vector<CleanWorld> ideal{};
  std::string again{};  ///< The command that does it again.

  bool all_found() const;
  bool ideal_is_clean() const;
};

std::string mutants_as_text(const MutantsResult& result);
std::string mutants_as_json(const MutantsResult& result);

}  // namespace sharelock
