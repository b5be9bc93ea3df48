#include "checker/claims/loss.h"

#include <algorithm>

namespace sharelock::claims {
namespace {

/// Nothing but the dead-letter queue is left to be done about the record.
bool ends(const InFlightState& state) {
  return is_terminal(state.state()) || state.state() == RecordState::archiving;
}

}  // namespace

void Loss::see(const seen::InstanceLoaded& loaded, Watch& watch) {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || loaded.error != KafkaError::none) return;
  const SharePartition& partition = instance->partition;
  loaded_ = true;
  reasons_ = {};
  const bool present = watch.is_of_present_epoch(instance->number);
  // Even the first one may find what the object of a former leader has written.
  if (!initial_ && present) initial_ = first_offset(partition.start_offset(), watch);
  for_each_state(partition.window(), partition.start_offset(), partition.end_offset(),
                 [&](Offset first, Offset last, const InFlightState& state) {
                   // What is read back as archiving was rejected or exhausted before, and stored, whatever its member
                   // was told.
                   if (ends(state)) reasons_.add(first, last);
                 });
  if (present)
    need_reasons(*initial_, partition.start_offset() - 1, ever_, "lies below the start offset that was loaded", watch);
}

/// Where a group may begin that begins at `start` for the first time.
Offset Loss::first_offset(Offset start, const Watch& watch) {
  const Administration* administration = watch.world.administration();
  return administration != nullptr && administration->of(watch.group).knew_topic ? 0 : start;
}

void Loss::see(const seen::AcknowledgementTaken& taken, Watch& watch) {
  if (taken.error != KafkaError::none || taken.type == AcknowledgeType::release || taken.type == AcknowledgeType::renew)
    return;
  if (taken.type == AcknowledgeType::gap) return;  // Only of what is not visible anyway.
  if (watch.is_current(taken.instance)) reasons_.add(taken.first, taken.last);
  add_for_ever(taken.first, taken.last, taken.instance, watch);
}

void Loss::see(const seen::StartOffsetMoved& moved, Watch& watch) {
  if (!watch.is_current(moved.instance) || !loaded_) return;  // While it loads, the store decides.
  need_reasons(std::max(moved.from, initial_.value_or(moved.from)), moved.to - 1, reasons_,
               "is passed by the start offset", watch);
}

void Loss::look(const OffsetSpan& touched, Watch& watch) {
  const std::int32_t limit = watch.configuration().delivery_count_limit;
  for_each_state(watch.instance()->partition.window(), touched.first, touched.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   if (ends(state) && state.delivery_count() >= limit) {
                     reasons_.add(first, last);
                     add_for_ever(first, last, watch.instance()->number, watch);
                   } else if (ends(state)) {
                     need_reasons(first, last, reasons_, "has become terminal", watch);
                   } else if (!state.is_pending()) {
                     reasons_.remove(first, last);
                   }
                 });
}

void Loss::look_at_dropped(const ShareInstance& instance, const OffsetSpan& touched, Watch& watch) {
  const std::int32_t limit = watch.configuration().delivery_count_limit;
  for_each_state(instance.partition.window(), touched.first, touched.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   if (ends(state) && state.delivery_count() >= limit)
                     add_for_ever(first, last, instance.number, watch);
                 });
}

void Loss::need_reasons(Offset first, Offset last, const IntervalSet& reasons, std::string_view how,
                        Watch& watch) const {
  const PartitionLog& log = watch.world.log();
  for (Offset at = first; at <= last;) {
    at = reasons.first_absent(at);
    if (at > last) return;
    at = log.first_visible(at, last, watch.settings().isolation);
    if (at > last) return;
    if (reasons.contains(at)) continue;
    std::string what = std::to_string(at);
    what += ' ';
    what += how;
    what += ", and nobody accepted or rejected it";
    return watch.fail(info, std::move(what));
  }
}

void Loss::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr || !loaded_) return;
  const std::int32_t limit = watch.configuration().delivery_count_limit;
  const OffsetSpan all = all_of(instance->partition.window());
  for_each_state(instance->partition.window(), all.first, all.last,
                 [&](Offset first, Offset last, const InFlightState& state) {
                   if (ends(state) && state.delivery_count() < limit)
                     need_reasons(first, last, reasons_, "is terminal", watch);
                 });
}

}  // namespace sharelock::claims
