// What the share fetch path of a broker may look at and does not own: time, configuration, the partitions it hosts.
#pragma once

#include <cstdint>
#include <vector>

#include "model/broker/share_session.h"
#include "model/partition/requests.h"
#include "model/partition/surroundings.h"

namespace sharelock {

/// A partition as the broker has it now.
struct HostedPartition {
  /// Why the broker cannot give it out: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER (another broker's),
  /// KAFKA_STORAGE_ERROR (its disk failed).
  KafkaError unavailable = KafkaError::none;
  bool is_leader = true;
  std::int32_t leader_epoch = 0;
  KafkaError remote_refused = KafkaError::none;  ///< A read of remote storage could not be scheduled.
};

/// Where the readable part of a log ends.
struct LogEnd {
  KafkaError error = KafkaError::none;
  LogPosition position;
};

/// Looked at during a call; it does not change while one lasts.
class BrokerSurroundings {
 public:
  virtual ~BrokerSurroundings() = default;

  virtual TimeMs now() const = 0;
  virtual const Profile& profile() const = 0;
  virtual const GroupConfiguration& configuration(GroupId group) const = 0;
  virtual HostedPartition hosted(TopicIdPartition what) const = 0;
  /// The look-ups that a share partition of that leader epoch gets.
  virtual LogLookups lookups(TopicIdPartition what, std::int32_t leader_epoch) const = 0;
  virtual LogEnd log_end(TopicIdPartition what, Isolation isolation) const = 0;
  /// remote.fetch.max.wait.ms
  virtual std::int64_t remote_max_wait_ms() const = 0;
  /// Brings objects that are removed together into the order in which Kafka's hash tables enumerate them.
  virtual void order_removals(std::vector<SharePartitionKey>& keys) const = 0;
  /// Chance, handed in: a number from 0 to `bound` - 1 for the byte split (SP-166).
  virtual std::int32_t draw(std::int32_t bound) const = 0;
};

}  // namespace sharelock
