#include "model/group/classic/rack_match.h"

#include <algorithm>
#include <vector>

namespace sharelock {

RackMatch::RackMatch(std::map<MemberId, RackId> members, const ClassicTopics& topics, const TopicNames& considered)
    : members_{std::move(members)}, topics_{topics} {
  Racks all;
  std::vector<const Racks*> of_partitions;
  for (const TopicName topic : considered)
    for (std::int32_t number = 0; number < topics.at(topic).partitions; ++number) {
      of_partitions.push_back(&racks_of({topic, number}));
      all.insert(of_partitions.back()->begin(), of_partitions.back()->end());
    }
  matter_ = std::ranges::any_of(members_, [&](const auto& member) { return all.contains(member.second); }) &&
            std::ranges::any_of(of_partitions, [&](const Racks* racks) { return *racks != all; });
}

bool RackMatch::is_near(MemberId member, const ClassicPartition& partition) const {
  return racks_of(partition).contains(members_.at(member));
}

bool RackMatch::is_far(MemberId member, const ClassicPartition& partition) const {
  return members_.at(member) != RackId{} && !is_near(member, partition);
}

std::size_t RackMatch::near(const ClassicPartition& partition) const {
  const auto is_here = [&](const auto& member) { return is_near(member.first, partition); };
  return static_cast<std::size_t>(std::ranges::count_if(members_, is_here));
}

const Racks& RackMatch::racks_of(const ClassicPartition& partition) const {
  static const Racks nowhere;
  const auto& racks = topics_.at(partition.first).racks;
  const auto number = static_cast<std::size_t>(partition.second);
  return number < racks.size() ? racks[number] : nowhere;
}

std::map<MemberId, RackId> racks_of(const std::map<MemberId, ClassicSubscription>& members) {
  std::map<MemberId, RackId> racks;
  for (const auto& [id, subscription] : members) racks.emplace(id, subscription.rack);
  return racks;
}

}  // namespace sharelock
