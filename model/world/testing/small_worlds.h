// Small worlds and random walks through them, for property tests.
#pragma once

#include <vector>

#include "model/world/partition_world.h"

namespace sharelock::testing {

/// Settings from a seed: a profile, one or two groups, two or three members, small limits, every kind of fault, with
/// administration or without.
inline WorldSettings small_settings(std::uint32_t seed) {
  const auto draw = [&](std::uint32_t below) {
    seed = seed * 1664525 + 1013904223;
    return seed >> 16 & 0xffff ? (seed >> 16) % below : 0;
  };
  WorldSettings settings;
  constexpr std::array profiles{ProfileName::ideal, ProfileName::v4_4, ProfileName::v4_3, ProfileName::v4_2};
  settings.profile = Profile{profiles[draw(4)]};
  settings.groups.resize(draw(4) == 0 ? 2 : 1);
  for (GroupSettings& group : settings.groups) {
    group.configuration.auto_offset_reset = draw(3) > 0 ? AutoOffsetReset::earliest : AutoOffsetReset::latest;
    group.configuration.delivery_count_limit = static_cast<std::int32_t>(draw(3)) + 1;
    group.configuration.max_record_locks = draw(2) == 0 ? 3 : 2000;
    group.configuration.lock_duration_ms = draw(2) == 0 ? 10 : 20;
    group.configuration.dead_letter_queue_enabled = draw(3) == 0;
    if (draw(3) == 0) {
      GroupConfiguration& change = group.changes.emplace_back(group.configuration);
      change.delivery_count_limit = static_cast<std::int32_t>(draw(3)) + 1;
      change.max_record_locks = draw(2) == 0 ? 3 : 2000;
    }
    group.isolation = draw(2) == 0 ? Isolation::read_committed : Isolation::read_uncommitted;
    group.initial_start_offset = draw(4) == 0 ? 0 : -1;
  }
  constexpr std::array names{"m1", "m2", "m3"};
  const std::uint32_t members = 2 + (draw(4) == 0);
  const bool record_limit = draw(2) == 0;
  const auto poll = static_cast<std::int32_t>(draw(3)) + 1;
  for (std::uint32_t i = 0; i < members; ++i) {
    MemberSettings member{.name = names[i]};
    member.group = GroupId{i % static_cast<std::uint32_t>(settings.groups.size()) + 1};
    if (record_limit) member.mode = AcquireMode::record_limit;
    member.max_poll_records = poll;
    settings.members.push_back(member);
  }
  settings.snapshot_updates = draw(3) == 0 ? 1 : 500;
  if (draw(2) == 0) {
    settings.log_reads = LogReading::end_later;
    for (MemberSettings& member : settings.members) member.read_offsets_min = draw(3) == 0 ? 3 : draw(2) + 1;
  }
  Bounds& bounds = settings.bounds;
  bounds.records_max = 6;
  bounds.batch_sizes = {1, 3};
  bounds.producers = draw(3) == 0 ? 1 : 0;
  bounds.acknowledge = {AcknowledgeType::accept, AcknowledgeType::release, AcknowledgeType::reject,
                        AcknowledgeType::renew};
  bounds.grain = static_cast<AcknowledgeGrain>(draw(3));
  bounds.timers = static_cast<TimerOrder>(draw(2));
  bounds.faults.fill(2);
  bounds.faults_max = draw(2) == 0 ? 6 : 1;
  settings.administration = draw(3) == 0;
  settings.partition_added = settings.administration && draw(3) == 0;
  return settings;
}

/// Picks a step by a number: kinds with many steps (acknowledgements) are no likelier for it.
inline Step pick(const std::vector<Step>& steps, std::uint32_t choice) {
  std::vector<std::size_t> kinds;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (i == 0 || steps[i].kind != steps[i - 1].kind) kinds.push_back(i);
  const std::size_t kind = choice % kinds.size();
  const std::size_t begin = kinds[kind];
  const std::size_t end = kind + 1 < kinds.size() ? kinds[kind + 1] : steps.size();
  return steps[begin + choice / kinds.size() % (end - begin)];
}

}  // namespace sharelock::testing
