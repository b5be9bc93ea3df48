// The model of a broker's share sessions behind the protocol of the coordination oracle: the same requests, the same
// answers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/life.h"
#include "model/broker/share_session_cache.h"

namespace sharelock::interop {

/// The world that one `session.new` creates.
class SessionWorld {
 public:
  /// @param names  All names that any request will use; they outlive this.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  SessionWorld(JsonElement request, const LifeNames& names);

  /// Executes a request (for `session.new` itself: nothing) and appends the answer, as the oracle writes it.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  void handle(JsonElement request, std::string& answer);

  const ShareSessionCache& cache() const { return cache_; }
  /// The context of the member's last fetch that was accepted; null if there is none.
  const ShareFetchContext* last_context(std::string_view group, std::string_view member) const;
  std::string_view name_of(TopicId topic) const { return topics_.name(topic.value()); }

 private:
  ShareSessionKey session_key(JsonElement request) const;
  TopicIdPartition partition(JsonElement element) const;
  std::vector<RequestedPartition> partitions(JsonElement request, std::string_view name) const;

  KafkaError execute(std::string_view verb, JsonElement request, std::string& shown);
  KafkaError fetch(JsonElement request, std::string& shown);
  KafkaError respond(JsonElement request, std::string& shown);
  KafkaError release(JsonElement request, std::string& shown);
  void disconnect(JsonElement request);
  /// A session that is closed may still be needed: the response of its last fetch is composed with it.
  void keep(const ShareSession& closed);

  void append_partition(std::string& out, TopicIdPartition what, std::string_view rest) const;
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
