// What the share coordinator knows of a key, and what is asked of it, as a world is coded (model/coding/survey.h).
//
// Left out is what no answer ever depends on: times, snapshot numbers, where records lie in the store's log, and how
// many updates there were since the last snapshot (a snapshot says the same as an update would).
#pragma once

#include "model/coding/coder.h"
#include "model/store/share_coordinator_shard.h"

namespace sharelock {

template <class Coder>
void code_batches(Coder& coder, auto& batches) {
  code_all(coder, batches, [&](auto& batch) {
    coder.offset(batch.first);
    coder.offset(batch.last);
    coder.small(batch.state);
    coder.number(batch.delivery_count);
  });
}

template <class Coder, class Self, class CodeInstance>
void ShareCoordinatorShard::code(Self& self, Coder& coder, const SharePartitionKey& key, CodeInstance&& code_instance) {
  bool known = self.find(key) != nullptr;
  coder.flag(known);
  if constexpr (Coder::reads) {
    self.keys_.erase(key);
    if (known) self.keys_[key];
  }
  if (!known) return;
  auto& entry = *self.keys_.find(key);
  auto& state = entry.state;
  coder.state_epoch(state.state_epoch);
  coder.leader_epoch(state.leader_epoch);
  code_instance(state.instance);
  coder.start_or_none(state.start_offset);
  coder.number(state.delivery_complete_count);
  code_batches(coder, state.batches);
  coder.leader_epoch(entry.fence_leader_epoch);
  bool fences = entry.fence_state_epoch.has_value();
  coder.flag(fences);
  if constexpr (Coder::reads)
    if (fences) entry.fence_state_epoch.emplace();
  if (fences) coder.state_epoch(*entry.fence_state_epoch);
}

template <class Coder, class CodeInstance>
void code_write(Coder& coder, auto& write, CodeInstance&& code_instance) {
  coder.state_epoch(write.state_epoch);
  coder.leader_epoch(write.leader_epoch);
  code_instance(write.instance);
  coder.start_or_none(write.start_offset);
  coder.number(write.delivery_complete_count);
  code_batches(coder, write.batches);
}

/// Kinds of answers that share partitions get: of a write, nothing but the error; of a read, the state.
template <class Coder>
void code_result(Coder& coder, auto& result) {
  coder.number(result.error);
  bool read = std::holds_alternative<ReadState>(result.data);
  coder.flag(read);
  if constexpr (Coder::reads)
    if (read) result.data.template emplace<ReadState>();
  if (!read) return;
  auto& state = std::get<ReadState>(result.data);
  coder.state_epoch(state.state_epoch);
  coder.start_or_none(state.start_offset);
  code_batches(coder, state.batches);
}

}  // namespace sharelock
