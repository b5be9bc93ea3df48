#include "model/group/classic/sticky_uniform.h"

#include <algorithm>

#include "model/group/classic/rack_match.h"

namespace sharelock {
namespace {

class UniformSharing {
 public:
  UniformSharing(const std::map<MemberId, ClassicSubscription>& members, const ClassicTopics& topics)
      : topics_{topics},
        subscribed_{subscribed_topics(members, topics)},
        racks_{racks_of(members), topics, subscribed_} {
    StickyClaims claims = sticky_claims(members, topics);
    free_ = std::move(claims.contested);
    const std::size_t partitions = all_partitions().size();
    least_ = partitions / members.size();
    with_more_ = partitions % members.size();
    for (auto& [id, held] : claims.held) keep(id, std::move(held));
  }

  std::optional<UniformShares> shared() && {
    std::vector<ClassicPartition> left = partitions_left(all_partitions(), {kept_.begin(), kept_.end()});
    if (racks_.matter()) {
      std::ranges::stable_sort(left, {}, [&](const ClassicPartition& partition) { return racks_.near(partition); });
      std::erase_if(left, [&](const ClassicPartition& partition) {
        const bool is_given = give_to_somebody_near(partition);
        limit();
        return is_given;
      });
      next_ = 0;
    }
    for (const ClassicPartition& partition : left)
      if (!give(partition)) return std::nullopt;
    return std::move(shared_);
  }

 private:
  std::vector<ClassicPartition> all_partitions() const {
    std::vector<ClassicPartition> all;
    for (const TopicName topic : subscribed_)
      for (std::int32_t number = 0; number < topics_.at(topic).partitions; ++number) all.emplace_back(topic, number);
    return all;
  }

  /// Of what the member held, as much as balance allows.
  void keep(MemberId id, std::set<ClassicPartition, ByNumber> held) {
    std::erase_if(held, [&](const ClassicPartition& partition) { return free_.contains(partition); });
    std::erase_if(held, [&](const ClassicPartition& partition) {
      return racks_.matter() && racks_.is_far(id, partition) && far_.emplace(partition, id).second;
    });
    const bool more = held.size() > least_ && with_more_ > 0;
    std::size_t room = least_ + (more ? 1 : 0);
    auto& share = shared_.shares[id];
    for (const ClassicPartition& partition : held) {
      if (room == 0) {
        free_.insert(partition);
        continue;
      }
      --room;
      share.insert(partition);
      kept_.insert(partition);
    }
    if (share.size() < least_) below_.push_back(id);
    count(id);
    limit();
  }

  /// A member has the least share or one more: it waits for that one.
  void count(MemberId id) {
    const std::size_t size = shared_.shares[id].size();
    if (size == least_) at_least_.push_back(id);
    if (size > least_ && with_more_ > 0) --with_more_;
  }

  /// As many as may have one more do: nobody else waits for it.
  void limit() {
    if (with_more_ == 0) at_least_.clear();
  }

  /// Those below the least share take turns; then those that have it get one more, as they came to it.
  /// False if nobody can have more.
  bool give(const ClassicPartition& partition) {
    if (below_.empty() && at_least_.empty()) return false;
    below_.empty() ? give_one_more(partition, 0) : give_to_one_below(partition, next_);
    return true;
  }

  bool give_to_somebody_near(const ClassicPartition& partition) {
    const auto is_near = [&](MemberId id) { return racks_.is_near(id, partition); };
    for (std::size_t i = 0; i < below_.size(); ++i) {
      const std::size_t place = (next_ + i) % below_.size();
      if (is_near(below_[place])) return give_to_one_below(partition, place), true;
    }
    const auto found = std::ranges::find_if(at_least_, is_near);
    if (found == at_least_.end()) return false;
    give_one_more(partition, static_cast<std::size_t>(found - at_least_.begin()));
    return true;
  }

  void give_to_one_below(const ClassicPartition& partition, std::size_t place) {
    const MemberId id = below_[place];
    give_to(id, partition);
    next_ = place + 1;
    if (shared_.shares[id].size() == least_) {
      below_.erase(below_.begin() + static_cast<std::ptrdiff_t>(place));
      next_ = place;
      count(id);
    }
    if (next_ >= below_.size()) next_ = 0;
  }

  void give_one_more(const ClassicPartition& partition, std::size_t place) {
    const MemberId id = at_least_[place];
    at_least_.erase(at_least_.begin() + static_cast<std::ptrdiff_t>(place));
    give_to(id, partition);
    count(id);
  }

  void give_to(MemberId id, const ClassicPartition& partition) {
    shared_.shares[id].insert(partition);
    const auto far = far_.find(partition);
    const bool comes_from_far = far != far_.end() && far->second != id;
    if (comes_from_far || free_.contains(partition)) shared_.moving[partition] = id;
  }

  const ClassicTopics& topics_;
  TopicNames subscribed_;
  RackMatch racks_;
  UniformShares shared_;
  std::size_t least_;
  std::size_t with_more_;            ///< So many members may still have one more than the least.
  std::set<ClassicPartition> free_;  ///< Contested, or more than the holder's share.
  std::set<ClassicPartition> kept_;
  std::map<ClassicPartition, MemberId> far_;  ///< Held by a member that is not near: it may go elsewhere.
  std::vector<MemberId> below_;
  std::size_t next_ = 0;  ///< Whose turn it is among them.
  std::vector<MemberId> at_least_;
};

}  // namespace

std::optional<UniformShares> uniform_shares(const std::map<MemberId, ClassicSubscription>& members,
                                            const ClassicTopics& topics) {
  return UniformSharing{members, topics}.shared();
}

}  // namespace sharelock
