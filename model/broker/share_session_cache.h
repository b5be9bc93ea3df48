// The share sessions of one broker: which requests open, use and close them, how many there may be, and what the end of
// a connection does (SP-181, SP-182, SP-189).
//
// Owns:             the sessions, how many members each group has here, which connection stands for which session.
// Knows nothing of: share partitions. Whoever closes a session releases what its member had acquired, partition by
//                   partition; a group without sessions loses its share partitions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "model/broker/share_session.h"

namespace sharelock {

/// The head of a ShareFetch request.
struct ShareFetchHead {
  ShareSessionKey session;
  std::int32_t epoch = 0;
  ConnectionId connection;
  bool acknowledges = false;  ///< It carries a batch of acknowledgements.
  std::vector<RequestedPartition> fetch;
  std::vector<TopicIdPartition> forget;
};

/// What a request that was accepted fetches, and what its response is composed with.
struct ShareFetchContext {
  enum class Kind : std::uint8_t { initial, incremental, final } kind = Kind::initial;
  std::vector<RequestedPartition> partitions;  ///< In session order; none for a final request.
  ShareSessionId session;                      ///< Of an incremental one.
  std::int32_t epoch = 0;                      ///< What the session's must still be when the response is composed.

  friend bool operator==(const ShareFetchContext&, const ShareFetchContext&) = default;
};

/// The answer to a request: its context, or why it was refused.
struct ShareFetchBegun {
  KafkaError error = KafkaError::none;
  ShareFetchContext context;
};

namespace session_effect {

/// The session of a connection that ended is gone: what its member had acquired is to be released (SP-90).
struct MemberLeft {
  ShareSession session;
};
/// The group has no session on this broker: its share partitions are to be removed (SP-150).
struct GroupEmpty {
  GroupId group;
};

}  // namespace session_effect

using SessionEffect = std::variant<session_effect::MemberLeft, session_effect::GroupEmpty>;
using SessionOutbox = std::vector<SessionEffect>;

class ShareSessionCache {
 public:
  /// A connection that opened a session.
  struct Connection {
    ShareSessionKey session;  ///< The one it opened last.
    bool stale = false;       ///< Its end removes no session.

    friend bool operator==(const Connection&, const Connection&) = default;
  };

  /// @param sessions_max  group.share.max.share.sessions
  explicit ShareSessionCache(std::size_t sessions_max) : sessions_max_{sessions_max} {}

  /// The head of a ShareFetch. An initial one that is refused for lack of room, or because it names a partition twice
  /// (UNKNOWN_SERVER_ERROR), has closed the member's former session all the same.
  ShareFetchBegun fetch(const ShareFetchHead& head);
  /// The epoch of a ShareAcknowledge.
  KafkaError acknowledge(ShareSessionKey key, std::int32_t epoch);
  /// Closes a session after its final request. Nothing if there is none.
  std::optional<ShareSession> release(ShareSessionKey key);
  /// The connection ended.
  void disconnected(ConnectionId connection, SessionOutbox& out);
  /// The share feature was switched off. Connections are not forgotten.
  void clear();

  /// The session that an incremental context began with, if it is still there.
  ShareSession* find(ShareSessionId id);
  const std::map<ShareSessionKey, ShareSession>& sessions() const { return sessions_; }
  /// Sessions by group; 0 while a group waits for the end of the connection of its last one.
  const std::map<GroupId, std::int32_t>& members() const { return members_; }
  const std::map<ConnectionId, Connection>& connections() const { return connections_; }
  /// Of all sessions together.
  std::size_t partition_count() const;
  /// Sessions that went with their connection.
  std::int64_t evictions() const { return evictions_; }

  friend bool operator==(const ShareSessionCache&, const ShareSessionCache&) = default;

 private:
  ShareFetchBegun open(const ShareFetchHead& head);
  ShareFetchBegun go_on(const ShareFetchHead& head);
  std::optional<ShareSession> remove(ShareSessionKey key);

  std::size_t sessions_max_;
  std::map<ShareSessionKey, ShareSession> sessions_;
  std::map<GroupId, std::int32_t> members_;
  std::map<ConnectionId, Connection> connections_;
  std::int64_t evictions_ = 0;
  std::uint32_t opened_ = 0;
};

/// What a response holds, and the error of its head.
struct ComposedResponse {
  KafkaError error = KafkaError::none;
  std::vector<TopicIdPartition> included;  ///< In the order of what was fetched.
};

/// Composes the response of a request.
/// @param session  That of an incremental context, whether it is still in the cache or not; otherwise not used.
ComposedResponse compose_response(const ShareFetchContext& context, ShareSession* session,
                                  std::span<const FetchedPartition> fetched);

}  // namespace sharelock
