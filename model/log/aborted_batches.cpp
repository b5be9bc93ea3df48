#include "model/log/aborted_batches.h"

#include <algorithm>
#include <vector>

namespace sharelock {

boost::container::small_vector<std::pair<Offset, Offset>, 4> aborted_batches(
    std::span<const LogBatch> batches, std::span<const AbortedTransaction> aborted) {
  boost::container::small_vector<std::pair<Offset, Offset>, 4> found;
  std::vector<AbortedTransaction> waiting(aborted.begin(), aborted.end());
  std::ranges::stable_sort(waiting, {}, &AbortedTransaction::first_offset);
  auto next = waiting.begin();
  boost::container::small_vector<std::int64_t, 4> open;  // Producers inside an aborted transaction.
  for (const LogBatch& batch : batches) {
    if (batch.producer_id < 0) continue;
    for (; next != waiting.end() && next->first_offset <= batch.last; ++next)
      if (std::ranges::find(open, next->producer_id) == open.end()) open.push_back(next->producer_id);
    const auto producer = std::ranges::find(open, batch.producer_id);
    // Every marker is transactional: only an abort marker ends the abort, any other is taken for data of it.
    const bool transactional = batch.transactional || batch.control != ControlType::none;
    if (batch.control == ControlType::abort) {
      if (producer != open.end()) open.erase(producer);
    } else if (transactional && producer != open.end()) {
      found.emplace_back(batch.base, batch.last);
    }
  }
  return found;
}

}  // namespace sharelock
