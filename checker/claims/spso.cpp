#include "checker/claims/spso.h"

namespace sharelock::claims {

void Spso::see(const seen::InstanceLoaded& loaded, Watch& watch) {
  const ShareInstance* instance = watch.instance();
  loaded_ = loaded.error == KafkaError::none && instance != nullptr;
  confirmed_ = {};
  if (!loaded_) return;
  const SharePartition& partition = instance->partition;
  if (partition.start_offset() < stored_ && watch.is_of_present_epoch(instance->number))
    watch.fail(info, "the start offset that was loaded, " + std::to_string(partition.start_offset()) +
                         ", lies below the stored one, " + std::to_string(stored_));
  for_each_state(partition.window(), partition.start_offset(), partition.end_offset(),
                 [&](Offset first, Offset last, const InFlightState& state) {
                   if (is_terminal(state.state())) confirmed_.add(first, last);
                 });
}

void Spso::see(const seen::StartOffsetMoved& moved, Watch& watch) {
  if (!watch.is_current(moved.instance)) return;
  if (!loaded_) return;  // It is being loaded: its first start offset comes from the store.
  if (moved.to < moved.from)
    watch.fail(info,
               "the start offset went back from " + std::to_string(moved.from) + " to " + std::to_string(moved.to));
  for (Offset at = moved.from; at < moved.to;) {
    at = confirmed_.first_absent(at);
    if (at >= moved.to) break;
    at = watch.world.log().first_visible(at, moved.to - 1, watch.settings().isolation);
    if (at >= moved.to) break;
    if (confirmed_.contains(at)) continue;
    watch.fail(info, "the start offset passed " + std::to_string(at) + ", of which nothing is confirmed by the store");
    break;
  }
  confirmed_.trim_below(moved.to);
}

void Spso::see(const seen::StatesWritten& written, Watch& watch) {
  if (watch.is_current(written.instance)) confirmed_.remove(written.first, written.last);
}

void Spso::see(const seen::StoreApplied& applied, Watch& watch) {
  const Offset stored = watch.world.stored(watch.group).start_offset;
  const bool is_read = applied.cause == StoreCause::load && applied.error == KafkaError::none;
  read_ = !applied.newer && (read_ || is_read);
  if (applied.newer || is_read) altered_ = -1;
  if (altered_ != -1 && stored != altered_)
    watch.fail(info, "the start offset was altered to " + std::to_string(altered_) + ", and before anybody read it " +
                         std::to_string(stored) + " is stored");
  if (stored < stored_ && !applied.newer)
    watch.fail(info,
               "the stored start offset went back from " + std::to_string(stored_) + " to " + std::to_string(stored));
  stored_ = stored;
}

void Spso::see(const seen::StatesAnswered& answered, Watch& watch) {
  if (!watch.is_current(answered.instance)) return;
  // The writes of expiry, dead letters and archiving are not repeated when they fail: answered is all that they become.
  const bool may_fail = answered.cause != StoreCause::acknowledgement && answered.cause != StoreCause::session_end;
  if (answered.error == KafkaError::none || may_fail) confirmed_.add(answered.first, answered.last);
}

void Spso::see(const seen::AlterationAnswered& answered, Watch& watch) {
  const ShareSnapshot& stored = watch.world.stored(watch.group);
  if (answered.error != KafkaError::none || read_ || stored.state_epoch != answered.state_epoch) return;
  if (stored.start_offset != answered.start)
    watch.fail(info, "the start offset was altered to " + std::to_string(answered.start) + ", and " +
                         std::to_string(stored.start_offset) + " is stored");
  altered_ = stored.start_offset;
}

void Spso::scan(Watch& watch) const {
  const Offset stored = watch.world.stored(watch.group).start_offset;
  if (stored_ != -1 && stored != stored_)
    watch.fail(info,
               "the stored start offset is " + std::to_string(stored) + ", remembered is " + std::to_string(stored_));
}

}  // namespace sharelock::claims
