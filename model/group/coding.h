// What the group coordinator knows of a share group, as a world is coded (model/coding/survey.h).
//
// Left out is what no answer depends on where heartbeats are answered at once and assignments are never put off: the
// previous epoch of a member, which only who lost an answer asks with, and the times at which things were recorded.
#pragma once

#include "model/coding/coder.h"
#include "model/group/share_group_coordinator.h"

namespace sharelock {

/// A set of numbers, none of them negative, or of what stands for one.
template <class Coder, class Set>
void code_numbers(Coder& coder, Set& set) {
  using Number = typename std::remove_const_t<Set>::value_type;
  if constexpr (Coder::reads) {
    set.clear();
    for (std::size_t left = coder.count(); left > 0; --left)
      set.insert(static_cast<Number>(static_cast<std::uint32_t>(coder.count())));
  } else {
    coder.count(set.size());
    for (const Number& number : set) {
      if constexpr (std::is_integral_v<Number>)
        coder.count(static_cast<std::size_t>(number));
      else
        coder.count(number.value());
    }
  }
}

/// A map by topic; `each(value)` codes what it says of one.
template <class Coder, class Map, class Each>
void code_topics(Coder& coder, Map& topics, Each&& each) {
  if constexpr (Coder::reads) {
    topics.clear();
    for (std::size_t left = coder.count(); left > 0; --left)
      each(topics[TopicId{static_cast<std::uint32_t>(coder.count())}]);
  } else {
    coder.count(topics.size());
    for (const auto& [topic, value] : topics) {
      coder.count(topic.value());
      each(value);
    }
  }
}

template <class Coder, class Partitions>
void code_partitions(Coder& coder, Partitions& topics) {
  code_topics(coder, topics, [&](auto& partitions) { code_numbers(coder, partitions); });
}

template <class Coder>
void code_delivery(Coder& coder, auto& topics) {
  code_partitions(coder, topics.initialising);
  code_topics(coder, topics.initialised, [&](auto& state) {
    std::size_t name = coder.count(state.name.value());
    if constexpr (Coder::reads) state.name = TopicName{static_cast<std::uint32_t>(name)};
    code_numbers(coder, state.partitions);
  });
  code_numbers(coder, topics.deleting);
}

template <class Coder, class Self>
void ShareGroup::code(Self& self, Coder& coder, std::uint32_t members) {
  coder.state_epoch(self.metadata_.epoch);
  coder.number(self.metadata_.metadata_hash);
  coder.state_epoch(self.assignment_.epoch);
  bool refresh = self.refresh_at_ == 0 || self.epoch() < self.refreshed_epoch_;
  coder.flag(refresh);
  if constexpr (Coder::reads)
    if (!refresh) self.refreshed(0, 0);
  for (std::uint32_t place = 0; place < members; ++place) {
    std::size_t index = place;
    if constexpr (Coder::writes) index = coder.names().called(place);
    const MemberId id{static_cast<std::uint32_t>(index) + 1};
    bool is_member = self.members_.contains(id);
    coder.flag(is_member);
    if (is_member) {
      auto& member = [&]() -> auto& {
        if constexpr (Coder::reads)
          return self.members_[id];
        else
          return self.members_.at(id);
      }();
      code_numbers(coder, member.metadata.topics);
      if constexpr (Coder::reads) self.count(member.metadata.topics, 1);
      coder.state_epoch(member.current.epoch);
      code_partitions(coder, member.current.assigned);
    }
    bool is_targeted = self.target_.contains(id);
    coder.flag(is_targeted);
    if (!is_targeted) continue;
    if constexpr (Coder::reads)
      code_partitions(coder, self.target_[id]);
    else
      code_partitions(coder, self.target_.at(id));
  }
  bool knows_delivery = self.delivery_.has_value();
  coder.flag(knows_delivery);
  if constexpr (Coder::reads)
    if (knows_delivery) self.delivery_.emplace();
  if (knows_delivery) code_delivery(coder, self.delivery_->topics);
}

template <class Coder, class Self>
void ShareGroupCoordinator::code(Self& self, Coder& coder, GroupId id, std::uint32_t members) {
  bool known = self.find(id) != nullptr;
  coder.flag(known);
  if constexpr (Coder::reads) {
    self.groups_.erase(id);
    if (known) ShareGroup::code(self.groups_.try_emplace(id, ShareGroup{0}).first->second, coder, members);
  } else if (known) {
    ShareGroup::code(self.groups_.at(id), coder, members);
  }
}

}  // namespace sharelock
