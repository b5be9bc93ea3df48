// A share group as the leader of the partition and the store see it: share partitions, their timers, their requests.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>

#include "model/partition/share_partition.h"
#include "model/store/state_requests.h"
#include "model/world/issued.h"
#include "model/world/observation.h"

namespace sharelock {

/// An acquisition lock in the timer.
struct TimedLock {
  LockId id;
  AcquisitionLock lock;
  bool fired = false;  ///< It fired, and its handler has not run yet.
};

/// A request to the store, under way until it is answered.
struct StoreRequest {
  std::uint32_t id = 0;
  InstanceNumber instance{};
  HandOverId hand_over{};
  StoreCause cause{};
  MemberId member{};
  Offset first = 0;
  Offset last = 0;
  StateEntry entry;
  std::optional<StateResult> result;  ///< What the store answered, once it applied the request.
};

/// A range under way to the dead-letter queue.
struct DeadLetterRequest {
  std::uint32_t id = 0;
  InstanceNumber instance{};
  HandOverId hand_over{};
  Offset first = 0;
  Offset last = 0;
};

/// A share partition object. It goes on working after it was dropped from the leader's cache (SP-153), until nothing of
/// it is under way any more.
struct ShareInstance {
  InstanceNumber number;
  SharePartition partition;
  Issued<TimedLock> timers;
  bool loaded = false;
};

struct Group {
  boost::container::small_vector<ShareInstance, 1> instances;  ///< By number.
  InstanceNumber current{};                                    ///< The one in the cache; 0 if there is none.
  std::uint32_t instances_created = 0;
  Issued<StoreRequest> store_requests;
  Issued<DeadLetterRequest, 0> dead_letters;
  std::uint32_t requests_issued = 0;
  boost::container::small_vector<MemberId, 2> waiting;  ///< Members whose fetch waits, the longest first.

  ShareInstance* find(InstanceNumber number) {
    for (ShareInstance& instance : instances)
      if (instance.number == number) return &instance;
    return nullptr;
  }
  const ShareInstance* find(InstanceNumber number) const { return const_cast<Group*>(this)->find(number); }
  ShareInstance* cached() { return find(current); }
  const ShareInstance* cached() const { return find(current); }
};

}  // namespace sharelock
