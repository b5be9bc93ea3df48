#include "model/group/classic/range_assignor.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "model/group/classic/rack_match.h"
#include "model/group/classic/sticky_claims.h"

namespace sharelock {
namespace {

using Members = std::map<MemberId, ClassicSubscription>;

/// Who takes a topic: static members first, by their instance ids.
std::vector<MemberId> takers_of(TopicName topic, const Members& members) {
  std::vector<MemberId> takers;
  for (const auto& [id, subscription] : members)
    if (subscription.topics.contains(topic)) takers.push_back(id);
  const auto order = [&](MemberId id) {
    const InstanceId instance = members.at(id).instance;
    return std::tuple{instance == InstanceId{}, instance, id};
  };
  std::ranges::sort(takers, {}, order);
  return takers;
}

std::map<MemberId, RackId> racks_of(const std::vector<MemberId>& takers, const Members& members) {
  std::map<MemberId, RackId> racks;
  for (const MemberId id : takers) racks.emplace(id, members.at(id).rack);
  return racks;
}

/// A topic that is being shared out.
class RangedTopic {
 public:
  RangedTopic(TopicName topic, const Members& members, const ClassicTopics& topics)
      : topic_{topic},
        takers_{takers_of(topic, members)},
        racks_{racks_of(takers_, members), topics, {topic}},
        partitions_{static_cast<std::size_t>(topics.at(topic).partitions)} {
    for (std::int32_t number = 0; number < topics.at(topic).partitions; ++number) left_.insert(number);
    if (!takers_.empty()) with_more_ = partitions_ % takers_.size();
  }

  const std::vector<MemberId>& takers() const { return takers_; }
  std::size_t partitions() const { return partitions_; }
  bool racks_matter() const { return racks_.matter(); }
  const PartitionSet& given_to(MemberId id) { return given_[id]; }

  std::size_t room(MemberId id) {
    const std::size_t most = partitions_ / takers_.size() + (with_more_ > 0 ? 1 : 0);
    return most - std::min(most, given_[id].size());
  }

  /// Also whoever is in no rack.
  bool suits(MemberId id, std::int32_t number) const { return !racks_.is_far(id, {topic_, number}); }

  void give(MemberId id, std::int32_t number) {
    PartitionSet& given = given_[id];
    given.insert(number);
    left_.erase(number);
    if (given.size() == partitions_ / takers_.size() + 1) --with_more_;
  }

  /// The partitions in order, as many as each member has room for.
  void give_ranges(bool only_suiting) {
    for (const MemberId id : takers_) {
      std::vector<std::int32_t> range;
      for (const std::int32_t number : left_)
        if (range.size() < room(id) && (!only_suiting || suits(id, number))) range.push_back(number);
      for (const std::int32_t number : range) give(id, number);
    }
  }

 private:
  TopicName topic_;
  std::vector<MemberId> takers_;
  RackMatch racks_;
  std::size_t partitions_;
  std::size_t with_more_ = 0;  ///< So many members may still have one more than the others.
  PartitionSet left_;
  std::map<MemberId, PartitionSet> given_;
};

/// Topics that the same members take and that have the same number of partitions: one member gets the partitions of the
/// same number of all of them, so it does here only if all of these suit it.
void give_together(const std::vector<RangedTopic*>& topics) {
  const auto takers = topics.front()->takers();
  for (std::size_t i = 0; i < topics.front()->partitions(); ++i) {
    const auto number = static_cast<std::int32_t>(i);
    const auto takes = [&](MemberId id) {
      return std::ranges::all_of(topics,
                                 [&](RangedTopic* each) { return each->suits(id, number) && each->room(id) > 0; });
    };
    const auto taker = std::ranges::find_if(takers, takes);
    if (taker == takers.end()) continue;
    for (RangedTopic* topic : topics) topic->give(*taker, number);
  }
}

void give_by_racks(std::map<TopicName, RangedTopic>& topics) {
  std::map<std::pair<std::vector<MemberId>, std::size_t>, std::vector<RangedTopic*>> alike;
  for (auto& [name, topic] : topics) alike[{topic.takers(), topic.partitions()}].push_back(&topic);
  for (const auto& [what, together] : alike) {
    if (together.size() > 1)
      give_together(together);
    else if (together.front()->racks_matter())
      together.front()->give_ranges(true);
  }
}

}  // namespace

std::map<MemberId, NamedPartitions> range_assignment(const Members& members, const ClassicTopics& topics) {
  std::map<TopicName, RangedTopic> ranged;
  for (const TopicName topic : subscribed_topics(members, topics)) ranged.try_emplace(topic, topic, members, topics);
  if (std::ranges::any_of(ranged, [](const auto& topic) { return topic.second.racks_matter(); })) give_by_racks(ranged);
  std::map<MemberId, NamedPartitions> assignment;
  for (const auto& [id, subscription] : members) assignment[id];
  for (auto& [name, topic] : ranged) {
    topic.give_ranges(false);
    for (const MemberId id : topic.takers())
      if (const PartitionSet& given = topic.given_to(id); !given.empty()) assignment[id][name] = given;
  }
  return assignment;
}

}  // namespace sharelock
