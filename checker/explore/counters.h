// What a search counts while it expands states; each thread counts for itself, and the sums are the same for any number
// of threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sharelock::explore {

struct Counters {
  explicit Counters(std::size_t step_classes = 0) : taken(step_classes) {}

  std::uint64_t expanded = 0;
  std::uint64_t transitions = 0;
  std::uint64_t enabled = 0;
  std::uint64_t dead_ends = 0;
  std::uint64_t out_degree_min = ~std::uint64_t{0};
  std::uint64_t out_degree_max = 0;
  std::vector<std::uint64_t> taken;  ///< By step class.

  /// Counts a state that has `out_degree` successors taken.
  void count_state(std::uint64_t out_degree) {
    ++expanded;
    transitions += out_degree;
    dead_ends += out_degree == 0 ? 1 : 0;
    out_degree_min = std::min(out_degree_min, out_degree);
    out_degree_max = std::max(out_degree_max, out_degree);
  }

  void add(const Counters& other) {
    expanded += other.expanded;
    transitions += other.transitions;
    enabled += other.enabled;
    dead_ends += other.dead_ends;
    out_degree_min = std::min(out_degree_min, other.out_degree_min);
    out_degree_max = std::max(out_degree_max, other.out_degree_max);
    for (std::size_t i = 0; i < taken.size(); ++i) taken[i] += other.taken[i];
  }
};

}  // namespace sharelock::explore
