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

void Own::look(const OffsetSpan& touched, Watch& watch) {
  const InFlightWindow& window = watch.instance()->partition.window();
  Offset reached = touched.first - 1;
  for_each_state(window, touched.first, touched.last, [&](Offset first, Offset last, const InFlightState& state) {
    if (first <= reached) watch.fail(info, range_text(first, last) + " is in two in-flight batches");
    reached = last;
    if (state.state() == RecordState::acquired) return;
    for (Offset offset = std::max(first, holders_.first()); offset <= std::min(last, holders_.end() - 1); ++offset)
      holders_.at(offset) = nobody;
  });
}

}  // namespace sharelock::claims
