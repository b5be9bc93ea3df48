// Which of the log batches of a fetch the response carries (SP-167).
#pragma once

#include <algorithm>
#include <span>

#include "model/partition/requests.h"

namespace sharelock {

/// From the last batch at or before the first acquired offset to the last one at or before the last, and at least that
/// one: a batch is never cut, so records that were not acquired come along. Empty if nothing was acquired. Logarithmic
/// in the batches.
inline std::span<const LogBatch> response_slice(std::span<const LogBatch> log, const AcquiredRanges& acquired) {
  if (acquired.empty()) return {};
  const auto behind = [&](Offset offset) { return std::ranges::upper_bound(log, offset, {}, &LogBatch::base); };
  auto first = behind(acquired.front().first);
  if (first != log.begin()) --first;
  return {first, std::max(behind(acquired.back().last), std::min(first + 1, log.end()))};
}

}  // namespace sharelock
