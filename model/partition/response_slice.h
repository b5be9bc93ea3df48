// Which of the log batches of a fetch the response carries (SP-167).
#pragma once

#include <algorithm>
#include <span>

#include "model/partition/requests.h"

namespace sharelock {

/// From the last batch at or before the first acquired offset to the last one at or before the last: a batch is never
/// cut, so records that were not acquired come along. Empty if nothing was acquired. Logarithmic in the batches.
inline std::span<const LogBatch> response_slice(std::span<const LogBatch> log, const AcquiredRanges& acquired) {
  if (acquired.empty()) return {};
  const auto behind = [&](Offset offset) { return std::ranges::upper_bound(log, offset, {}, &LogBatch::base); };
  const auto first = behind(acquired.front().first);
  return {first == log.begin() ? first : first - 1, behind(acquired.back().last)};
}

}  // namespace sharelock
