// A share group as the leader of the partition and the store see it: share partitions, their timers, their requests.
#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>

#include "model/partition/share_partition.h"
#include "model/store/state_requests.h"
#include "model/world/broker.h"
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
  BrokerId broker;
  SharePartition partition;
  Issued<TimedLock> timers;
  bool loaded = false;
};

/// A fetch that waits: on which connection of which member.
struct Waiter {
  MemberId member;
  std::uint32_t connection;

  friend bool operator==(const Waiter&, const Waiter&) = default;
};

struct Group {
  std::uint32_t configuration = 0;  ///< Which one is in force: that of the settings, or one of its changes, from 1.
  boost::container::small_vector<ShareInstance, 1> instances;  ///< By number.
  std::array<InstanceNumber, broker_count> cache{};            ///< The one in each broker's cache; 0 if there is none.
  /// Of the cached ones that which belongs to the latest leadership: it is the share partition now, and claims are
  /// about it. 0 if that has none. A former leader may go on with one of its own until it learns.
  InstanceNumber current{};
  std::int32_t latest_epoch = 0;  ///< The leader epoch of the latest leadership that had a share partition.
  std::uint32_t instances_created = 0;
  Issued<StoreRequest> store_requests;
  Issued<StoreRequest, 0> copies;  ///< Of requests to the store, in the network.
  Issued<DeadLetterRequest, 0> dead_letters;
  std::uint32_t requests_issued = 0;
  boost::container::small_vector<Waiter, 2> waiting;  ///< The longest first.

  ShareInstance* find(InstanceNumber number) {
    for (ShareInstance& instance : instances)
      if (instance.number == number) return &instance;
    return nullptr;
  }
  const ShareInstance* find(InstanceNumber number) const { return const_cast<Group*>(this)->find(number); }
  InstanceNumber cached_at(BrokerId broker) const { return cache[index_of(broker)]; }
  bool is_cached(const ShareInstance& instance) const { return cached_at(instance.broker) == instance.number; }
  /// The share partition now; null if there is none.
  const ShareInstance* cached() const { return find(current); }
};

}  // namespace sharelock
