// A member of a share group as the brokers meet it: its application, its connections, its sessions.
#pragma once

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdint>

#include "model/interval_set.h"
#include "model/world/broker.h"
#include "model/world/observation.h"
#include "model/world/request_id.h"

namespace sharelock {

/// A range of offsets with one acknowledgement type.
struct AcknowledgedRange {
  Offset first;
  Offset last;
  AcknowledgeType type;

  friend bool operator==(const AcknowledgedRange&, const AcknowledgedRange&) = default;
};
using AcknowledgedRanges = boost::container::small_vector<AcknowledgedRange, 4>;

/// What travels from a member to the leader. A connection carries one request at a time.
struct MemberRequest {
  enum class Kind : std::uint8_t { fetch, acknowledge, close } kind = Kind::fetch;
  std::int32_t session_epoch = 0;
  AcknowledgedRanges acknowledgements;
};

/// What travels back.
struct MemberResponse {
  KafkaError error = KafkaError::none;              ///< Of the whole request: then nothing else counts.
  KafkaError fetch_error = KafkaError::none;        ///< Of the fetch of the partition.
  KafkaError acknowledge_error = KafkaError::none;  ///< Of the acknowledgements of the partition.
  /// Of the share partition that took the acknowledgements.
  std::int32_t state_epoch = 0;
  AcquiredRanges records;
  IntervalSet gaps;  ///< Offsets of `records` that hold nothing for the application: compacted, control, aborted.
};

/// Where the one request of a connection is.
enum class Exchange : std::uint8_t { none, to_leader, at_leader, to_member };

/// The attempt of a fetch that is under way: it holds the fetch lock and waits for its log read (SP-163, SP-167).
enum class Attempt : std::uint8_t {
  none,
  decides,   ///< Begun when the fetch arrived or was checked: the read shows whether it can be answered.
  completes  ///< Begun when its time was over: it is answered from the read in any case.
};

/// One connection of a member to a broker. It stays until the broker knows that it is gone.
struct Connection {
  std::uint32_t number = 0;  ///< Counts the member's connections: answers to one that is broken reach nobody.
  BrokerId broker{};
  bool open = true;  ///< The member's end of it is there.

  // The one request that it carries
  Exchange exchange = Exchange::none;
  MemberRequest request;
  MemberResponse response;
  bool acknowledging = false;     ///< At the broker: waits for the outcome of its acknowledgements.
  bool fetching = false;          ///< At the broker: its fetch waits to be satisfied.
  bool check_scheduled = false;   ///< Its waiting fetch was woken.
  InstanceNumber fetched_from{};  ///< The share partition that its fetch is bound to.

  // The attempt of its fetch that is under way
  Attempt attempt = Attempt::none;
  Offset read_from = 0;     ///< Where the attempt reads the log.
  bool holds_lock = false;  ///< Its request believes that it holds the fetch lock of that share partition.
  bool met_lock = false;    ///< Its fetch was tried while somebody held it, and is tried again when it is free (D-24).
};

/// The name under which a member's fetch on a connection holds the fetch lock.
inline FetchId fetch_id(MemberId member, const Connection& connection) {
  return FetchId{static_cast<std::uint64_t>(connection.number) << 32 | member.value()};
}

/// Whether a step of that kind can happen on a connection now.
inline bool can_happen(StepKind kind, const Connection& connection) {
  switch (kind) {
    case StepKind::request_arrives:
      return connection.exchange == Exchange::to_leader;
    case StepKind::check_fetch:
      return connection.fetching && connection.check_scheduled;
    case StepKind::fetch_expires:
      return connection.fetching && connection.attempt != Attempt::completes;
    case StepKind::log_read_ends:
      return connection.attempt != Attempt::none;
    case StepKind::disconnect_noticed:
      return !connection.open;
    default:
      return false;
  }
}

/// What a broker remembers of a member (SP-180).
struct SessionAtBroker {
  bool open = false;
  std::int32_t epoch = 0;        ///< What the next request of the session must carry.
  std::uint32_t connection = 0;  ///< The one that began it: its end is the session's end (SP-189).
};

struct Member {
  // The member's own side
  bool alive = true;
  BrokerId broker{};            ///< Which broker it takes for the leader.
  std::int32_t next_epoch = 0;  ///< The session epoch of its next request.
  IntervalSet held;             ///< Delivered to the application and not acknowledged yet.
  AcknowledgedRanges waiting;   ///< Acknowledged by the application and not sent yet.
  // In a world with administration
  std::int32_t member_epoch = 0;  ///< What the group coordinator told it; 0: it has not joined.
  bool assigned = false;          ///< The partition is assigned to it: it may fetch.

  std::uint32_t connections_made = 0;
  boost::container::small_vector<Connection, 2> connections;  ///< By number. Of the open ones at most one per broker.
  std::array<SessionAtBroker, broker_count> sessions;         ///< At each broker.

  Connection* find(std::uint32_t number) {
    for (Connection& connection : connections)
      if (shortened(connection.number) == shortened(number)) return &connection;
    return nullptr;
  }
  const Connection* find(std::uint32_t number) const { return const_cast<Member*>(this)->find(number); }
  /// The connection that a step means, if it can happen there: the one of its hint, or else the nth oldest.
  Connection* find(const Step& step) {
    std::uint32_t passed = step.nth;
    for (Connection& connection : connections) {
      if (!can_happen(step.kind, connection)) continue;
      if (step.hint != 0 ? connection.number == step.hint : passed-- == 0) return &connection;
    }
    return nullptr;
  }
  /// The open connection to the broker that it takes for the leader; null if there is none.
  Connection* in_use() {
    for (Connection& connection : connections)
      if (connection.open && connection.broker == broker) return &connection;
    return nullptr;
  }
  const Connection* in_use() const { return const_cast<Member*>(this)->in_use(); }
  bool is_connected() const { return alive && in_use() != nullptr; }
  /// Whether it can send a request now.
  bool is_idle() const { return is_connected() && in_use()->exchange == Exchange::none; }
  /// Whether it can connect again, or start again: see PartitionWorld::restart.
  bool can_restart() const { return !is_connected() && (alive || connections.empty()); }
  bool has_session() const {
    return std::ranges::any_of(sessions, [](const SessionAtBroker& session) { return session.open; });
  }
  SessionAtBroker& session_at(BrokerId at) { return sessions[index_of(at)]; }
  const SessionAtBroker& session_at(BrokerId at) const { return sessions[index_of(at)]; }
};

}  // namespace sharelock
