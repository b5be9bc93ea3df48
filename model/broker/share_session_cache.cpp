#include "model/broker/share_session_cache.h"

#include <algorithm>

namespace sharelock {
namespace {

bool names_a_partition_twice(std::span<const RequestedPartition> partitions) {
  std::vector<TopicIdPartition> named;
  for (const RequestedPartition& partition : partitions) named.push_back(partition.what);
  std::ranges::sort(named);
  return std::ranges::adjacent_find(named) != named.end();
}

}  // namespace

ShareFetchBegun ShareSessionCache::fetch(const ShareFetchHead& head) {
  if (head.epoch == initial_epoch) return open(head);
  if (head.epoch != final_epoch) return go_on(head);
  if (!sessions_.contains(head.session)) return {KafkaError::share_session_not_found, {}};
  return {KafkaError::none, {ShareFetchContext::Kind::final, {}, {}, final_epoch}};
}

ShareFetchBegun ShareSessionCache::open(const ShareFetchHead& head) {
  if (head.acknowledges) return {KafkaError::invalid_request, {}};
  remove(head.session);
  if (names_a_partition_twice(head.fetch)) return {KafkaError::unknown_server_error, {}};
  if (sessions_.size() >= sessions_max_) return {KafkaError::share_session_limit_reached, {}};
  sessions_.emplace(head.session, ShareSession{head.session, ShareSessionId{++opened_}, head.connection, head.fetch});
  ++members_[head.session.group];
  connections_[head.connection] = {head.session, false};
  return {KafkaError::none, {ShareFetchContext::Kind::initial, head.fetch, {}, next_epoch(initial_epoch)}};
}

ShareFetchBegun ShareSessionCache::go_on(const ShareFetchHead& head) {
  const auto found = sessions_.find(head.session);
  if (found == sessions_.end()) return {KafkaError::share_session_not_found, {}};
  ShareSession& session = found->second;
  if (session.epoch != head.epoch) return {KafkaError::invalid_share_session_epoch, {}};
  session.update(head.fetch, head.forget);
  session.epoch = next_epoch(session.epoch);
  ShareFetchContext context{ShareFetchContext::Kind::incremental, {}, session.id, session.epoch};
  for (const SessionPartition& partition : session.partitions())
    context.partitions.push_back({partition.what, partition.name_known});
  return {KafkaError::none, std::move(context)};
}

KafkaError ShareSessionCache::acknowledge(ShareSessionKey key, std::int32_t epoch) {
  if (epoch == initial_epoch) return KafkaError::invalid_share_session_epoch;
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return KafkaError::share_session_not_found;
  if (epoch == final_epoch) return KafkaError::none;
  if (found->second.epoch != epoch) return KafkaError::invalid_share_session_epoch;
  found->second.epoch = next_epoch(epoch);
  return KafkaError::none;
}

std::optional<ShareSession> ShareSessionCache::release(ShareSessionKey key) {
  return remove(key);
}

/// Whatever the session's connection stands for by now, it becomes stale.
std::optional<ShareSession> ShareSessionCache::remove(ShareSessionKey key) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return std::nullopt;
  ShareSession session = std::move(found->second);
  sessions_.erase(found);
  --members_[key.group];
  if (const auto connection = connections_.find(session.connection); connection != connections_.end())
    connection->second.stale = true;
  return session;
}

void ShareSessionCache::disconnected(ConnectionId connection, SessionOutbox& out) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  const auto [key, stale] = found->second;
  connections_.erase(found);
  if (!stale) {
    if (auto session = remove(key)) {
      ++evictions_;
      out.push_back(session_effect::MemberLeft{std::move(*session)});
    }
  }
  const auto members = members_.find(key.group);
  if (members != members_.end() && members->second > 0) return;
  if (members != members_.end()) members_.erase(members);
  out.push_back(session_effect::GroupEmpty{key.group});
}

void ShareSessionCache::clear() {
  sessions_.clear();
  members_.clear();
}

ShareSession* ShareSessionCache::find(ShareSessionId id) {
  const auto found = std::ranges::find(sessions_, id, [](const auto& entry) { return entry.second.id; });
  return found == sessions_.end() ? nullptr : &found->second;
}

std::size_t ShareSessionCache::partition_count() const {
  std::size_t sum = 0;
  for (const auto& [key, session] : sessions_) sum += session.partitions().size();
  return sum;
}

ComposedResponse compose_response(const ShareFetchContext& context, ShareSession* session,
                                  std::span<const FetchedPartition> fetched) {
  if (context.kind == ShareFetchContext::Kind::incremental) {
    if (session->epoch != context.epoch) return {KafkaError::invalid_share_session_epoch, {}};
    return {KafkaError::none, session->respond(fetched)};
  }
  ComposedResponse all;
  for (const FetchedPartition& partition : fetched) all.included.push_back(partition.what);
  return all;
}

}  // namespace sharelock
