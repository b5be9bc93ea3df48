#include "model/group/classic/sticky_general.h"

#include <algorithm>
#include <vector>

#include "model/group/classic/rack_match.h"
#include "model/group/classic/sticky_moves.h"

namespace sharelock {
namespace {

class GeneralSharing {
 public:
  GeneralSharing(const std::map<MemberId, ClassicSubscription>& members, const ClassicTopics& topics)
      : members_{members},
        topics_{topics},
        subscribed_{subscribed_topics(members, topics)},
        racks_{racks_of(members), topics, subscribed_},
        moves_{topics} {
    for (const TopicName topic : subscribed_)
      for (const auto& [id, subscription] : members)
        if (subscription.topics.contains(topic)) takers_[topic].push_back(id);
    note_former_holders();
  }

  std::optional<StickyShares> shared() {
    keep(sticky_claims(members_, topics_));
    const bool is_first = std::ranges::all_of(shares_, [](const auto& share) { return share.second.empty(); });
    std::vector<ClassicPartition> unheld = without_holder();
    hand_out(unheld);
    StickyShares fixed = set_fixed_aside();
    const StickyShares before = shares_;
    if (!revokes_) even_out(movable(std::move(unheld)));
    const bool moved = even_out(movable(in_order(all_partitions())));
    if (failed_) return std::nullopt;
    if (moved && !is_first && unevenness(shares_) >= unevenness(before)) shares_ = before;
    shares_.merge(fixed);
    return std::move(shares_);
  }

 private:
  using Load = std::pair<std::size_t, MemberId>;  ///< How many partitions a member has.

  std::size_t load(MemberId id) const { return shares_.at(id).size(); }

  /// Who held a partition in an earlier generation than the latest one, by its own account.
  void note_former_holders() {
    std::int32_t latest = no_generation;
    for (const auto& [id, subscription] : members_) latest = std::max(latest, subscription.generation);
    for (const auto& [id, subscription] : members_) {
      if (subscription.generation == latest) continue;
      for (const auto& [topic, numbers] : subscription.owned)
        for (const std::int32_t number : numbers) {
          const auto [other, is_first] = former_.emplace(ClassicPartition{topic, number}, id);
          if (!is_first && members_.at(other->second).generation < subscription.generation) other->second = id;
        }
    }
  }

  void keep(const StickyClaims& claims) {
    for (const auto& [id, held] : claims.held) {
      auto& share = shares_[id];
      for (const ClassicPartition& partition : held) {
        if (!members_.at(id).topics.contains(partition.first) || (racks_.matter() && racks_.is_far(id, partition))) {
          revokes_ = true;
          continue;
        }
        share.insert(partition);
        holders_[partition] = id;
      }
      by_load_.emplace(share.size(), id);
    }
  }

  std::vector<ClassicPartition> all_partitions() const {
    std::vector<ClassicPartition> all;
    for (const auto& [topic, takers] : takers_)
      for (std::int32_t number = 0; number < topics_.at(topic).partitions; ++number) all.emplace_back(topic, number);
    return all;
  }

  /// Those first that the fewest members can take.
  std::vector<ClassicPartition> in_order(std::vector<ClassicPartition> partitions) const {
    const auto takers = [&](const ClassicPartition& partition) { return takers_.at(partition.first).size(); };
    std::ranges::stable_sort(partitions, {}, takers);
    return partitions;
  }

  std::vector<ClassicPartition> without_holder() const {
    std::vector<ClassicPartition> held;
    for (const auto& [partition, holder] : holders_) held.push_back(partition);
    return partitions_left(in_order(all_partitions()), in_order(std::move(held)));
  }

  bool takes(MemberId id, TopicName topic) const { return members_.at(id).topics.contains(topic); }

  MemberId least_loaded(TopicName topic) const {
    return std::ranges::find_if(by_load_, [&](const Load& member) { return takes(member.second, topic); })->second;
  }

  /// To somebody who is not far, as long as there is anybody; then the rest.
  void hand_out(std::vector<ClassicPartition> partitions) {
    if (racks_.matter()) {
      std::erase_if(partitions, [&](const ClassicPartition& partition) {
        const auto found = std::ranges::find_if(by_load_, [&](const Load& member) {
          return takes(member.second, partition.first) && !racks_.is_far(member.second, partition);
        });
        if (found != by_load_.end()) give(partition, found->second);
        return found != by_load_.end();
      });
    }
    for (const ClassicPartition& partition : partitions) give(partition, least_loaded(partition.first));
  }

  void give(const ClassicPartition& partition, MemberId id) {
    by_load_.erase({load(id), id});
    shares_.at(id).insert(partition);
    by_load_.emplace(load(id), id);
    holders_[partition] = id;
  }

  void take(const ClassicPartition& partition) {
    const MemberId holder = holders_.at(partition);
    auto& share = shares_.at(holder);
    by_load_.erase({share.size(), holder});
    share.erase(share.find(partition));
    by_load_.emplace(share.size(), holder);
  }

  // ----- What can be moved at all

  bool is_movable(TopicName topic) const { return takers_.at(topic).size() > 1; }

  std::vector<ClassicPartition> movable(std::vector<ClassicPartition> partitions) const {
    std::erase_if(partitions, [&](const ClassicPartition& partition) { return !is_movable(partition.first); });
    return partitions;
  }

  std::size_t could_have(MemberId id) const {
    std::size_t partitions = 0;
    for (const TopicName topic : members_.at(id).topics)
      if (subscribed_.contains(topic)) partitions += static_cast<std::size_t>(topics_.at(topic).partitions);
    return partitions;
  }

  /// It could take more, or somebody could take something of it.
  bool takes_part(MemberId id) const {
    const auto movable = [&](const ClassicPartition& partition) { return is_movable(partition.first); };
    return load(id) < could_have(id) || std::ranges::any_of(shares_.at(id), movable);
  }

  StickyShares set_fixed_aside() {
    StickyShares fixed;
    for (const auto& [id, subscription] : members_) {
      if (takes_part(id)) continue;
      by_load_.erase({load(id), id});
      fixed.insert(shares_.extract(id));
    }
    return fixed;
  }

  // ----- Moving

  /// Whether anything moved.
  bool even_out(const std::vector<ClassicPartition>& partitions) {
    bool moved = false;
    for (bool again = true; again && !failed_;) {
      again = false;
      for (const ClassicPartition& partition : partitions) {
        if (failed_ || is_even()) break;
        again |= move_if_better(partition);
      }
      moved |= again;
    }
    return moved;
  }

  /// To the former holder, even if it subscribes to the topic no longer; otherwise to whoever has least.
  bool move_if_better(const ClassicPartition& partition) {
    const std::size_t here = load(holders_.at(partition));
    if (const auto former = former_.find(partition); former != former_.end()) {
      failed_ = !shares_.contains(former->second);
      if (failed_) return false;
      if (here > load(former->second) + 1) return move(partition, former->second), true;
    }
    const auto has_less = [&](MemberId id) { return here > load(id) + 1; };
    if (std::ranges::none_of(takers_.at(partition.first), has_less)) return false;
    move(partition, least_loaded(partition.first));
    return true;
  }

  void move(const ClassicPartition& asked, MemberId to) {
    const ClassicPartition partition = moves_.better_one(asked, holders_.at(asked), to);
    moves_.note(partition, holders_.at(partition), to);
    take(partition);
    give(partition, to);
  }

  /// Nobody that could have more could take a partition of somebody who has at least two more.
  bool is_even() const {
    if (by_load_.begin()->first + 1 >= by_load_.rbegin()->first) return true;
    std::map<ClassicPartition, std::size_t> loads;  // Of who has a partition; if several do, of the last one.
    for (const auto& [id, share] : shares_)
      for (const ClassicPartition& partition : share)
        if (partition.second < topics_.at(partition.first).partitions) loads[partition] = share.size();
    return std::ranges::none_of(by_load_, [&](const Load& member) {
      const auto& [size, id] = member;
      if (size == could_have(id)) return false;
      return std::ranges::any_of(loads, [&](const auto& other) {
        return takes(id, other.first.first) && !shares_.at(id).contains(other.first) && size + 1 < other.second;
      });
    });
  }

  static std::size_t unevenness(const StickyShares& shares) {
    std::size_t sum = 0;
    for (auto one = shares.begin(); one != shares.end(); ++one)
      for (auto other = std::next(one); other != shares.end(); ++other) {
        const auto sizes = std::minmax({one->second.size(), other->second.size()});
        sum += sizes.second - sizes.first;
      }
    return sum;
  }

  const std::map<MemberId, ClassicSubscription>& members_;
  const ClassicTopics& topics_;
  std::map<TopicName, std::vector<MemberId>> takers_;  ///< Who subscribes to a topic.
  std::map<ClassicPartition, MemberId> former_;
  std::map<ClassicPartition, MemberId> holders_;
  StickyShares shares_;
  std::set<Load> by_load_;  ///< Those that take part.
  TopicNames subscribed_;
  RackMatch racks_;
  StickyMoves moves_;
  bool revokes_ = false;  ///< Somebody holds what it subscribes to no longer.
  bool failed_ = false;
};

}  // namespace

std::optional<StickyShares> general_shares(const std::map<MemberId, ClassicSubscription>& members,
                                           const ClassicTopics& topics) {
  return GeneralSharing{members, topics}.shared();
}

}  // namespace sharelock
