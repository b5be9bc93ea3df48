// What a member of a classic consumer group tells the coordinator, and what the coordinator knows of it.
#pragma once

#include <boost/container/flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/group/cluster_image.h"
#include "model/group/topic_partitions.h"
#include "model/strong.h"

namespace sharelock {

/// A request whose answer can come later; the driver chooses it.
using ClassicRequestId = Strong<struct ClassicRequestIdTag, std::uint64_t>;

/// group.instance.id: of a static member, which keeps its place when it restarts. Value 0: it is none. In the order of
/// their names.
using InstanceId = Strong<struct InstanceIdTag, std::uint32_t>;

/// Partitions by the name of their topic: classic groups know no topic ids.
using NamedPartitions = boost::container::flat_map<TopicName, PartitionSet>;

/// The generation of whoever is in none.
inline constexpr std::int32_t no_generation = -1;

/// What a member subscribes to, and what it held when it asked to join.
struct ClassicSubscription {
  TopicNames topics;
  NamedPartitions owned{};                  ///< Only the cooperative protocol tells it.
  std::int32_t generation = no_generation;  ///< In which `owned` was assigned.
  RackId rack{};                            ///< client.rack
  InstanceId instance{};                    ///< The coordinator tells it to the leader.

  friend bool operator==(const ClassicSubscription&, const ClassicSubscription&) = default;
};

/// How partitions are assigned: a member names those that it can do, the best one first.
enum class ClassicAssignor : std::uint8_t { range, cooperative_sticky };

struct ClassicProtocol {
  ClassicAssignor assignor;
  ClassicSubscription subscription;

  friend bool operator==(const ClassicProtocol&, const ClassicProtocol&) = default;
};

/// Who asks. A static member that asks by its instance alone has lost its id: it joins again, or leaves.
struct ClassicIdentity {
  MemberId member;  ///< Nobody: a new member.
  InstanceId instance{};

  friend bool operator==(const ClassicIdentity&, const ClassicIdentity&) = default;
};

struct ClassicMember {
  TimeMs session_timeout = 0;
  TimeMs rebalance_timeout = 0;
  std::vector<ClassicProtocol> protocols{};
  NamedPartitions assignment{};
  InstanceId instance{};
  bool is_new = false;                     ///< It waits for its first generation: the session timer runs nevertheless.
  std::optional<ClassicRequestId> join{};  ///< It waits for this answer.
  bool join_failed = false;                ///< It heard it already, an error, and counts as waiting all the same.
  std::optional<ClassicRequestId> sync{};

  /// Null if the member does not know that assignor.
  const ClassicSubscription* subscription(ClassicAssignor assignor) const;

  friend bool operator==(const ClassicMember&, const ClassicMember&) = default;
};

}  // namespace sharelock
