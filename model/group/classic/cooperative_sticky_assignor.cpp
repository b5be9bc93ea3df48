#include "model/group/classic/cooperative_sticky_assignor.h"

#include <algorithm>

#include "model/group/classic/sticky_general.h"
#include "model/group/classic/sticky_uniform.h"

namespace sharelock {
namespace {

bool owns(const ClassicSubscription& subscription, const ClassicPartition& partition) {
  const auto topic = subscription.owned.find(partition.first);
  return topic != subscription.owned.end() && topic->second.contains(partition.second);
}

/// What one member owns by its own account and loses, and who gets it that does not own it.
std::map<ClassicPartition, MemberId> moving(const std::map<MemberId, ClassicSubscription>& members,
                                            const StickyShares& shares) {
  std::set<ClassicPartition> lost;
  for (const auto& [id, subscription] : members)
    for (const auto& [topic, numbers] : subscription.owned)
      for (const std::int32_t number : numbers)
        if (!shares.at(id).contains({topic, number})) lost.emplace(topic, number);
  std::map<ClassicPartition, MemberId> moving;
  for (const auto& [id, share] : shares)
    for (const ClassicPartition& partition : share)
      if (lost.contains(partition) && !owns(members.at(id), partition)) moving[partition] = id;
  return moving;
}

/// Kafka compares with the first member that subscribes to anything: those before it get partitions, too, although they
/// subscribe to nothing (a pattern that matches no topic).
bool count_as_uniform(const std::map<MemberId, ClassicSubscription>& members) {
  const auto subscribes = [](const auto& member) { return !member.second.topics.empty(); };
  const auto first = std::ranges::find_if(members, subscribes);
  return std::all_of(first, members.end(),
                     [&](const auto& member) { return member.second.topics == first->second.topics; });
}

}  // namespace

StickyAssignment cooperative_sticky_assignment(const std::map<MemberId, ClassicSubscription>& members,
                                               const ClassicTopics& topics) {
  std::map<MemberId, NamedPartitions> assignment;
  if (members.empty()) return assignment;
  std::optional<UniformShares> shared;
  if (count_as_uniform(members)) {
    shared = uniform_shares(members, topics);
    if (!shared) return AssignorException::illegal_state;
  } else {
    std::optional<StickyShares> shares = general_shares(members, topics);
    if (!shares) return AssignorException::null_pointer;
    shared = {std::move(*shares), {}};
    shared->moving = moving(members, shared->shares);
  }
  for (const auto& [partition, id] : shared->moving) {
    auto& share = shared->shares.at(id);
    share.erase(share.find(partition));
  }
  for (const auto& [id, share] : shared->shares) {
    NamedPartitions& of_member = assignment[id];
    for (const auto& [topic, number] : share) of_member[topic].insert(number);
  }
  return assignment;
}

}  // namespace sharelock
