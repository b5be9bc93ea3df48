#include "model/log/partition_log.h"

#include <algorithm>
#include <cassert>

namespace sharelock {

Offset PartitionLog::last_stable_offset() const {
  return open_.empty() ? high_watermark_ : std::min(high_watermark_, open_.front().first);
}

Offset PartitionLog::append(LogBatch batch, std::int32_t count) {
  assert(count > 0);
  batch.base = end_;
  batch.last = end_ + count - 1;
  batches_.push_back(batch);
  end_ = batch.last + 1;
  if (!held_) high_watermark_ = end_;
  return batch.base;
}

Offset PartitionLog::append(std::int32_t count) {
  return append(LogBatch{}, count);
}

Offset PartitionLog::append_transactional(std::int32_t count, std::int64_t producer) {
  if (std::ranges::find(open_, producer, &OpenTransaction::producer) == open_.end()) open_.push_back({producer, end_});
  return append(LogBatch{.producer_id = producer, .transactional = true}, count);
}

bool PartitionLog::end_transaction(std::int64_t producer, ControlType marker) {
  const auto open = std::ranges::find(open_, producer, &OpenTransaction::producer);
  if (open == open_.end()) return false;
  if (marker == ControlType::abort) aborted_.push_back({open->first, end_, producer});
  open_.erase(open);
  append(LogBatch{.producer_id = producer, .transactional = true, .control = marker}, 1);
  return true;
}

void PartitionLog::compact(Offset first, Offset last) {
  compacted_.add(std::max(first, start_), std::min(last, end_ - 1));
  const auto is_gone = [&](const LogBatch& batch) {
    return batch.control == ControlType::none && batch.last + 1 != end_ && compacted_.covers(batch.base, batch.last);
  };
  const auto live = batches_.begin() + static_cast<std::ptrdiff_t>(batches_dropped_);
  batches_.erase(std::remove_if(live, batches_.end(), is_gone), batches_.end());
}

void PartitionLog::move_start(Offset start) {
  start_ = std::max(start_, std::min(start, high_watermark_));
  compacted_.trim_below(start_);
  const auto is_below = [&](const Aborted& aborted) { return aborted.marker < start_; };
  aborted_.erase(std::remove_if(aborted_.begin(), aborted_.end(), is_below), aborted_.end());
  drop_batches_below_start();
}

void PartitionLog::drop_batches_below_start() {
  while (batches_dropped_ < batches_.size() && batches_[batches_dropped_].last < start_) ++batches_dropped_;
  if (batches_dropped_ * 2 <= batches_.size()) return;
  batches_.erase(batches_.begin(), batches_.begin() + static_cast<std::ptrdiff_t>(batches_dropped_));
  batches_dropped_ = 0;
}

std::span<const LogBatch>::iterator PartitionLog::first_ending_at_or_after(Offset offset) const {
  const auto all = batches();
  return std::partition_point(all.begin(), all.end(), [&](const LogBatch& batch) { return batch.last < offset; });
}

LogRead PartitionLog::read(Offset from, Isolation isolation, std::int64_t offsets_max, Offset until) const {
  if (from < start_ || from > end_) return {.error = KafkaError::offset_out_of_range, .batches = {}, .aborted = {}};
  const auto all = batches();
  const Offset end = std::min(readable_end(isolation), until);
  const auto readable =
      std::partition_point(all.begin(), all.end(), [&](const LogBatch& batch) { return batch.last < end; });
  const auto first = std::min(first_ending_at_or_after(from), readable);
  if (first == readable) return {};
  auto last = std::partition_point(first, readable,
                                   [&](const LogBatch& batch) { return batch.last - first->base < offsets_max; });
  if (last == first) ++last;
  LogRead result{.error = KafkaError::none, .batches = {first, last}, .aborted = {}};
  if (isolation == Isolation::read_committed) {
    const Offset read_last = result.batches.back().last;
    for (const Aborted& aborted : aborted_)
      if (aborted.marker >= from && aborted.first <= read_last)
        result.aborted.push_back({aborted.first, aborted.producer});
    std::ranges::sort(result.aborted, {}, &AbortedTransaction::first_offset);
  }
  return result;
}

Offset PartitionLog::base_for(Offset lowest) const {
  const auto first = first_ending_at_or_after(lowest);
  return std::min({lowest, end_, first == batches().end() ? end_ : first->base});
}

bool PartitionLog::is_aborted(const LogBatch& batch) const {
  return batch.transactional && std::ranges::any_of(aborted_, [&](const Aborted& aborted) {
           return aborted.producer == batch.producer_id && aborted.first <= batch.base && batch.last < aborted.marker;
         });
}

bool PartitionLog::is_visible(Offset offset, Isolation isolation) const {
  return first_visible(offset, offset, isolation) == offset;
}

Offset PartitionLog::first_visible(Offset from, Offset last, Isolation isolation) const {
  Offset offset = std::max(from, start_);
  for (auto batch = first_ending_at_or_after(offset); batch != batches().end() && offset <= last; ++batch) {
    offset = std::max(offset, batch->base);
    const bool hidden =
        batch->control != ControlType::none || (isolation == Isolation::read_committed && is_aborted(*batch));
    if (!hidden) {
      offset = compacted_.first_absent(offset);
      if (offset <= batch->last) return std::min(offset, last + 1);
    }
    offset = std::max(offset, batch->last + 1);
  }
  return last + 1;
}

Offset PartitionLog::first_invisible(Offset from, Offset last, Isolation isolation) const {
  Offset offset = from;
  for (auto batch = first_ending_at_or_after(offset); offset >= start_ && batch != batches().end(); ++batch) {
    if (offset > last || offset < batch->base || batch->control != ControlType::none) break;
    if (isolation == Isolation::read_committed && is_aborted(*batch)) break;
    const Offset hole = compacted_.first_present(offset, batch->last);
    if (hole <= batch->last) return std::min(hole, last + 1);
    offset = batch->last + 1;
  }
  return std::min(offset, last + 1);
}

}  // namespace sharelock
