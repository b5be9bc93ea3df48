// How the parts of PartitionWorld call a share partition: with its surroundings, and telling what came of it.
#pragma once

#include <utility>

#include "model/world/partition_world.h"

namespace sharelock {

/// Calls `change(partition, surroundings, outbox)`, which returns an Outcome, and carries out what the outbox asks for.
/// A call within a call gets an outbox of its own.
template <class Change>
Outcome PartitionWorld::on_partition(Call& call, GroupId id, InstanceNumber number, Change&& change) {
  ShareInstance* instance = group_of(id).find(number);
  Outbox outbox = std::exchange(outbox_, Outbox{});
  const LogLookups log = look_ups();
  const Surroundings around{call.now, settings_->profile, configuration(id), log};
  const Offset start = instance->partition.start_offset();
  const Outcome outcome = change(instance->partition, around, outbox);
  if (const Offset moved = instance->partition.start_offset(); moved != start)
    call.out.emplace_back(seen::StartOffsetMoved{id, number, start, moved});
  if (outcome.aborted) call.out.emplace_back(seen::CallAborted{id, number, call.step.kind});
  tell_effects(call, id, number, outbox);
  outbox.clear();
  outbox_ = std::move(outbox);
  return outcome;
}

}  // namespace sharelock
