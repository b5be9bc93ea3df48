#include "interop/broker/segmented_log.h"

#include <algorithm>

namespace sharelock::interop {

std::vector<SegmentedLog::Stored>::const_iterator SegmentedLog::Segment::find(Offset offset) const {
  return std::ranges::lower_bound(batches, offset, {}, [](const Stored& stored) { return stored.batch.last; });
}

void SegmentedLog::append(const SizedLogBatch& batch) {
  Segment& active = segments_.back();
  active.batches.push_back({batch.batch, batch.bytes, active.size});
  active.size += batch.bytes;
  end_ = batch.batch.last + 1;
}

void SegmentedLog::truncate(Offset to) {
  while (!segments_.empty()) {
    Segment& segment = segments_.back();
    while (!segment.batches.empty() && segment.batches.back().batch.base >= to) {
      segment.size = segment.batches.back().position;
      segment.batches.pop_back();
    }
    const bool empty_at_end = segment.base == to && segments_.size() > 1 && segment.batches.empty();
    if (segment.base <= to && !empty_at_end) break;
    segments_.pop_back();
  }
  end_ = to;
  high_watermark = std::min(high_watermark, to);
  last_stable = std::min(last_stable, to);
}

/// The last segment that begins at or before the offset; the first one if none does.
std::size_t SegmentedLog::floor(Offset offset) const {
  const auto behind = std::ranges::upper_bound(segments_, offset, {}, &Segment::base);
  return behind == segments_.begin() ? 0 : static_cast<std::size_t>(behind - segments_.begin()) - 1;
}

LogPosition SegmentedLog::position(Offset offset) const {
  if (offset < end_)
    for (std::size_t i = floor(offset); i < segments_.size(); ++i)
      if (const auto stored = segments_[i].find(offset); stored != segments_[i].batches.end())
        return {stored->batch.base, segments_[i].base, stored->position};
  return {end_, segments_.back().base, segments_.back().size};
}

LogReadResult SegmentedLog::read(Offset offset, std::int32_t bytes_max, bool at_least_one_batch,
                                 Isolation isolation) const {
  LogReadResult result;
  const Offset limit = isolation == Isolation::read_committed ? last_stable : high_watermark;
  const LogPosition limit_at = position(limit);
  if (offset >= limit) {
    result.position = position(offset);
    return result;
  }
  std::size_t at = floor(offset);
  while (at < segments_.size() && segments_[at].find(offset) == segments_[at].batches.end()) ++at;
  if (at == segments_.size()) {
    result.position = position(end_);
    return result;
  }
  const Segment& segment = segments_[at];
  const auto first = segment.find(offset);
  result.position = {first->batch.base, segment.base, first->position};
  const std::int32_t allowed = at_least_one_batch ? std::max(bytes_max, first->bytes) : bytes_max;
  // The broker drops what does not even hold the first batch.
  if (allowed < first->bytes || segment.base > limit_at.segment_base_offset) return result;
  const std::int32_t last = segment.base < limit_at.segment_base_offset ? segment.size : limit_at.position_in_segment;
  result.data.bytes = std::max(0, std::min(last - first->position, allowed));
  const std::int32_t end = first->position + result.data.bytes;
  for (auto stored = first; stored != segment.batches.end() && stored->position + stored->bytes <= end; ++stored) {
    result.data.batches.push_back(stored->batch);
    result.data.sizes.push_back(stored->bytes);
  }
  if (isolation == Isolation::read_committed)
    result.data.aborted = aborted_between(offset, at + 1 < segments_.size() ? segments_[at + 1].base : end_);
  return result;
}

std::vector<AbortedTransaction> SegmentedLog::aborted_between(Offset first, Offset end) const {
  std::vector<AbortedTransaction> found;
  for (const Aborted& each : aborted)
    if (each.last >= first && each.first < end) found.push_back({each.first, each.producer_id});
  return found;
}

}  // namespace sharelock::interop
