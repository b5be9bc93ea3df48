#include "checker/claims/store.h"

#include <algorithm>

namespace sharelock::claims {
namespace {

std::string text_of(unsigned standing) {
  static constexpr std::array states{"available", "acquired", "acknowledged", "archiving", "archived"};
  if (standing == 0) return "nothing";
  std::string text = states[(standing & 7) - 1];
  text += " with delivery count ";
  return text + std::to_string(standing >> 3);
}

/// The stored batch that holds `offset`, or the first one behind it.
auto batch_at(const ShareSnapshot& stored, Offset offset) {
  return std::ranges::lower_bound(stored.batches, offset, {}, &StateBatch::last);
}

}  // namespace

void Store::see(const seen::StoreApplied& applied, Watch& watch) {
  if (applied.error != KafkaError::none) return;
  if (applied.cause == StoreCause::load) return compare_all(watch);
  if (applied.cause == StoreCause::initialise) return see_initialise(applied, watch);
  start_ = watch.world.stored(watch.group).start_offset;
  held_.forget_below(start_);
  const StoreRequest* request = watch.world.group(watch.group).store_requests.find(applied.request);
  if (request == nullptr) return take_over_copy(watch);
  for (const StateBatch& sent : std::get<WriteEntry>(request->entry).batches) take_over(sent, watch);
}

void Store::see_initialise(const seen::StoreApplied& applied, Watch& watch) {
  const Offset start = watch.world.stored(watch.group).start_offset;
  if (applied.newer) {
    held_.clear();
    start_ = start;
    return compare_all(watch);
  }
  if (start != start_)
    watch.fail(info, "an initialise of state epoch " + std::to_string(applied.state_epoch) +
                         ", which is not newer, moves the start offset from " + std::to_string(start_) + " to " +
                         std::to_string(start));
  compare_all(watch);
}

/// What is stored of the offsets of `sent`, now that it was applied.
void Store::take_over(const StateBatch& sent, Watch& watch) {
  const ShareSnapshot& stored = watch.world.stored(watch.group);
  auto batch = batch_at(stored, sent.first);
  for (Offset offset = std::max(sent.first, stored.start_offset); offset <= sent.last; ++offset) {
    while (batch != stored.batches.end() && batch->last < offset) ++batch;
    const bool found = batch != stored.batches.end() && batch->first <= offset;
    const Standing now = found ? standing_of(*batch) : Standing{0};
    Standing& before = held_.at(offset);
    if (now < before)
      watch.fail(info, "of " + std::to_string(offset) + " the store held " + text_of(before) + ", and now holds " +
                           text_of(now));
    else if (now != before && now != standing_of(sent))
      watch.fail(info, "of " + std::to_string(offset) + " the store holds " + text_of(now) + ", which nobody sent");
    before = now;
  }
}

/// A copy arrived, of a request that may long be forgotten: what it asked for is not known any more.
void Store::take_over_copy(Watch& watch) {
  const ShareSnapshot& stored = watch.world.stored(watch.group);
  for (const StateBatch& batch : stored.batches) take_over(batch, watch);
  compare_all(watch);
}

/// The leader goes by what it was told.
void Store::see(const seen::StatesAnswered& answered, Watch& watch) {
  if (answered.error != KafkaError::none || !watch.is_of_present_epoch(answered.instance)) return;
  const Offset start = watch.world.stored(watch.group).start_offset;
  for (Offset offset = std::max(answered.first, start); offset <= answered.last; ++offset) {
    if (held_[offset] >= standing_of(answered.written)) continue;
    return watch.fail(
        info, "a write of " + std::to_string(offset) + " is confirmed, and the store holds " + text_of(held_[offset]));
  }
}

void Store::compare_all(Watch& watch) const {
  const ShareSnapshot& stored = watch.world.stored(watch.group);
  const Offset least = stored.batches.empty() ? held_.first() : std::min(held_.first(), stored.batches.front().first);
  const Offset first = std::max(least, stored.start_offset);
  const Offset end = stored.batches.empty() ? held_.end() : std::max(held_.end(), stored.batches.back().last + 1);
  auto batch = batch_at(stored, first);
  for (Offset offset = first; offset < end; ++offset) {
    while (batch != stored.batches.end() && batch->last < offset) ++batch;
    const bool found = batch != stored.batches.end() && batch->first <= offset;
    const Standing now = found ? standing_of(*batch) : Standing{0};
    if (now == held_[offset]) continue;
    return watch.fail(info, "of " + std::to_string(offset) + " the store holds " + text_of(now) + ", and took over " +
                                text_of(held_[offset]));
  }
}

void Store::settle(Watch& watch) {
  if (!std::exchange(unknown_, false)) return;
  held_.clear();
  start_ = watch.world.stored(watch.group).start_offset;
  for (const StateBatch& batch : watch.world.stored(watch.group).batches)
    for (Offset offset = batch.first; offset <= batch.last; ++offset) held_.at(offset) = standing_of(batch);
}

}  // namespace sharelock::claims
