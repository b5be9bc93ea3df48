#include "checker/claims/own.h"

#include "model/world/tell.h"

namespace sharelock::claims {

void Own::see(const seen::Acquired& acquired, Watch& watch) {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || instance->number != acquired.instance) return;
  const std::string& name = watch.world.settings().of(acquired.member).name;
  if (acquired.first < instance->partition.start_offset())
    watch.fail(info, name + " acquired " + std::to_string(acquired.first) + ", below the start offset " +
                         std::to_string(instance->partition.start_offset()));
  for (Offset offset = acquired.first; offset <= acquired.last; ++offset) {
    MemberId& holder = holders_.at(offset);
    if (holder != nobody)
      watch.fail(info, name + " acquired " + std::to_string(offset) + ", which " +
                           watch.world.settings().of(holder).name + " has");
    holder = acquired.member;
  }
}

/// An acknowledgement that is refused lets go what its lock had expired for (SP-86), and the fetch of the same request
/// may acquire it at once.
void Own::see(const seen::AcknowledgementTaken& taken, Watch& watch) {
  if (taken.error != KafkaError::none && watch.is_current(taken.instance)) let_go(taken.first, taken.last);
}

void Own::let_go(Offset first, Offset last) {
  for (Offset offset = std::max(first, holders_.first()); offset <= std::min(last, holders_.end() - 1); ++offset)
    holders_.at(offset) = nobody;
}

void Own::look(const OffsetSpan& touched, Watch& watch) {
  const InFlightWindow& window = watch.instance()->partition.window();
  Offset reached = touched.first - 1;
  for_each_state(window, touched.first, touched.last, [&](Offset first, Offset last, const InFlightState& state) {
    if (first <= reached) watch.fail(info, range_text(first, last) + " is in two in-flight batches");
    reached = last;
    if (state.state() != RecordState::acquired) let_go(first, last);
  });
}

/// Nobody holds what is not acquired, and what is acquired is held by its owner. (After a rollback nobody is known to.)
void Own::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const OffsetSpan all = all_of(instance->partition.window());
  Offset reached = all.first - 1;
  for_each_state(instance->partition.window(), all.first, all.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   if (first <= reached) watch.fail(info, range_text(first, last) + " is in two in-flight batches");
                   reached = last;
                   const MemberId owner = state.state() == RecordState::acquired ? state.owner() : nobody;
                   for (Offset offset = first; offset <= last; ++offset)
                     if (holders_[offset] != nobody && holders_[offset] != owner)
                       watch.fail(info, std::to_string(offset) + " is remembered as held by another than its owner");
                 });
}

}  // namespace sharelock::claims
