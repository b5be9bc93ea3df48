// A walk over what a share partition tracks, for those who look at it from outside.
#pragma once

#include <algorithm>

#include "model/partition/in_flight_window.h"

namespace sharelock {

/// Calls `visit(first, last, state)` for the states of the offsets in [first, last] that are in flight, in order.
/// States of a whole batch come as one, clipped.
template <class Visit>
void for_each_state(const InFlightWindow& window, Offset first, Offset last, Visit&& visit) {
  if (window.empty() || last < first) return;
  InFlightWindow::Handle at = window.floor(first);
  if (at == InFlightWindow::none) at = window.first();
  for (; at != InFlightWindow::none && window[at].first <= last; at = window.next(at)) {
    const InFlightBatch& batch = window[at];
    const Offset from = std::max(first, batch.first);
    const Offset to = std::min(last, batch.last);
    if (to < from) continue;
    if (!batch.by_offset) {
      visit(from, to, batch.whole);
      continue;
    }
    for (Offset offset = from; offset <= to; ++offset) visit(offset, offset, window.state(at, offset));
  }
}

}  // namespace sharelock
