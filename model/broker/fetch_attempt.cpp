// An attempt to complete a delayed fetch: locks, the read for the decision, the bytes that are there (SP-163, SP-164).
#include <algorithm>

#include "model/broker/byte_split.h"
#include "model/broker/manager_step.h"

namespace sharelock {

void SharePartitionManager::Step::carry_on(task::Attempt task) {
  using Stage = task::Attempt::Stage;
  ShareFetch& fetch = *manager.fetch_at(task.fetch);
  switch (task.stage) {
    case Stage::begin:
      ++fetch.tried;
      return begin_attempt(std::move(task), fetch);
    case Stage::read:
      return read_for_decision(std::move(task), fetch);
    case Stage::sum_bytes:
      return sum_bytes(std::move(task), fetch);
  }
}

void SharePartitionManager::Step::attempt_ends(ShareFetch& fetch, bool completed) {
  if (--fetch.tried == 0) fetch.former_held.clear();
  thread.completed_fetch = completed;
  manager.forget_if_over(fetch.id);
}

/// It leaves the purgatory and is answered, unless it has left it already.
void SharePartitionManager::Step::force_complete(ShareFetch& fetch) {
  if (fetch.completed) return attempt_ends(fetch, false);
  fetch.completed = true;
  if (fetch.timer_runs) out.emplace_back(broker_effect::FetchTimerCancelled{fetch.id, false});
  fetch.timer_runs = false;
  manager.watched_.forget(fetch.keys, fetch.id);
  --fetch.tried;
  call(task::Complete{.fetch = fetch.id});
}

/// SP-163 step 1: locked, acquirable, in order.
std::vector<HeldPartition> SharePartitionManager::Step::acquirable(const ShareFetch& fetch,
                                                                   const std::vector<HeldPartition>& except) {
  std::vector<HeldPartition> held;
  for (const auto& [what, object] : fetch.shares) {
    if (std::ranges::find(except, what, &HeldPartition::what) != except.end()) continue;
    SharePartition& share = partition(object);
    if (!share.try_fetch_lock(fetch.id)) {
      const bool is_held = share.fetch_lock() != FetchId{} && share.fetch_lock() != fetch.id;
      if (is_held && !has(Switch::silent_unlock)) manager.cache_[object].met_lock = true;
      continue;
    }
    with(object, [&](SharePartition&, const Surroundings& surroundings, Outbox& outbox) {
      if (share.can_acquire(surroundings))
        held.push_back({what, object, share.next_fetch_offset()});
      else
        share.fetch_unlock(fetch.id, surroundings, outbox);
    });
  }
  return held;
}

void SharePartitionManager::Step::unlock(const ShareFetch& fetch, std::span<const HeldPartition> held) {
  for (const HeldPartition& each : held) {
    with(each.object, [&](SharePartition& share, const Surroundings& surroundings, Outbox& outbox) {
      share.fetch_unlock(fetch.id, surroundings, outbox);
    });
    // D-24 repaired: whoever met the lock is tried again.
    if (std::exchange(manager.cache_[each.object].met_lock, false))
      manager.check_later(manager.cache_[each.object].key);
  }
}

std::vector<std::int32_t> SharePartitionManager::Step::split(std::int32_t bytes, std::size_t partitions,
                                                             std::size_t divisor) {
  ByteSplit split =
      split_bytes(bytes, static_cast<std::int32_t>(partitions), static_cast<std::int32_t>(divisor), around);
  if (split.drawn.bound > 0) out.emplace_back(broker_effect::RandomDrawn{split.drawn.bound, split.drawn.value});
  return std::move(split.shares);
}

/// Asks for a read of those that are not erroneous; `asked` says which. False if there is none.
bool SharePartitionManager::Step::want_log(ShareFetch& fetch, std::span<const HeldPartition> parts, std::int32_t bytes,
                                           std::size_t divisor, std::vector<TopicIdPartition>& asked) {
  asked.clear();
  if (parts.empty()) return false;
  const std::vector<std::int32_t> shares = split(bytes, parts.size(), divisor);
  LogReadRequest request{fetch.id, fetch.parameters.isolation, fetch.parameters.bytes_max, {}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (fetch.is_erroneous(parts[i].what)) continue;
    request.parts.push_back({parts[i].what, parts[i].offset, shares[i]});
    asked.push_back(parts[i].what);
  }
  if (asked.empty()) return false;
  wanted = std::move(request);
  return true;
}

void SharePartitionManager::Step::begin_attempt(task::Attempt task, ShareFetch& fetch) {
  if (!fetch.remote.empty()) return try_remote(fetch);
  if (fetch.pending_read) {
    if (!fetch.pending_read->answer) {
      fetch.pending_read->met_by_check = true;
      return attempt_ends(fetch, false);
    }
    PendingLogRead read = std::move(*fetch.pending_read);
    fetch.pending_read.reset();
    fetch.read_failed = read.answer->thrown;
    if (fetch.read_failed != KafkaError::none) return force_complete(fetch);
    task.held = fetch.held;
    task.held_list = fetch.held_list;
    task.read_apart = true;
    task.met_by_check = read.met_by_check;
    task.asked = std::move(read.parts);
    thread.read_answer = std::move(read.answer);
    return read_for_decision(std::move(task), fetch);
  }
  task.held = acquirable(fetch, {});
  if (task.held.empty()) return attempt_ends(fetch, false);
  std::vector<HeldPartition> unread;
  for (const HeldPartition& held : task.held)
    if (!partition(held.object).fetch_metadata(held.offset)) unread.push_back(held);
  if (!want_log(fetch, unread, fetch.parameters.bytes_max, task.held.size(), task.asked))
    return decide(std::move(task), fetch);
  task.stage = task::Attempt::Stage::read;
  call(std::move(task));
}

/// SP-163 steps 3 and 7.
void SharePartitionManager::Step::read_for_decision(task::Attempt task, ShareFetch& fetch) {
  if (thread.read_pending) {
    fetch.pending_read = PendingLogRead{*thread.read_pending, std::move(task.asked), std::nullopt};
    manager.log_reads_.emplace(*thread.read_pending, fetch.id);
    thread.read_pending.reset();
    fetch.hold(std::move(task.held));
    return attempt_ends(fetch, false);
  }
  const LogReadAnswer answer = std::move(*thread.read_answer);
  thread.read_answer.reset();
  if (answer.thrown != KafkaError::none) {
    if (has(Switch::failed_read_keeps_held))  // With its locks: the completion starts from there.
      fetch.hold(std::move(task.held));
    else
      unlock(fetch, task.held);
    return force_complete(fetch);
  }
  for (std::size_t i = 0; i < task.asked.size(); ++i) task.reads.emplace_back(task.asked[i], answer.results[i]);
  decide(std::move(task), fetch);
}

/// SP-163 steps 4 to 6, up to the bytes.
void SharePartitionManager::Step::decide(task::Attempt task, ShareFetch& fetch) {
  const bool remote = std::ranges::any_of(task.reads, [](const auto& read) { return read.second.remote.has_value(); });
  if (remote) return begin_remote(task, fetch);
  bool failed = false;
  for (const auto& [what, result] : task.reads) {
    failed = failed || result.error != KafkaError::none;
    if (result.error != KafkaError::none) continue;
    const auto held = std::ranges::find(task.held, what, &HeldPartition::what);
    // D-22 repaired: what was read without bytes to spare is read again.
    if (result.position.segment_base_offset < 0 && !has(Switch::remote_without_position)) continue;
    if (held != task.held.end()) partition(held->object).set_fetch_metadata(held->offset, result.position);
  }
  if (failed) return conclude_sum(std::move(task), fetch, true);
  // Another attempt gave back what it held (D-20): there is nothing to share bytes among, which is an error.
  if (task.held.empty()) return escape(fetch);
  task.byte_shares = split(fetch.parameters.bytes_max, task.held.size(), task.held.size());
  sum_bytes(std::move(task), fetch);
}

/// SP-164. A partition whose log end cannot be read may be removed, which checks fetches in between (D-20).
void SharePartitionManager::Step::sum_bytes(task::Attempt task, ShareFetch& fetch) {
  task.stage = task::Attempt::Stage::sum_bytes;
  while (task.next < task.held.size()) {
    const HeldPartition held = task.held[task.next];
    const LogEnd end = around.log_end(held.what, fetch.parameters.isolation);
    if (end.error != KafkaError::none) {
      ++task.next;
      fetch.add_erroneous(held.what, end.error);
      call(std::move(task));
      return remove_if_fenced({fetch.parameters.group, held.what.topic, held.what.partition}, held.object, end.error);
    }
    if (add_bytes(task, held, end.position)) return conclude_sum(std::move(task), fetch, true);
    ++task.next;
  }
  conclude_sum(std::move(task), fetch, task.bytes >= fetch.parameters.bytes_min);
}

/// True: there is more than anybody could want.
bool SharePartitionManager::Step::add_bytes(task::Attempt& task, const HeldPartition& held, const LogPosition& end) {
  const auto from = partition(held.object).fetch_metadata(held.offset);
  if (!from) return false;
  if (from->message_offset > end.message_offset) return true;
  if (from->message_offset == end.message_offset || from->segment_base_offset < 0) return false;
  if (from->segment_base_offset < end.segment_base_offset) return true;
  if (from->segment_base_offset == end.segment_base_offset)
    task.bytes += std::min(end.position_in_segment - from->position_in_segment, task.byte_shares[task.next]);
  return false;
}

void SharePartitionManager::Step::conclude_sum(task::Attempt task, ShareFetch& fetch, bool satisfied) {
  if (fetch.completed && gives_back_late()) {
    unlock(fetch, task.held);
    return attempt_ends(fetch, false);
  }
  if (satisfied) {
    fetch.hold(std::move(task.held));
    fetch.already_read = std::move(task.reads);
    return force_complete(fetch);
  }
  unlock(fetch, task.read_apart && has(Switch::attempt_inside_attempt) ? fetch.held_of(task.held_list) : task.held);
  if (task.read_apart && has(Switch::stale_held_set))
    fetch.already_read = std::move(task.reads);
  else
    clear_held(fetch);
  // D-24 repaired: what the check came for, a partition that was not held, is looked at now.
  if (task.met_by_check && !has(Switch::silent_unlock)) manager.check_later(fetch.keys.front());
  attempt_ends(fetch, false);
}

/// An attempt inside this one may have completed the fetch, and the completion wait for its read with that list (D-20).
void SharePartitionManager::Step::clear_held(ShareFetch& fetch) {
  fetch.held.clear();
  const auto parked = manager.parked_.find(fetch.id);
  if (parked != manager.parked_.end() && parked->second.held_list == fetch.held_list) parked->second.held.clear();
}

void SharePartitionManager::log_read_ended(BrokerThread& thread, LogReadId id, LogReadAnswer answer,
                                           const BrokerSurroundings&) {
  const auto found = log_reads_.find(id);
  if (found == log_reads_.end()) return;
  const FetchId fetch_id = found->second;
  log_reads_.erase(found);
  if (const auto parked = parked_.find(fetch_id); parked != parked_.end()) {
    thread.tasks.emplace_back(std::move(parked->second));
    parked_.erase(parked);
    thread.read_answer = std::move(answer);
    return;
  }
  ShareFetch* fetch = fetch_at(fetch_id);
  if (fetch == nullptr || !fetch->pending_read || fetch->pending_read->id != id) return;
  fetch->pending_read->answer = std::move(answer);
  const TopicIdPartition first = fetch->held.front().what;
  check(thread, {fetch->parameters.group, first.topic, first.partition});
}

}  // namespace sharelock
