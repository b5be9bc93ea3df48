#include "model/group/classic/range_assignor.h"

#include <algorithm>

namespace sharelock {

std::map<MemberId, NamedPartitions> range_assignment(const std::map<MemberId, ClassicSubscription>& members,
                                                     const std::map<TopicName, std::int32_t>& partitions) {
  std::map<MemberId, NamedPartitions> assignment;
  for (const auto& [id, subscription] : members) assignment[id];
  for (const auto& [topic, count] : partitions) {
    std::vector<MemberId> takers;
    for (const auto& [id, subscription] : members)
      if (subscription.topics.contains(topic)) takers.push_back(id);
    std::int32_t next = 0;
    for (std::size_t i = 0; i < takers.size(); ++i) {
      const auto shares_left = static_cast<std::int32_t>(takers.size() - i);
      const std::int32_t share = (count - next + shares_left - 1) / shares_left;
      for (std::int32_t last = next + share; next < last; ++next) assignment[takers[i]][topic].insert(next);
    }
  }
  return assignment;
}

}  // namespace sharelock
