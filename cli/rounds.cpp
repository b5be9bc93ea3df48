#include "cli/rounds.h"

#include <algorithm>
#include <numeric>

namespace sharelock::cli {
namespace {

using Steps = std::array<std::size_t, 3>;

/// What is expected of an axis of which nothing is known yet.
constexpr double usual_growth = 8;

/// With how many records there is more to see than with fewer: sums of sizes of batches.
std::vector<std::int64_t> record_counts(const Bounds& bounds) {
  std::vector<bool> possible(static_cast<std::size_t>(bounds.records_max) + 1);
  possible[0] = true;
  std::vector<std::int64_t> counts;
  for (std::int64_t count = 1; count <= bounds.records_max; ++count)
    for (const std::int32_t size : bounds.batch_sizes) {
      if (size > count || !possible[static_cast<std::size_t>(count - size)]) continue;
      possible[static_cast<std::size_t>(count)] = true;
      counts.push_back(count);
      break;
    }
  return counts;
}

Steps along(std::size_t axis, std::size_t steps = 1) {
  Steps less{};
  less[axis] = steps;
  return less;
}

Steps both(std::size_t one, std::size_t other) {
  Steps less = along(one);
  less[other] = 1;
  return less;
}

}  // namespace

Rounds::Rounds(const Bounds& bounds) {
  const std::uint32_t of_kinds = std::accumulate(bounds.faults.begin(), bounds.faults.end(), 0U);
  const std::vector<std::int64_t> records = record_counts(bounds);
  sizes_ = {bounds.deviations.value_or(0) + std::size_t{1}, std::min(bounds.faults_max, of_kinds) + std::size_t{1},
            records.size()};
  for (std::uint32_t deviations = 0; deviations < sizes_[0]; ++deviations)
    for (std::uint32_t faults = 0; faults < sizes_[1]; ++faults)
      for (std::size_t i = 0; i < sizes_[2]; ++i)
        places_.push_back({{faults, bounds.deviations ? std::optional{deviations} : std::nullopt, records[i]},
                           {deviations, faults, i}});
  choose();
}

std::size_t Rounds::index_of(const Steps& at) const {
  return (at[0] * sizes_[1] + at[1]) * sizes_[2] + at[2];
}

std::optional<double> Rounds::transitions(std::size_t index, const Steps& less) const {
  Steps at = places_[index].at;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    if (at[axis] < less[axis]) return std::nullopt;
    at[axis] -= less[axis];
  }
  return places_[index_of(at)].transitions;
}

bool Rounds::is_open(std::size_t index) const {
  if (places_[index].transitions) return false;
  for (std::size_t axis = 0; axis < axes; ++axis)
    if (places_[index].at[axis] > 0 && !transitions(index, along(axis))) return false;
  return true;
}

/// As if growing along one axis meant the same wherever it begins; where another axis tells nothing, as it grew before.
double Rounds::expected(std::size_t index) const {
  double most = 0;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const auto before = transitions(index, along(axis));
    if (!before) continue;
    bool known = false;
    for (std::size_t other = 0; other < axes; ++other) {
      const auto beside = transitions(index, along(other));
      if (other == axis || !beside) continue;
      most = std::max(most, *before * *beside / *transitions(index, both(axis, other)));
      known = true;
    }
    if (known) continue;
    const auto earlier = transitions(index, along(axis, 2));
    most = std::max(most, *before * (earlier ? *before / *earlier : usual_growth));
  }
  return most;
}

void Rounds::choose() {
  next_.reset();
  for (std::size_t index = 0; index < places_.size(); ++index)
    if (is_open(index) && (!next_ || expected(index) < expected(*next_))) next_ = index;
}

void Rounds::complete(std::uint64_t transitions) {
  places_[*next_].transitions = static_cast<double>(std::max<std::uint64_t>(transitions, 1));
  choose();
}

}  // namespace sharelock::cli
