// A fetch that is being acquired for, as the parts of the algorithm see it (section 3.2).
#pragma once

#include "model/partition/share_partition.h"

namespace sharelock {

struct SharePartition::AcquireCall {
  MemberId by;
  const AcquireRequest& request;
  const Surroundings& around;
  Outbox& out;
  DeliveryRule rule;
  std::int32_t throttle_from;  ///< SP-56: offsets delivered this often are throttled.
  Offset first_base;           ///< Where the fetched data begins; no offset before it is touched.
  Offset last;                 ///< The last offset that may be acquired.
  std::int64_t max = 0;        ///< How many offsets may be acquired; 0 stops the walk.
  Acquired result{};
  WorkItems dead_letters{};  ///< What was archived on the way and goes through the dead-letter queue.

  std::int64_t room() const { return max - result.count; }
  bool record_limit() const { return request.mode == AcquireMode::record_limit; }
  void add(Offset from, Offset to, std::int32_t delivery_count) { result.ranges.push_back({from, to, delivery_count}); }
};

}  // namespace sharelock
