#include "checker/claims/cnt.h"

#include "model/world/tell.h"

namespace sharelock::claims {
namespace {

/// Acquired and archived in one step (an aborted transaction): counted, never reported.
bool is_unreported(const InFlightState& state, std::int32_t count) {
  return state.state() == RecordState::archived && state.delivery_count() == count + 1;
}

}  // namespace

void Cnt::see(const seen::InstanceLoaded&, Watch& watch) {
  counts_.clear();
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const SharePartition& partition = instance->partition;
  for_each_state(partition.window(), partition.start_offset(), partition.end_offset(),
                 [&](Offset first, Offset last, const InFlightState& state) {
                   for (Offset offset = first; offset <= last; ++offset) counts_.at(offset) = state.delivery_count();
                 });
}

void Cnt::see(const seen::Acquired& acquired, Watch& watch) {
  if (!watch.is_current(acquired.instance)) return;
  const std::int32_t limit = watch.configuration().delivery_count_limit;
  const std::string where = range_text(acquired.first, acquired.last);
  if (acquired.delivery_count > limit)
    watch.fail(info, where + " is delivered " + std::to_string(acquired.delivery_count) + " times, the limit is " +
                         std::to_string(limit));
  for (Offset offset = acquired.first; offset <= acquired.last; ++offset) {
    std::int32_t& count = counts_.at(offset);
    if (++count != acquired.delivery_count)
      watch.fail(info, "delivery " + std::to_string(count) + " of " + std::to_string(offset) + " is reported as " +
                           std::to_string(acquired.delivery_count));
    count = acquired.delivery_count;
  }
}

void Cnt::look(const OffsetSpan& touched, Watch& watch) {
  for_each_state(watch.instance()->partition.window(), touched.first, touched.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   for (Offset offset = first; offset <= last; ++offset) {
                     if (offset < counts_.first() || offset >= counts_.end()) continue;
                     if (counts_[offset] == state.delivery_count()) continue;
                     if (is_unreported(state, counts_[offset])) {
                       counts_.at(offset) = state.delivery_count();
                       continue;
                     }
                     watch.fail(info, "the delivery count of " + std::to_string(offset) + " went from " +
                                          std::to_string(counts_[offset]) + " to " +
                                          std::to_string(state.delivery_count()) + " without a delivery");
                   }
                 });
}

void Cnt::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const OffsetSpan all = all_of(instance->partition.window());
  for_each_state(
      instance->partition.window(), all.first, all.last, [&](Offset first, Offset last, const InFlightState& state) {
        for (Offset offset = std::max(first, counts_.first()); offset <= std::min(last, counts_.end() - 1); ++offset)
          if (counts_[offset] != state.delivery_count() && !is_unreported(state, counts_[offset]))
            watch.fail(info, std::to_string(offset) + " was delivered " + std::to_string(counts_[offset]) +
                                 " times and counts " + std::to_string(state.delivery_count()));
      });
}

}  // namespace sharelock::claims
