#include "checker/claims/dcc.h"

namespace sharelock::claims {

void Dcc::note(Offset offset, bool terminal) {
  if (terminal_[offset] == terminal) return;
  terminal_.at(offset) = terminal;
  count_ += terminal ? 1 : -1;
}

void Dcc::see(const seen::InstanceLoaded& loaded, Watch& watch) {
  terminal_.clear();
  count_ = 0;
  loaded_ = loaded.error == KafkaError::none && watch.instance() != nullptr;
  if (loaded_) look({watch.instance()->partition.start_offset(), watch.instance()->partition.end_offset()}, watch);
}

void Dcc::see(const seen::StartOffsetMoved& moved, Watch& watch) {
  if (!watch.is_current(moved.instance)) return;
  changed_ = true;
  for (Offset offset = terminal_.first(); offset < std::min(moved.to, terminal_.end()); ++offset) note(offset, false);
  terminal_.forget_below(moved.to);
}

void Dcc::look(const OffsetSpan& touched, Watch& watch) {
  const SharePartition& partition = watch.instance()->partition;
  changed_ = true;
  for_each_state(partition.window(), std::max(touched.first, partition.start_offset()), touched.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   for (Offset offset = first; offset <= last; ++offset) note(offset, is_terminal(state.state()));
                 });
}

void Dcc::settle(Watch& watch) {
  if (!loaded_ || !std::exchange(changed_, false)) return;
  const std::int64_t counted = watch.instance()->partition.delivery_complete_count();
  if (counted == count_ && counted >= 0) return;
  watch.fail(info, "the delivery-complete count is " + std::to_string(counted) + ", and " + std::to_string(count_) +
                       " offsets from the start offset on are terminal");
}

void Dcc::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || !loaded_) return;
  const SharePartition& partition = instance->partition;
  std::int64_t terminal = 0;
  for_each_state(partition.window(), partition.start_offset(), all_of(partition.window()).last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   if (is_terminal(state.state())) terminal += last - first + 1;
                 });
  if (terminal != count_ || terminal != partition.delivery_complete_count())
    watch.fail(info, std::to_string(terminal) + " offsets are terminal, " + std::to_string(count_) +
                         " are remembered, the share partition counts " +
                         std::to_string(partition.delivery_complete_count()));
}

}  // namespace sharelock::claims
