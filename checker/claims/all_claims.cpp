#include "checker/claims/all_claims.h"

#include <array>

namespace sharelock {
namespace {

template <class... Claims>
constexpr auto infos_of(const std::tuple<Claims...>*) {
  return std::array{Claims::info...};
}
constexpr auto infos = infos_of(static_cast<GroupClaims*>(nullptr));
constexpr auto ids = [] {
  std::array<std::string_view, infos.size()> names;
  for (std::size_t i = 0; i < infos.size(); ++i) names[i] = infos[i].id;
  return names;
}();

constexpr bool ids_are_unique() {
  for (std::size_t i = 0; i < ids.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (ids[i] == ids[j]) return false;
  return true;
}
static_assert(ids_are_unique());

/// The group that an observation is about; none: it is about the log or the leader, and concerns every group.
template <class Seen>
GroupId group_of(const Seen& seen) {
  if constexpr (requires { seen.group; })
    return seen.group;
  else
    return no_group;
}

/// The offsets whose states in the share partition an observation says may have changed.
struct TouchedRange {
  GroupId group{};
  InstanceNumber instance{};
  OffsetSpan span{};
};
template <class Seen>
TouchedRange touched_by(const Seen& seen) {
  if constexpr (requires { seen.instance, seen.lock; })
    return {seen.group, seen.instance, {seen.lock.first, seen.lock.last}};
  else if constexpr (std::is_same_v<Seen, seen::Acquired> || std::is_same_v<Seen, seen::AcknowledgementTaken> ||
                     std::is_same_v<Seen, seen::RangeTouched> || std::is_same_v<Seen, seen::StatesWritten> ||
                     std::is_same_v<Seen, seen::StatesAnswered>)
    return {seen.group, seen.instance, {seen.first, seen.last}};
  else
    return {};
}

template <class Claims, class Visit>
void for_each_claim(Claims& claims, Visit&& visit) {
  std::apply([&](auto&... claim) { (visit(claim), ...); }, claims);
}

}  // namespace

std::span<const ClaimInfo> all_claims() {
  return infos;
}
std::span<const std::string_view> all_claim_ids() {
  return ids;
}

/// A group's share partition is one object after the other. What a former leader does with one of its own, until it
/// learns, is no business of the claims about the present one.
void ClaimSet::turn_to_current(const PartitionWorld& world, TimeMs at, std::optional<Violation>& found) {
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) {
    InstanceNumber& judged = judged_[id - 1];
    const InstanceNumber current = world.group(GroupId{id}).current;
    if (judged == current) continue;
    Watch watch{world, GroupId{id}, at, found};
    const auto tell = [&](const auto& seen) {
      for_each_claim(groups_[id - 1], [&](auto& claim) {
        if constexpr (requires { claim.see(seen, watch); }) claim.see(seen, watch);
      });
    };
    if (judged != InstanceNumber{}) tell(seen::InstanceDropped{GroupId{id}, judged});
    if (current != InstanceNumber{}) tell(seen::InstanceCreated{GroupId{id}, current});
    judged = current;
  }
}

std::optional<Violation> ClaimSet::judge(const PartitionWorld& world, TimeMs at, const Observations& observations) {
  std::optional<Violation> found;
  turn_to_current(world, at, found);
  const auto each_group = [&](GroupId only, auto&& act) {
    for (std::uint32_t id = 1; id <= groups_.size(); ++id) {
      if (only != no_group && only != GroupId{id}) continue;
      Watch watch{world, GroupId{id}, at, found};
      act(groups_[id - 1], watch);
    }
  };
  for (const Observation& observation : observations)
    std::visit(
        [&](const auto& seen) {
          using Seen = std::decay_t<decltype(seen)>;
          if constexpr (std::is_same_v<Seen, seen::InstanceCreated> || std::is_same_v<Seen, seen::InstanceDropped>)
            return;  // See turn_to_current.
          // A former share partition may still learn what its read brought: that concerns nobody any more.
          if constexpr (std::is_same_v<Seen, seen::InstanceLoaded>)
            if (world.group(seen.group).current != seen.instance) return;
          each_group(group_of(seen), [&](GroupClaims& claims, Watch& watch) {
            for_each_claim(claims, [&](auto& claim) {
              if constexpr (requires { claim.see(seen, watch); }) claim.see(seen, watch);
            });
          });
        },
        observation);
  for (const Observation& observation : observations) {
    const TouchedRange touched = std::visit([](const auto& seen) { return touched_by(seen); }, observation);
    if (touched.span.empty() || touched.group == no_group) continue;
    const ShareInstance* instance = world.group(touched.group).find(touched.instance);
    if (instance == nullptr) continue;
    if (world.group(touched.group).current != touched.instance) {
      each_group(touched.group, [&](GroupClaims& claims, Watch& watch) {
        for_each_claim(claims, [&](auto& claim) {
          if constexpr (requires { claim.look_at_dropped(*instance, touched.span, watch); })
            claim.look_at_dropped(*instance, touched.span, watch);
        });
      });
      continue;
    }
    each_group(touched.group, [&](GroupClaims& claims, Watch& watch) {
      for_each_claim(claims, [&](auto& claim) {
        if constexpr (requires { claim.look(touched.span, watch); }) claim.look(touched.span, watch);
      });
    });
  }
  each_group(no_group, [&](GroupClaims& claims, Watch& watch) {
    for_each_claim(claims, [&](auto& claim) {
      if constexpr (requires { claim.settle(watch); }) claim.settle(watch);
    });
  });
  return found;
}

std::optional<Violation> ClaimSet::judge_end(const PartitionWorld& world, TimeMs at) {
  std::optional<Violation> found;
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) {
    Watch watch{world, GroupId{id}, at, found};
    for_each_claim(groups_[id - 1], [&](auto& claim) {
      if constexpr (requires { claim.finish(watch); }) claim.finish(watch);
    });
  }
  return found;
}

std::optional<Violation> ClaimSet::scan(const PartitionWorld& world, TimeMs at) const {
  std::optional<Violation> found;
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) {
    Watch watch{world, GroupId{id}, at, found};
    for_each_claim(groups_[id - 1], [&](const auto& claim) {
      if constexpr (requires { claim.scan(watch); }) claim.scan(watch);
    });
  }
  return found;
}

template <class Coder, class Self>
void ClaimSet::code(Self& self, const PartitionWorld& world, Coder& coder) {
  std::optional<Violation> found;
  for (std::uint32_t id = 1; id <= self.groups_.size(); ++id) {
    const Watch watch{world, GroupId{id}, 0, found};
    for_each_claim(self.groups_[id - 1], [&](auto& claim) {
      using Claim = std::decay_t<decltype(claim)>;
      if constexpr (!std::is_empty_v<Claim>) Claim::code(claim, coder, watch);
    });
  }
}

template void ClaimSet::code(const ClaimSet&, const PartitionWorld&, Survey&);
template void ClaimSet::code(const ClaimSet&, const PartitionWorld&, Writer&);

void ClaimSet::read(const PartitionWorld& world, Reader& reader) {
  code(*this, world, reader);
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) judged_[id - 1] = world.group(GroupId{id}).current;
  // What a claim takes over from the world after each step is not written.
  std::optional<Violation> found;
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) {
    Watch watch{world, GroupId{id}, 0, found};
    for_each_claim(groups_[id - 1], [&](auto& claim) {
      if constexpr (requires { claim.settle(watch); }) claim.settle(watch);
    });
  }
}

}  // namespace sharelock
