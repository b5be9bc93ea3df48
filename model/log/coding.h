// The log as a world is coded (model/coding/survey.h): from the base of the coder on.
#pragma once

#include "model/coding/coder.h"
#include "model/log/partition_log.h"

namespace sharelock {

template <class Coder, class Self>
void PartitionLog::code(Self& self, Coder& coder) {
  // A start below the base is as good as one at the base: nothing lies in between that anybody could ask for.
  coder.offset_from_here(self.start_);
  coder.offset_from_here(self.end_);
  coder.offset_from_here(self.high_watermark_);
  coder.flag(self.held_);
  coder.spans_from_here(self.compacted_);
  if constexpr (Coder::reads) self.batches_dropped_ = 0;
  const auto base = [&] {
    if constexpr (Coder::writes)
      return coder.base();
    else
      return Offset{0};
  }();
  const auto code_from = [&](auto& items, std::size_t dropped, auto&& last_of, auto&& each) {
    const auto is_kept = [&](const auto& item) { return Coder::reads || last_of(item) >= base; };
    const auto first = static_cast<std::ptrdiff_t>(dropped);
    const auto kept = std::count_if(items.begin() + first, items.end(), is_kept);
    const std::size_t size = coder.count(static_cast<std::size_t>(kept));
    if constexpr (Coder::reads) items.resize(size);
    for (auto item = items.begin() + first; item != items.end(); ++item)
      if (is_kept(*item)) each(*item);
  };
  code_from(
      self.batches_, self.batches_dropped_, [](const LogBatch& batch) { return batch.last; },
      [&](auto& batch) {
        coder.offset(batch.base);
        coder.offset(batch.last);
        coder.number(batch.producer_id);
        coder.flag(batch.transactional);
        coder.small(batch.control);
      });
  code_all(coder, self.open_, [&](auto& open) {
    coder.number(open.producer);
    coder.offset_from_here(open.first);
  });
  code_from(
      self.aborted_, 0, [](const Aborted& aborted) { return aborted.marker; },
      [&](auto& aborted) {
        coder.offset_from_here(aborted.first);
        coder.offset(aborted.marker);
        coder.number(aborted.producer);
      });
}

}  // namespace sharelock
