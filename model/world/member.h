// A member of a share group as the leader of its partition meets it: its application, its connection, its session.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>

#include "model/interval_set.h"
#include "model/world/observation.h"

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
  AcquiredRanges records;
  IntervalSet gaps;  ///< Offsets of `records` that hold nothing for the application: compacted, control, aborted.
};

/// Where the one request of a connection is.
enum class Exchange : std::uint8_t { none, to_leader, at_leader, to_member };

struct Member {
  // The member's own side
  bool alive = true;
  bool connected = true;
  std::int32_t next_epoch = 0;  ///< The session epoch of its next request.
  Exchange exchange = Exchange::none;
  MemberRequest request;
  MemberResponse response;
  IntervalSet held;            ///< Delivered to the application and not acknowledged yet.
  AcknowledgedRanges waiting;  ///< Acknowledged by the application and not sent yet.

  // What the leader knows of it
  bool has_session = false;
  std::int32_t session_epoch = 0;  ///< What the next request of the session must carry.
  bool break_unnoticed = false;    ///< Its connection broke, and the leader does not know yet.
  std::uint32_t connection = 1;    ///< Counts connections: answers to an earlier one reach nobody.

  // Its request at the leader
  bool acknowledging = false;     ///< Waits for the outcome of its acknowledgements.
  bool fetching = false;          ///< Its fetch waits to be satisfied.
  bool check_scheduled = false;   ///< Its waiting fetch was woken.
  InstanceNumber fetched_from{};  ///< The share partition that its fetch is bound to.
};

}  // namespace sharelock
