// One share session: what a member fetches from a broker, and the epoch that orders its requests (SP-180 to SP-186).
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "model/protocol/kafka_error.h"
#include "model/store/share_partition_key.h"
#include "model/strong.h"

namespace sharelock {

/// A connection of a client to the broker. Value 0 is none.
using ConnectionId = Strong<struct ConnectionIdTag, std::uint32_t>;
/// Tells one session of a member from the next one. Nothing orders them.
using ShareSessionId = Strong<struct ShareSessionIdTag, std::uint32_t>;

struct TopicIdPartition {
  TopicId topic;
  std::int32_t partition = 0;

  friend auto operator<=>(const TopicIdPartition&, const TopicIdPartition&) = default;
};

/// A partition as a request names it.
struct RequestedPartition {
  TopicIdPartition what;
  bool name_known = true;  ///< The broker knows a topic of that id.

  friend bool operator==(const RequestedPartition&, const RequestedPartition&) = default;
};

/// A partition of a session: Kafka's CachedSharePartition.
struct SessionPartition {
  TopicIdPartition what;
  bool name_known = true;
  bool requires_update = false;  ///< It is in the next response, whatever there is to say about it.

  friend bool operator==(const SessionPartition&, const SessionPartition&) = default;
};

/// What a fetch found for a partition, as far as a session looks at it.
struct FetchedPartition {
  TopicIdPartition what;
  bool has_records = false;
  KafkaError error = KafkaError::none;
};

struct ShareSessionKey {
  GroupId group;
  MemberId member;

  friend auto operator<=>(const ShareSessionKey&, const ShareSessionKey&) = default;
};

inline constexpr std::int32_t initial_epoch = 0;
inline constexpr std::int32_t final_epoch = -1;
/// The epoch after that one: from the largest number it goes back to 1 (SP-180).
std::int32_t next_epoch(std::int32_t epoch);

class ShareSession {
 public:
  ShareSession(ShareSessionKey of, ShareSessionId session_id, ConnectionId opened_by,
               std::span<const RequestedPartition> partitions);

  /// Adds what is new, then removes what is forgotten, which releases nothing (SP-185).
  void update(std::span<const RequestedPartition> fetched, std::span<const TopicIdPartition> forgotten);
  /// Which of the fetched partitions are in the response (SP-186). One with records goes to the end of the order
  /// (SP-184). Partitions that are not in the session are left out.
  std::vector<TopicIdPartition> respond(std::span<const FetchedPartition> fetched);

  const std::vector<SessionPartition>& partitions() const { return partitions_; }

  ShareSessionKey key;
  ShareSessionId id;
  ConnectionId connection;  ///< That of the request that opened it; later requests do not change it.
  std::int32_t epoch;       ///< What the next request has to carry.

  friend bool operator==(const ShareSession&, const ShareSession&) = default;

 private:
  std::vector<SessionPartition>::iterator find(TopicIdPartition what);

  std::vector<SessionPartition> partitions_;  ///< In session order (SP-184).
};

}  // namespace sharelock
