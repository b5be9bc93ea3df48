// Where the states of a work item are: in the window, or detached from it.
#pragma once

#include <algorithm>

#include "model/partition/share_partition.h"

namespace sharelock {

/// Calls `visit(InFlightState&, first, last)` for every state that an item stands for, with the offsets it covers.
template <class Visit>
void SharePartition::for_each_state(const WorkItem& item, Visit&& visit) {
  if (item.detached != 0) {
    const auto copy = std::ranges::find(detached_, item.detached, &std::pair<std::uint32_t, InFlightState>::first);
    visit(copy->second, item.first, item.last);
    return;
  }
  const Handle at = window_.find(item.batch);
  // A batch that was exploded since, with its transition (D-4 repaired), has a state for each offset.
  const bool each = window_[at].by_offset;
  for (Offset offset = item.first; offset <= (each ? item.last : item.first); ++offset)
    window_.modify(at, offset, [&](InFlightState& state) { visit(state, offset, each ? offset : item.last); });
}

}  // namespace sharelock
