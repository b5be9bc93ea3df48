#include "checker/explore/symmetry.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/input_error.h"

namespace sharelock::explore {
namespace {

/// Every renaming in `renamings`, followed by every permutation of `set`.
std::vector<Renaming> permuted(const std::vector<Renaming>& renamings, std::vector<std::size_t> set) {
  std::ranges::sort(set);
  const std::vector<std::size_t> names = set;
  std::vector<Renaming> all;
  do {
    for (Renaming renaming : renamings) {
      for (std::size_t i = 0; i < set.size(); ++i) renaming.rename(names[i], set[i]);
      all.push_back(renaming);
      if (all.size() > renamings_max)
        throw InputError{{},
                         fmt::format("symmetry would try more than {} renamings for each state", renamings_max),
                         "leave out --symmetry, or use fewer interchangeable members"};
    }
  } while (std::ranges::next_permutation(set).found);
  return all;
}

}  // namespace

std::vector<Renaming> renamings_of(const std::vector<std::vector<std::size_t>>& interchangeable) {
  std::vector<Renaming> renamings{Renaming{}};
  for (const auto& set : interchangeable) renamings = permuted(renamings, set);
  return renamings;
}

}  // namespace sharelock::explore
