#include "interop/generate/log_script.h"

#include <algorithm>

namespace sharelock::interop {

std::vector<LogBatch> LogScript::fetch(Offset offset, std::size_t count) {
  const auto begin = [&] { return std::ranges::lower_bound(batches_, offset, {}, &LogBatch::last) - batches_.begin(); };
  // A fetch far beyond the end finds the log grown by then.
  if (next_ + 1000 < offset) next_ = offset;
  std::ptrdiff_t first = begin();
  while (batches_.size() < static_cast<std::size_t>(first) + count) {
    grow();
    first = begin();
  }
  return {batches_.begin() + first, batches_.begin() + first + static_cast<std::ptrdiff_t>(count)};
}

std::vector<AbortedTransaction> LogScript::aborted_in(const std::vector<LogBatch>& batches) const {
  std::vector<AbortedTransaction> found;
  for (const Transaction& aborted : aborted_)
    if (!batches.empty() && aborted.first <= batches.back().last && aborted.last >= batches.front().base)
      found.push_back({aborted.first, aborted.producer});
  std::ranges::stable_sort(found, {}, &AbortedTransaction::first_offset);
  return found;
}

void LogScript::compact(Offset first, Offset last) {
  const auto inside = [&](const LogBatch& batch) { return batch.base >= first && batch.last <= last; };
  std::erase_if(batches_, [&](const LogBatch& batch) { return inside(batch) && chance_.happens({1, 3}); });
  for (LogBatch& batch : batches_)
    if (inside(batch) && batch.control != ControlType::none && chance_.happens({1, 3}))
      batch.control = ControlType::empty;
}

void LogScript::grow() {
  if (chance_.happens({theme_->holes, 100})) next_ += chance_.between(1, 6);
  if (!open_.empty() && chance_.happens({1, 4})) {
    const std::size_t which = chance_.below(open_.size());
    batches_.push_back(marker(open_[which].producer));
    if (batches_.back().control == ControlType::abort) {
      open_[which].last = next_;
      aborted_.push_back(open_[which]);
    }
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    ++next_;
    return;
  }
  LogBatch batch{.base = next_, .last = next_ + chance_.between(theme_->batch.least, theme_->batch.most) - 1};
  if (chance_.happens({theme_->transactions, 100})) {
    batch.producer_id = chance_.between(1, 3);
    batch.transactional = true;
    const bool known =
        std::ranges::any_of(open_, [&](const Transaction& t) { return t.producer == batch.producer_id; });
    if (!known) open_.push_back({batch.producer_id, batch.base, batch.base});
  } else if (chance_.happens({1, 20})) {
    batch.producer_id = chance_.between(1, 3);  // Idempotent, outside any transaction.
  }
  batches_.push_back(batch);
  next_ = batch.last + 1;
}

LogBatch LogScript::marker(std::int64_t producer) {
  const auto control = chance_.happens({1, 10})  ? ControlType::empty
                       : chance_.happens({1, 2}) ? ControlType::abort
                                                 : ControlType::commit;
  return {.base = next_, .last = next_, .producer_id = producer, .transactional = true, .control = control};
}

}  // namespace sharelock::interop
