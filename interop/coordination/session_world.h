// The model of a broker's share sessions behind the protocol of the coordination oracle: the same requests, the same
// answers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/life.h"
#include "interop/protocol/step.h"
#include "model/broker/share_session_cache.h"

namespace sharelock::interop {

/// The world that one `session.new` creates.
class SessionWorld {
 public:
  /// @param names  All names that any request will use; they outlive this.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  SessionWorld(JsonElement request, const LifeNames& names);

  /// Decodes a request; `session.new` itself does nothing.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  Step decode(JsonElement request);
  void handle(JsonElement request, std::string& answer) { decode(request)(&answer); }

  const ShareSessionCache& cache() const { return cache_; }
  /// The context of the member's last fetch that was accepted; null if there is none.
  const ShareFetchContext* last_context(std::string_view group, std::string_view member) const;
  std::string_view name_of(TopicId topic) const { return topics_.name(topic.value()); }

 private:
  ShareSessionKey session_key(JsonElement request) const;
  TopicIdPartition partition(JsonElement element) const;
  std::vector<RequestedPartition> partitions(JsonElement request, std::string_view name) const;

  /// What is particular to a request; `shown` is null if nothing is told.
  using Work = std::function<KafkaError(std::string* shown)>;

  Work work(std::string_view verb, JsonElement request);
  Work fetch(JsonElement request);
  Work respond(JsonElement request);
  KafkaError release(ShareSessionKey key, std::string* shown);
  void disconnect(ConnectionId connection, bool told);
  /// A session that is closed may still be needed: the response of its last fetch is composed with it.
  void keep(const ShareSession& closed);

  void append_partition(std::string& out, TopicIdPartition what, std::string_view rest) const;
  void append_context(std::string& out, const ShareFetchContext& context) const;
  void append_sessions(std::string& answer) const;
  void append_common(std::string& answer) const;

  const LifeNames& names_;
  NameRanks topics_;
  ShareSessionCache cache_;
  std::map<ShareSessionKey, ShareFetchContext> contexts_;
  std::map<ShareSessionId, ShareSession> closed_;
  std::string events_;  ///< Of the request in progress.
};

}  // namespace sharelock::interop
