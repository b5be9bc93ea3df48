#include "model/store/state_partition.h"

#include <algorithm>
#include <cassert>

namespace sharelock {

StatePartition::Answer StatePartition::execute(const SharePartitionKey& key, const StateEntry& entry,
                                               const ShardSurroundings& around) {
  assert(is_loaded());
  StateDecision decision = shard_->decide(key, entry, around);
  if (decision.record) {
    append_one(std::move(*decision.record));
    end_operation();
  }
  return {std::move(decision.result), log_end_};
}

void StatePartition::append(std::vector<StateRecord> records) {
  assert(is_loaded());
  if (records.empty()) return;
  for (StateRecord& record : records) append_one(std::move(record));
  end_operation();
}

void StatePartition::append_one(StateRecord record) {
  if (log_ == Log::retained) undo_.push_back({log_end_, shard_->before(record.key)});
  shard_->replay(record, log_end_);
  if (log_ == Log::retained)
    records_.push_back(std::move(record));
  else
    log_start_ = high_watermark_ = log_end_ + 1;
  ++log_end_;
}

void StatePartition::end_operation() {
  if (log_ == Log::retained) boundaries_.push_back(log_end_);
}

void StatePartition::commit(Offset high_watermark) {
  assert(high_watermark <= log_end_);
  high_watermark_ = std::max(high_watermark_, high_watermark);
  std::erase_if(boundaries_, [&](Offset boundary) { return boundary < high_watermark_; });
  std::erase_if(undo_, [&](const Undo& undo) { return undo.offset < high_watermark_; });
}

void StatePartition::revert(Offset boundary) {
  assert(std::ranges::find(boundaries_, boundary) != boundaries_.end());
  for (; !undo_.empty() && undo_.back().offset >= boundary; undo_.pop_back())
    shard_->undo(std::move(undo_.back().before));
  while (boundaries_.back() > boundary) boundaries_.pop_back();
  records_.erase(records_.begin() + (boundary - log_start_), records_.end());
  log_end_ = boundary;
}

void StatePartition::load(const ShareCoordinatorConfiguration& configuration) {
  shard_.emplace(configuration);
  Offset offset = log_start_;
  for (const StateRecord& record : records_) shard_->replay(record, offset++);
  undo_.clear();
  boundaries_.clear();
  end_operation();
}

void StatePartition::unload() {
  shard_.reset();
  boundaries_.clear();
  undo_.clear();
}

void StatePartition::truncate(Offset end) {
  assert(!is_loaded() && end >= high_watermark_ && end <= log_end_);
  records_.erase(records_.begin() + (end - log_start_), records_.end());
  log_end_ = end;
}

void StatePartition::prune(Offset to) {
  const Offset kept = std::clamp(to, log_start_, log_end_);
  records_.erase(records_.begin(), records_.begin() + (kept - log_start_));
  log_start_ = kept;
  std::erase_if(boundaries_, [&](Offset boundary) { return boundary < log_start_; });
}

}  // namespace sharelock
