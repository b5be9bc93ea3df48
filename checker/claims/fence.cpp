#include "checker/claims/fence.h"

#include "model/world/step.h"

namespace sharelock::claims {

void Fence::see(const seen::StoreApplied& applied, Watch& watch) {
  if (applied.error != KafkaError::none || applied.cause == StoreCause::initialise) return;
  if (applied.cause == StoreCause::load) {
    if (leader_epoch_ && applied.leader_epoch < *leader_epoch_)
      watch.fail(info, "the store answers a read of leader epoch " + std::to_string(applied.leader_epoch) +
                           " after one of leader epoch " + std::to_string(*leader_epoch_));
    leader_epoch_ = applied.leader_epoch;
    return;
  }
  if (!leader_epoch_ || applied.leader_epoch != *leader_epoch_)
    watch.fail(info, "the store takes a write of leader epoch " + std::to_string(applied.leader_epoch) +
                         ", the last read was of leader epoch " +
                         (leader_epoch_ ? std::to_string(*leader_epoch_) : "none"));
  const std::int32_t state_epoch = watch.world.stored(watch.group).state_epoch;
  if (applied.state_epoch != state_epoch)
    watch.fail(info, "the store takes a write of state epoch " + std::to_string(applied.state_epoch) +
                         ", the group was initialised in state epoch " + std::to_string(state_epoch));
}

void Fence::see(const seen::AlterationBegun& begun, Watch& watch) {
  const std::int32_t stored = watch.world.stored(watch.group).state_epoch;
  if (begun.state_epoch <= stored)
    watch.fail(info, "offsets are altered in state epoch " + std::to_string(begun.state_epoch) + ", and state epoch " +
                         std::to_string(stored) + " is stored");
}

}  // namespace sharelock::claims
