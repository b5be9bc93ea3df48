#include "checker/explore/search.h"

#include "base/input_error.h"

namespace sharelock::explore {

const SearchOptions& checked(const SearchOptions& options, bool symmetric) {
  if (options.symmetry && !symmetric)
    throw InputError{{}, "this model has no interchangeable members", "leave out --symmetry"};
  if (options.memory_max < SearchOptions::memory_min)
    throw InputError{{}, "the memory limit is too low to search anything", "allow at least 64MiB"};
  if (options.jobs < 1 || options.jobs > StateTable::shards)
    throw InputError{
        {}, fmt::format("{} jobs are not possible", options.jobs), fmt::format("1 to {}", StateTable::shards)};
  return options;
}

std::string outcome_options(const SearchOptions& options) {
  return fmt::format("order {} storage {} symmetry {} reduce {}", static_cast<int>(options.order),
                     static_cast<int>(options.storage), options.symmetry, options.reduce);
}

namespace {

/// What is left for the search when the program, its libraries and the buffers of a round have their share.
std::uint64_t rest_of(const SearchOptions& options) {
  constexpr std::uint64_t own = std::uint64_t{48} << 20;
  return options.memory_max - own;
}

}  // namespace

std::uint64_t budget_of(const SearchOptions& options) {
  return rest_of(options) - path_budget_of(options);
}

std::uint64_t path_budget_of(const SearchOptions& options) {
  return options.order == Order::depth_first ? rest_of(options) / 4 : 0;
}

}  // namespace sharelock::explore
