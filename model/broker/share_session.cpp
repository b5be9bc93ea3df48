#include "model/broker/share_session.h"

#include <algorithm>
#include <limits>

namespace sharelock {

std::int32_t next_epoch(std::int32_t epoch) {
  if (epoch < 0) return final_epoch;
  return epoch == std::numeric_limits<std::int32_t>::max() ? 1 : epoch + 1;
}

ShareSession::ShareSession(ShareSessionKey of, ShareSessionId session_id, ConnectionId opened_by,
                           std::span<const RequestedPartition> partitions)
    : key{of}, id{session_id}, connection{opened_by}, epoch{next_epoch(initial_epoch)} {
  for (const auto& [what, name_known] : partitions) partitions_.push_back({what, name_known, false});
}

std::vector<SessionPartition>::iterator ShareSession::find(TopicIdPartition what) {
  return std::ranges::find(partitions_, what, &SessionPartition::what);
}

void ShareSession::update(std::span<const RequestedPartition> fetched, std::span<const TopicIdPartition> forgotten) {
  for (const auto& [what, name_known] : fetched)
    if (find(what) == partitions_.end()) partitions_.push_back({what, name_known, true});
  for (const TopicIdPartition what : forgotten)
    if (const auto found = find(what); found != partitions_.end()) partitions_.erase(found);
}

std::vector<TopicIdPartition> ShareSession::respond(std::span<const FetchedPartition> fetched) {
  std::vector<TopicIdPartition> included;
  for (const auto& [what, has_records, error] : fetched) {
    const auto found = find(what);
    if (found == partitions_.end()) continue;
    const bool is_included = has_records || found->requires_update || error != KafkaError::none;
    found->requires_update = error != KafkaError::none;
    if (is_included) included.push_back(what);
    if (has_records) std::rotate(found, found + 1, partitions_.end());
  }
  return included;
}

}  // namespace sharelock
