#include "sim/stuck.h"

#include <algorithm>

namespace sharelock {
namespace {

bool is_quiet(const Group& group) {
  const auto has_timers = [](const ShareInstance& instance) { return !instance.timers.empty(); };
  return group.store_requests.empty() && group.dead_letters.empty() &&
         std::ranges::none_of(group.instances, has_timers);
}

}  // namespace

bool Stuck::notices(const Taken& taken) {
  if (taken.step.kind != StepKind::fetch) return false;
  for (std::uint32_t id = 1; id <= taken.world.group_count(); ++id)
    if (!is_quiet(taken.world.group(GroupId{id})) || taken.world.lacks_service(GroupId{id})) return false;
  Encoding now;
  taken.world.encode(now);
  Encoding& before = before_[taken.step.member.value() - 1];
  const bool again = now == before;
  before = std::move(now);
  return again;
}

}  // namespace sharelock
