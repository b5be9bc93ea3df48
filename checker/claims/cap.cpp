#include "checker/claims/cap.h"

namespace sharelock::claims {

void Cap::see(const seen::Acquired&, Watch& watch) {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || !loaded_) return;
  const SharePartition& partition = instance->partition;
  const std::int64_t limit = watch.configuration().max_record_locks;
  const Offset length = end_ - start_ + 1;
  if (partition.end_offset() > end_ && end_ >= start_ && length >= limit)
    watch.fail(info, "a window of " + std::to_string(length) + " offsets grew to " +
                         std::to_string(partition.end_offset()) + ", the limit is " + std::to_string(limit));
  if (partition.in_flight() >= limit_ + largest_batch_) scan(watch);
}

void Cap::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const SharePartition& partition = instance->partition;
  Offset covered = 0;
  for_each_state(partition.window(), partition.start_offset(), partition.end_offset(),
                 [&](Offset first, Offset last, const InFlightState&) { covered += last - first + 1; });
  if (covered >= limit_ + largest_batch_)
    watch.fail(info, "the window covers " + std::to_string(covered) + " offsets, the limit is " +
                         std::to_string(limit_) + " and the largest log batch has " + std::to_string(largest_batch_));
}

void Cap::settle(Watch& watch) {
  const ShareInstance* instance = watch.instance();
  loaded_ = instance != nullptr;
  limit_ = std::max<std::int64_t>(limit_, watch.configuration().max_record_locks);
  if (!loaded_) return;
  start_ = instance->partition.start_offset();
  end_ = instance->partition.window().empty() ? start_ - 1 : instance->partition.end_offset();
}

}  // namespace sharelock::claims
