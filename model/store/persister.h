// The persister: the client inside each broker by which share partitions and the group coordinator reach the share
// coordinator (Kafka's PersisterStateManager).
//
// Owns:             one handler for each key of a call, its look-ups and retries; which handlers share a request; what
//                   is in flight to which node.
// Knows nothing of: time and chance (a driver lets back-offs end), connections, what a share partition makes of an
//                   error.
// Therefore:        first attempts of writes of one key keep their order, retries do not (PE-8); the store is built to
//                   tolerate that.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "model/store/share_coordinator.h"

namespace sharelock {

/// A broker.
using NodeId = Strong<struct NodeIdTag, std::int32_t>;
/// A call of whoever uses the persister; the caller chooses it.
using PersisterCallId = Strong<struct PersisterCallIdTag, std::uint64_t>;
/// One key of one call, on its way.
using PersisterHandlerId = Strong<struct PersisterHandlerIdTag, std::uint64_t>;
/// A request that a persister sent, of either sort.
using PersisterRequestId = Strong<struct PersisterRequestIdTag, std::uint64_t>;

/// Attempts of the state request, and of each series of look-ups, that one handler makes (PE-13, PE-14).
inline constexpr std::int32_t persister_attempts_max = 5;
/// How long a request may take before it counts as timed out.
inline constexpr TimeMs persister_request_timeout_ms = 30'000;

/// The wait after a failed attempt (PE-13), in ms.
/// @param attempt           Which attempt failed, from 1.
/// @param jitter_per_mille  What is drawn: 800 to 1199.
constexpr TimeMs persister_backoff_ms(std::int32_t attempt, std::int32_t jitter_per_mille) {
  constexpr TimeMs cap_ms = 30'000;
  const TimeMs nominal_ms = attempt < 5 ? TimeMs{1000} << attempt : cap_ms;
  const TimeMs drawn_ms = nominal_ms * jitter_per_mille / 1000;
  return drawn_ms < cap_ms ? drawn_ms : cap_ms;
}

/// What the broker's metadata cache knows (PE-2).
struct BrokerView {
  bool any_alive = true;
  /// The alive leader of each partition of the state topic; shorter, or empty, where nothing is known.
  std::span<const std::optional<NodeId>> state_partition_leaders{};
};

/// What came back for a state request.
struct PersisterAnswer {
  /// Not `none` if no usable answer came: NETWORK_EXCEPTION is tried again, all else is final. A request that timed out
  /// counts as disconnected, so that is NETWORK_EXCEPTION too; UNKNOWN_SERVER_ERROR stands for an answer without body.
  KafkaError transport = KafkaError::none;
  std::vector<AnsweredEntry> results;
};

/// What came back for a look-up.
struct LookupAnswer {
  KafkaError transport = KafkaError::none;
  std::int32_t coordinators = 1;  ///< How many the answer contains, at least one; more are final (PE-11).
  KafkaError error = KafkaError::none;
  NodeId node{};
};

namespace persister_effect {

/// A state request goes to a node. All of these to one node travel on one connection, in order (PE-7).
struct RequestSent {
  PersisterRequestId id;
  NodeId node;
  StateRequest request;
};
/// A look-up of the coordinator of a key goes to any alive broker.
struct LookupSent {
  PersisterRequestId id;
  SharePartitionKey key;
};
/// After persister_backoff_ms(attempt, jitter) the handler is to be queued again.
struct BackoffBegun {
  PersisterHandlerId handler;
  std::int32_t attempt;
};
/// A call is complete: the result of each of its entries, in their order.
struct CallDone {
  PersisterCallId call;
  std::vector<StateResult> results;
};

}  // namespace persister_effect

using PersisterEffect = std::variant<persister_effect::RequestSent, persister_effect::LookupSent,
                                     persister_effect::BackoffBegun, persister_effect::CallDone>;
using PersisterOutbox = std::vector<PersisterEffect>;

class Persister {
 public:
  using Kind = std::size_t;  ///< Index in StateEntry.

  struct Handler {
    PersisterHandlerId id;
    PersisterCallId call;
    std::size_t index;  ///< Of the entry in the call.
    RequestedEntry entry;
    std::optional<NodeId> coordinator;
    std::int32_t attempts = 0;  ///< Of the state request, that failed.
    std::int32_t lookups = 0;   ///< That failed, since the last that succeeded.

    Kind kind() const { return entry.entry.index(); }
    friend bool operator==(const Handler&, const Handler&) = default;
  };
  /// Resolved handlers that wait for their turn (PE-3).
  struct Bucket {
    NodeId node;
    Kind kind;
    GroupId group;
    std::vector<PersisterHandlerId> handlers;
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };
  struct InFlight {
    NodeId node;
    Kind kind;
    friend bool operator==(const InFlight&, const InFlight&) = default;
  };

  /// Begins a call: a handler for each entry. Preconditions: not empty, one group, one kind of entries.
  void call(PersisterCallId call, std::vector<RequestedEntry> entries);

  /// Whether an iteration of the sender would do something.
  bool can_send() const;
  /// One iteration of the sender (PE-2 to PE-5): takes one queued handler, then empties what may go out.
  void send(const BrokerView& brokers, PersisterOutbox& out);

  /// A state request ended. An unknown id changes nothing: it was answered before.
  void answered(PersisterRequestId request, const PersisterAnswer& answer, PersisterOutbox& out);
  void lookup_answered(PersisterRequestId request, const LookupAnswer& answer, PersisterOutbox& out);
  /// A back-off is over.
  void backoff_ended(PersisterHandlerId handler);

  /// Of a request that is not answered: the call of each of its entries.
  std::vector<PersisterCallId> calls_of(PersisterRequestId request) const;

  /// No call is under way.
  bool idle() const { return calls_.empty(); }

  /// Those whose entry has no result yet, by id.
  std::span<const Handler> handlers() const { return handlers_; }
  /// Those that the sender has to take, in order.
  std::span<const PersisterHandlerId> queue() const { return queue_; }
  /// In the order in which they began; what Kafka does first among those that may go out together is a hash table's.
  std::span<const Bucket> buckets() const { return buckets_; }
  std::span<const InFlight> in_flight() const { return in_flight_; }

  friend bool operator==(const Persister&, const Persister&) = default;

 private:
  struct Call {
    PersisterCallId id;
    std::size_t open;
    std::vector<StateResult> results;
    friend bool operator==(const Call&, const Call&) = default;
  };
  struct Sent {
    PersisterRequestId id;
    NodeId node;
    Kind kind;
    std::vector<PersisterHandlerId> handlers;
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  Handler& handler(PersisterHandlerId id);
  bool is_in_flight(const Bucket& bucket) const;
  void put_in_bucket(const Handler& handler);
  void empty_buckets(PersisterOutbox& out);
  void retry_or_finish(Handler& handler, std::int32_t& failed, KafkaError error, PersisterOutbox& out);
  void finish(PersisterHandlerId id, StateResult result, PersisterOutbox& out);

  std::vector<Handler> handlers_;  ///< By id.
  std::vector<Call> calls_;
  std::vector<PersisterHandlerId> queue_;
  std::vector<Bucket> buckets_;
  std::vector<Sent> sent_;
  std::vector<std::pair<PersisterRequestId, PersisterHandlerId>> lookups_;
  std::vector<InFlight> in_flight_;
  std::uint64_t next_handler_ = 1;
  std::uint64_t next_request_ = 1;
};

}  // namespace sharelock
