#include "model/group/classic/sticky_claims.h"

namespace sharelock {

TopicNames subscribed_topics(const std::map<MemberId, ClassicSubscription>& members, const ClassicTopics& topics) {
  TopicNames subscribed;
  for (const auto& [id, subscription] : members)
    for (const TopicName topic : subscription.topics)
      if (const auto known = topics.find(topic); known != topics.end() && known->second.partitions > 0)
        subscribed.insert(topic);
  return subscribed;
}

std::vector<ClassicPartition> partitions_left(const std::vector<ClassicPartition>& all,
                                              const std::vector<ClassicPartition>& held) {
  std::vector<ClassicPartition> left;
  auto next = held.begin();
  for (const ClassicPartition& partition : all) {
    if (next != held.end() && *next == partition)
      ++next;
    else
      left.push_back(partition);
  }
  return left;
}

StickyClaims sticky_claims(const std::map<MemberId, ClassicSubscription>& members, const ClassicTopics& topics) {
  const TopicNames known = subscribed_topics(members, topics);
  StickyClaims claims;
  std::map<ClassicPartition, MemberId> holders;
  for (const auto& [id, subscription] : members) {
    auto& held = claims.held[id];
    for (const auto& [topic, numbers] : subscription.owned) {
      if (!known.contains(topic)) continue;
      for (const std::int32_t number : numbers) {
        const ClassicPartition partition{topic, number};
        const auto [other, is_first] = holders.emplace(partition, id);
        const std::int32_t generation = is_first ? no_generation : members.at(other->second).generation;
        if (!is_first && subscription.generation < generation) continue;
        if (!is_first) claims.held[other->second].erase(partition);
        if (!is_first && subscription.generation == generation) {
          claims.contested.insert(partition);
          continue;
        }
        other->second = id;
        held.insert(partition);
      }
    }
  }
  return claims;
}

}  // namespace sharelock
