#include "checker/claims/term.h"

#include "model/world/tell.h"

namespace sharelock::claims {

void Term::see(const seen::InstanceLoaded& loaded, Watch& watch) {
  final_.clear();
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || loaded.error != KafkaError::none) return;
  const SharePartition& partition = instance->partition;
  const Offset start = partition.start_offset();
  Offset reached = start;  // Up to here what is confirmed was found to be terminal.
  const auto need_state = [&](Offset from, Offset to) {
    const Offset missing =
        watch.world.log().first_visible(confirmed_.first_present(from, to), to, watch.settings().isolation);
    if (missing <= to && confirmed_.contains(missing))
      watch.fail(info,
                 std::to_string(missing) + " was confirmed, and the share partition that was loaded does not know it");
  };
  for_each_state(partition.window(), start, partition.end_offset(),
                 [&](Offset first, Offset last, const InFlightState& state) {
                   need_state(reached, first - 1);
                   const bool over = is_terminal(state.state()) || state.state() == RecordState::archiving;
                   if (!over) need_state(first, last);
                   reached = last + 1;
                 });
  need_state(reached, watch.world.log().end() - 1);
}

void Term::look(const OffsetSpan& touched, Watch& watch) {
  static constexpr std::array states{"available", "acquired", "acknowledged", "archiving", "archived"};
  for_each_state(watch.instance()->partition.window(), touched.first, touched.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   const RecordState now = state.is_finished() ? state.state() : RecordState::available;
                   for (Offset offset = first; offset <= last; ++offset) {
                     if (const RecordState before = final_[offset]; is_terminal(before) && before != state.state())
                       watch.fail(info, std::to_string(offset) + " was " + states[static_cast<std::size_t>(before)] +
                                            " and is now " + states[static_cast<std::size_t>(state.state())]);
                     if (now != final_[offset]) final_.at(offset) = now;
                   }
                 });
}

void Term::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const OffsetSpan all = all_of(instance->partition.window());
  for_each_state(instance->partition.window(), all.first, all.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   for (Offset offset = first; offset <= last; ++offset)
                     if (is_terminal(final_[offset]) && final_[offset] != state.state())
                       watch.fail(info, std::to_string(offset) + " was over and is not any more");
                 });
}

}  // namespace sharelock::claims
