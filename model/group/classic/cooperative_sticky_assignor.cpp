#include "model/group/classic/cooperative_sticky_assignor.h"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>
#include <vector>

namespace sharelock {
namespace {

using Partition = std::pair<TopicName, std::int32_t>;

/// The order in which a member keeps what it holds: all first partitions of its topics, then all second ones.
struct ByNumber {
  bool operator()(const Partition& a, const Partition& b) const {
    return std::pair{a.second, a.first} < std::pair{b.second, b.first};
  }
};

/// What each member holds, as far as it counts: of two that claim a partition the one of the later generation has it.
/// Once two of the same generation claimed it, it is nobody's.
struct Claims {
  std::map<MemberId, std::set<Partition, ByNumber>> held;
  std::set<Partition> contested;
};

Claims claims_of(const std::map<MemberId, ClassicSubscription>& members,
                 const std::map<TopicName, std::int32_t>& partitions) {
  Claims claims;
  std::map<Partition, MemberId> holders;
  for (const auto& [id, subscription] : members) {
    auto& held = claims.held[id];
    for (const auto& [topic, numbers] : subscription.owned) {
      if (!subscription.topics.contains(topic) || !partitions.contains(topic)) continue;
      for (const std::int32_t number : numbers) {
        const Partition partition{topic, number};
        const auto [other, is_first] = holders.emplace(partition, id);
        const std::int32_t generation = is_first ? no_generation : members.at(other->second).generation;
        if (!is_first && subscription.generation < generation) continue;
        if (!is_first) claims.held[other->second].erase(partition);
        other->second = id;
        if (!is_first && subscription.generation == generation) claims.contested.insert(partition);
        held.insert(partition);
      }
    }
  }
  for (auto& [id, held] : claims.held)
    std::erase_if(held, [&](const Partition& partition) { return claims.contested.contains(partition); });
  return claims;
}

/// Shares out all partitions. Some members get one more than the others, if the numbers do not match.
class Sharing {
 public:
  Sharing(const Claims& claims, std::size_t partitions)
      : least_{partitions / claims.held.size()},
        with_more_{partitions % claims.held.size()},
        moving_{claims.contested} {
    for (const auto& [id, held] : claims.held) keep(id, held);
  }

  void give(const Partition& partition) {
    // Those below the least share take turns; then those that have it get one more, as they came to it.
    std::deque<MemberId>& waiting = below_.empty() ? at_least_ : below_;
    const MemberId id = waiting.front();
    waiting.pop_front();
    auto& held = shares[id];
    held.insert(partition);
    if (held.size() < least_)
      below_.push_back(id);
    else if (held.size() == least_)
      at_least_.push_back(id);
    if (moving_.contains(partition)) held_back.emplace_back(id, partition);
  }

  bool is_given(const Partition& partition) const { return kept_.contains(partition); }

  std::map<MemberId, std::set<Partition>> shares;
  std::vector<std::pair<MemberId, Partition>> held_back;  ///< To whom it would go, and what.

 private:
  /// Of what the member held, as much as balance allows.
  void keep(MemberId id, const std::set<Partition, ByNumber>& held) {
    const bool more = held.size() > least_ && with_more_ > 0;
    if (more) --with_more_;
    std::size_t room = least_ + (more ? 1 : 0);
    auto& share = shares[id];
    for (const Partition& partition : held) {
      if (room == 0) {
        moving_.insert(partition);
        continue;
      }
      --room;
      share.insert(partition);
      kept_.insert(partition);
    }
    if (share.size() < least_)
      below_.push_back(id);
    else if (share.size() == least_)
      at_least_.push_back(id);
  }

  std::size_t least_;
  std::size_t with_more_;  ///< So many members may still have one more than the least.
  std::set<Partition> moving_;
  std::set<Partition> kept_;
  std::deque<MemberId> below_;
  std::deque<MemberId> at_least_;
};

}  // namespace

std::map<MemberId, NamedPartitions> cooperative_sticky_assignment(
    const std::map<MemberId, ClassicSubscription>& members, const std::map<TopicName, std::int32_t>& partitions) {
  std::map<MemberId, NamedPartitions> assignment;
  if (members.empty()) return assignment;
  std::vector<Partition> all;
  for (const auto& [topic, count] : partitions)
    if (members.begin()->second.topics.contains(topic))
      for (std::int32_t number = 0; number < count; ++number) all.emplace_back(topic, number);
  Sharing sharing{claims_of(members, partitions), all.size()};
  for (const Partition& partition : all)
    if (!sharing.is_given(partition)) sharing.give(partition);
  for (const auto& [id, partition] : sharing.held_back) sharing.shares[id].erase(partition);
  for (const auto& [id, share] : sharing.shares) {
    NamedPartitions& of_member = assignment[id];
    for (const auto& [topic, number] : share) of_member[topic].insert(number);
  }
  return assignment;
}

}  // namespace sharelock
