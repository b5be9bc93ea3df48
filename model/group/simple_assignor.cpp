#include "model/group/simple_assignor.h"

#include <algorithm>
#include <cmath>

#include "model/group/hash_order.h"

namespace sharelock {
namespace {

using MemberIndex = std::int32_t;

struct TopicPartition {
  TopicId topic;
  std::int32_t partition;
  std::uint32_t hash;

  friend bool operator==(const TopicPartition& a, const TopicPartition& b) {
    return a.topic == b.topic && a.partition == b.partition;
  }
};

/// A partition that somebody holds or should.
struct HeldPartition {
  TopicPartition what;
  std::uint32_t members;  ///< Where its members are collected.

  friend bool operator==(const HeldPartition& a, const TopicPartition& b) { return a.what == b; }
};

std::uint32_t hash_of(MemberIndex member) {
  return static_cast<std::uint32_t>(member);
}

const AssignorTopic* find(const AssignorInput& input, TopicId id) {
  const auto found = std::ranges::find(input.topics, id, &AssignorTopic::id);
  return found == input.topics.end() ? nullptr : &*found;
}

bool subscribes(const AssignorMember& member, TopicId topic) {
  return std::ranges::find(member.subscribed, topic) != member.subscribed.end();
}

/// The procedure of section 8.1, for all topics at once or for one of them.
class Computation {
 public:
  /// @param per_member  D(i) of every member of the group; 0 for those that take no part.
  /// @param targets     How many partitions may be assigned.
  Computation(std::int32_t sharing, std::vector<std::int32_t> per_member, std::size_t targets)
      : sharing_{static_cast<std::size_t>(sharing)},
        desired_{std::move(per_member)},
        held_by_(desired_.size()),
        partitions_{HashOrder<HeldPartition>::made_for(targets)} {
    members_.reserve(targets);
  }

  /// Step 3: the member held the partition before.
  void keep(MemberIndex member, const TopicPartition& partition) {
    held_by_[index(member)].add(partition.hash, partition);
    members_of(partition, {}).add(hash_of(member), member);
  }
  /// The partition is to be given to somebody; if nobody held it, `fresh` is what its members are collected in.
  void target(const TopicPartition& partition, const HashOrder<MemberIndex>& fresh) { members_of(partition, fresh); }

  /// Step 6.
  void find_unfilled(std::span<const MemberIndex> among) {
    for (const MemberIndex member : among)
      if (held_by_[index(member)].size() < desired(member)) unfilled_.push_back(member);
  }

  /// Step 4.
  void trim_overfilled() {
    for (MemberIndex member = 0; index(member) < held_by_.size(); ++member)
      while (held_by_[index(member)].size() > desired(member)) {
        const TopicPartition given_up = *held_by_[index(member)].begin();
        held_by_[index(member)].remove(given_up.hash, given_up);
        members_[partitions_.find(given_up.hash, given_up)->members].remove(hash_of(member), member);
      }
  }

  /// Step 5.
  void trim_overshared() {
    for (const HeldPartition& partition : partitions_)
      for (HashOrder<MemberIndex>& members = members_[partition.members]; members.size() > sharing_;) {
        const MemberIndex member = *members.begin();
        members.remove(hash_of(member), member);
        held_by_[index(member)].remove(partition.what.hash, partition.what);
      }
  }

  /// Steps 7 and 8. False if the members run out (AS-14).
  bool grant() {
    for (const HeldPartition& partition : partitions_) {
      if (unfilled_.empty()) return true;
      const HashOrder<MemberIndex>& members = members_[partition.members];
      for (std::size_t holders = members.size(); holders < sharing_;) {
        if (cursor_ == unfilled_.size()) {
          if (!granted_) break;
          cursor_ = 0;
          granted_ = false;
          if (unfilled_.empty()) return false;
        }
        const MemberIndex member = unfilled_[cursor_++];
        // AS-11: what was granted here in this computation is not seen.
        if (members.find(hash_of(member), member)) continue;
        give(member, partition.what);
        ++holders;
      }
    }
    return true;
  }

  void add_result(std::vector<TopicPartitions>& by_member) const {
    for (std::size_t i = 0; i < held_by_.size(); ++i)
      for (const TopicPartition& held : held_by_[i]) by_member[i][held.topic].insert(held.partition);
  }

 private:
  static std::size_t index(MemberIndex member) { return static_cast<std::size_t>(member); }
  std::size_t desired(MemberIndex member) const { return static_cast<std::size_t>(desired_[index(member)]); }

  HashOrder<MemberIndex>& members_of(const TopicPartition& partition, const HashOrder<MemberIndex>& fresh) {
    return members_[partitions_
                        .find_or_make(
                            partition.hash, partition,
                            [&] {
                              members_.push_back(fresh);
                              return HeldPartition{partition, static_cast<std::uint32_t>(members_.size() - 1)};
                            })
                        .members];
  }

  void give(MemberIndex member, const TopicPartition& partition) {
    granted_ = true;
    HashOrder<TopicPartition>& held = held_by_[index(member)];
    held.add(partition.hash, partition);
    if (held.size() < desired(member)) return;
    --cursor_;
    unfilled_.erase(unfilled_.begin() + static_cast<std::ptrdiff_t>(cursor_));
  }

  std::size_t sharing_;
  std::vector<std::int32_t> desired_;
  std::vector<HashOrder<TopicPartition>> held_by_;  ///< By member.
  HashOrder<HeldPartition> partitions_;
  std::vector<HashOrder<MemberIndex>> members_;  ///< By HeldPartition::members.
  std::vector<MemberIndex> unfilled_;            ///< In the order of the members.
  std::size_t cursor_ = 0;                       ///< In `unfilled_`; it goes on from one partition to the next (AS-10).
  bool granted_ = false;                         ///< Since the cursor began anew.
};

std::vector<MemberIndex> all_members(const AssignorInput& input) {
  std::vector<MemberIndex> members(input.members.size());
  for (std::size_t i = 0; i < members.size(); ++i) members[i] = static_cast<MemberIndex>(i);
  return members;
}

/// All topics at once: everybody subscribes to the same.
Assigned assign_same(const AssignorInput& input) {
  Assigned result{AssignorError::none, std::vector<TopicPartitions>(input.members.size())};
  const std::vector<TopicId>& topics = input.members.front().subscribed;
  std::size_t targets = 0;
  for (const TopicId topic : topics) targets += find(input, topic)->targets.size();
  DesiredCounts desired = desired_counts(input.members.size(), targets, input.arithmetic);
  Computation computation{desired.sharing, std::move(desired.per_member), targets};
  const auto partition_of = [&](TopicId topic, std::int32_t number) {
    return TopicPartition{topic, number, 31 * find(input, topic)->hash + static_cast<std::uint32_t>(number)};
  };
  const std::vector<MemberIndex> members = all_members(input);
  for (const MemberIndex member : members)
    for (const auto& [topic, numbers] : input.members[static_cast<std::size_t>(member)].previous) {
      if (!subscribes(input.members.front(), topic)) continue;
      result.by_member[static_cast<std::size_t>(member)][topic];
      for (const std::int32_t number : numbers) computation.keep(member, partition_of(topic, number));
    }
  for (const TopicId topic : topics)
    for (const std::int32_t number : find(input, topic)->targets) computation.target(partition_of(topic, number), {});
  computation.trim_overfilled();
  computation.trim_overshared();
  computation.find_unfilled(members);
  if (!computation.grant()) return {AssignorError::members_run_out, {}};
  computation.add_result(result.by_member);
  return result;
}

/// Section 8.2: one topic, among those who subscribe to it. False if the members run out.
bool assign_topic(const AssignorInput& input, const AssignorTopic& topic, std::vector<TopicPartitions>& by_member) {
  std::vector<MemberIndex> subscribers;
  for (const MemberIndex member : all_members(input))
    if (subscribes(input.members[static_cast<std::size_t>(member)], topic.id)) subscribers.push_back(member);
  const DesiredCounts desired = desired_counts(subscribers.size(), topic.targets.size(), input.arithmetic);
  std::vector<std::int32_t> per_member(input.members.size(), 0);
  for (std::size_t i = 0; i < subscribers.size(); ++i)
    per_member[static_cast<std::size_t>(subscribers[i])] = desired.per_member[i];
  Computation computation{desired.sharing, std::move(per_member), topic.targets.size()};
  const auto partition_of = [&](std::int32_t number) {
    return TopicPartition{topic.id, number, static_cast<std::uint32_t>(number)};
  };
  for (const MemberIndex member : all_members(input))
    for (const auto& [id, numbers] : input.members[static_cast<std::size_t>(member)].previous)
      if (id == topic.id)
        for (const std::int32_t number : numbers) computation.keep(member, partition_of(number));
  const auto fresh = HashOrder<MemberIndex>::made_for(subscribers.size());
  for (const std::int32_t number : topic.targets) computation.target(partition_of(number), fresh);
  computation.trim_overfilled();
  computation.trim_overshared();
  computation.find_unfilled(subscribers);
  if (!computation.grant()) return false;
  computation.add_result(by_member);
  return true;
}

Assigned assign_by_topic(const AssignorInput& input) {
  Assigned result{AssignorError::none, std::vector<TopicPartitions>(input.members.size())};
  const auto is_subscribed = [&](TopicId topic) {
    return std::ranges::any_of(input.members, [&](const AssignorMember& member) { return subscribes(member, topic); });
  };
  for (const AssignorTopic& topic : input.topics)
    if (is_subscribed(topic.id) && !assign_topic(input, topic, result.by_member))
      return {AssignorError::members_run_out, {}};
  // AS-12: what nobody subscribes to any more is not looked at, and stays.
  for (std::size_t i = 0; i < input.members.size(); ++i)
    for (const auto& [topic, numbers] : input.members[i].previous) {
      PartitionSet& held = result.by_member[i][topic];
      if (!is_subscribed(topic)) held.insert(numbers.begin(), numbers.end());
    }
  return result;
}

/// The smallest number of partitions that the first `count` of `members` can have together, of `granted` in all.
std::int32_t granted_to_first(std::size_t count, std::size_t granted, std::size_t members, Arithmetic arithmetic) {
  if (arithmetic == Arithmetic::exact) return static_cast<std::int32_t>((granted * count + members - 1) / members);
  const double precise = static_cast<double>(granted) / static_cast<double>(members);
  return static_cast<std::int32_t>(std::ceil(precise * static_cast<double>(count)));
}

}  // namespace

DesiredCounts desired_counts(std::size_t members, std::size_t targets, Arithmetic arithmetic) {
  DesiredCounts desired;
  if (targets > 0) desired.sharing = static_cast<std::int32_t>((members + targets - 1) / targets);
  const std::size_t granted = static_cast<std::size_t>(desired.sharing) * targets;
  for (std::size_t i = 0; i < members; ++i)
    desired.per_member.push_back(granted_to_first(i + 1, granted, members, arithmetic) -
                                 granted_to_first(i, granted, members, arithmetic));
  return desired;
}

Assigned assign(const AssignorInput& input) {
  bool any_subscribed = false;
  for (const AssignorMember& member : input.members)
    for (const TopicId topic : member.subscribed) {
      any_subscribed = true;
      if (const AssignorTopic* known = find(input, topic); !known || !known->is_known)
        return {AssignorError::unknown_topic, {}};
    }
  if (!any_subscribed) return {};
  return input.same_subscription ? assign_same(input) : assign_by_topic(input);
}

}  // namespace sharelock
