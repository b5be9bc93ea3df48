#include "checker/explore/search.h"

#include "base/input_error.h"

namespace sharelock::explore {

void check_options(const SearchOptions& options, bool symmetric) {
  if (options.symmetry && !symmetric)
    throw InputError{{}, "this model has no interchangeable members", "leave out --symmetry"};
  if (options.memory_max < SearchOptions::memory_min)
    throw InputError{{}, "the memory limit is too low to search anything", "allow at least 64MiB"};
  if (options.jobs < 1 || options.jobs > StateTable::shards)
    throw InputError{
        {}, fmt::format("{} jobs are not possible", options.jobs), fmt::format("1 to {}", StateTable::shards)};
}

std::string outcome_options(const SearchOptions& options) {
  return fmt::format("order {} storage {} symmetry {} reduce {}", static_cast<int>(options.order),
                     static_cast<int>(options.storage), options.symmetry, options.reduce);
}

std::uint64_t budget_of(const SearchOptions& options) {
  // The program, its libraries and the buffers of a round; the path of a depth-first search is not counted in either.
  const std::uint64_t own = std::uint64_t{48} << 20;
  const std::uint64_t path = options.order == Order::depth_first ? options.memory_max / 4 : 0;
  return options.memory_max > own + path ? options.memory_max - own - path : 0;
}

}  // namespace sharelock::explore
