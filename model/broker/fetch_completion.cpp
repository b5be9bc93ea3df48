// A delayed fetch is answered: what is missing is read, acquired partition by partition, and the locks are given back
// (SP-165 to SP-167).
#include <algorithm>

#include "model/broker/manager_step.h"
#include "model/partition/response_slice.h"

namespace sharelock {
namespace {

bool was_read(const LogReads& reads, TopicIdPartition what) {
  return std::ranges::any_of(reads, [&](const auto& read) { return read.first == what; });
}

bool has_data(const LogReads& reads, TopicIdPartition what) {
  return std::ranges::any_of(reads, [&](const auto& read) { return read.first == what && read.second.data.bytes > 0; });
}

/// The log batches of a response: at least those that hold what was acquired. A single one is passed on with what
/// follows it of a batch that was cut.
void put_records(FetchAnswerPart& part, const LogData& data) {
  const auto slice = response_slice(data.batches, part.acquired);
  part.records.assign(slice.begin(), slice.end());
  if (data.batches.size() == 1) {
    part.bytes = data.bytes;
    return;
  }
  const auto first = static_cast<std::size_t>(slice.data() - data.batches.data());
  for (std::size_t i = 0; i < slice.size(); ++i) part.bytes += data.sizes[first + i];
}

}  // namespace

void SharePartitionManager::Step::carry_on(task::Complete task) {
  using Stage = task::Complete::Stage;
  ShareFetch& fetch = *manager.fetch_at(task.fetch);
  switch (task.stage) {
    case Stage::begin:
      ++fetch.tried;
      return begin_completion(std::move(task), fetch);
    case Stage::read:
      return read_for_answer(std::move(task), fetch);
    case Stage::process:
      return process(std::move(task), fetch);
    case Stage::fail:
      return fail(std::move(task), fetch);
  }
}

void SharePartitionManager::Step::begin_completion(task::Complete task, ShareFetch& fetch) {
  if (fetch.pending_read) return abandon_read(std::move(task), fetch);
  if (fetch.read_failed != KafkaError::none) {
    task.held = fetch.held;
    task.keeps_objects = true;
    begin_failure(task, fetch.read_failed);
    return fail(std::move(task), fetch);
  }
  if (!fetch.remote.empty() || fetch.remote_refused != KafkaError::none)
    return begin_remote_completion(std::move(task), fetch);
  if (!fetch.held.empty()) task.held_list = fetch.held_list;
  task.held = fetch.held.empty() ? acquirable(fetch, {}) : fetch.held;
  std::vector<HeldPartition> missing;
  for (const HeldPartition& held : task.held)
    if (!was_read(fetch.already_read, held.what)) missing.push_back(held);
  if (want_log(fetch, missing, fetch.parameters.bytes_max, task.held.size(), task.asked)) {
    task.stage = task::Complete::Stage::read;
    return call(std::move(task));
  }
  begin_processing(std::move(task), fetch);
}

/// Timed out while an asynchronous read is under way: nobody waits for it, and nobody is woken (V-7, D-24).
void SharePartitionManager::Step::abandon_read(task::Complete task, ShareFetch& fetch) {
  out.emplace_back(broker_effect::LogReadAbandoned{fetch.pending_read->id});
  manager.log_reads_.erase(fetch.pending_read->id);
  fetch.pending_read.reset();
  const std::vector<HeldPartition> held = std::move(fetch.held);
  answer(fetch, {});
  unlock(fetch, held);
  end_completion(std::move(task), fetch);
}

void SharePartitionManager::Step::read_for_answer(task::Complete task, ShareFetch& fetch) {
  if (thread.read_pending) {
    manager.log_reads_.emplace(*thread.read_pending, fetch.id);
    thread.read_pending.reset();
    thread.completed_fetch = true;
    manager.parked_.emplace(fetch.id, std::move(task));
    return;
  }
  LogReadAnswer answer = std::move(*thread.read_answer);
  thread.read_answer.reset();
  if (answer.thrown != KafkaError::none) {
    // V-7: what came from remote storage is answered all the same.
    if (has(Switch::async_log_reads) && task.remote > 0) return begin_processing(std::move(task), fetch);
    task.keeps_objects = has(Switch::async_log_reads) && !fetch.already_read.empty();
    begin_failure(task, answer.thrown);
    return fail(std::move(task), fetch);
  }
  for (std::size_t i = 0; i < task.asked.size(); ++i)
    task.reads.emplace_back(task.asked[i], std::move(answer.results[i]));
  begin_processing(std::move(task), fetch);
}

void SharePartitionManager::Step::begin_processing(task::Complete task, ShareFetch& fetch) {
  std::ranges::move(fetch.already_read, std::back_inserter(task.reads));
  for (const HeldPartition& held : task.held) {
    const auto read = std::ranges::find(task.reads, held.what, &LogReads::value_type::first);
    if (read != task.reads.end() && read->second.remote) partition(held.object).forget_fetch_metadata();
  }
  process(std::move(task), fetch);
}

/// One result after the other; what a share partition does comes before the next one.
void SharePartitionManager::Step::process(task::Complete task, ShareFetch& fetch) {
  task.stage = task::Complete::Stage::process;
  while (task.next < task.reads.size() && task.reads[task.next].second.remote) ++task.next;
  if (task.next == task.reads.size()) {
    answer(fetch, std::move(task.parts));
    return end_completion(std::move(task), fetch);
  }
  const std::size_t below = thread.tasks.size();
  const auto& [what, result] = task.reads[task.next++];
  const auto found = std::ranges::find(task.held, what, &HeldPartition::what);
  if (found == task.held.end()) {  // Read by an attempt whose locks another one gave back (D-20).
    begin_failure(task, KafkaError::unknown_server_error);
    return fail(std::move(task), fetch);
  }
  const HeldPartition held = *found;
  task.parts.push_back({what, KafkaError::none, {}, {}, 0});
  if (result.error == KafkaError::offset_out_of_range)
    move_log_start(task, fetch, held);
  else if (result.error != KafkaError::none)
    task.parts.back().error = result.error;
  else
    acquire(task, fetch, held, result.data);
  thread.tasks.insert(thread.tasks.begin() + static_cast<std::ptrdiff_t>(below), std::move(task));
}

/// OFFSET_OUT_OF_RANGE is no error to the client: the log start moved (SP-95).
void SharePartitionManager::Step::move_log_start(task::Complete& task, ShareFetch& fetch, const HeldPartition& held) {
  out.emplace_back(broker_effect::EarliestLookedUp{held.what});
  const OffsetLookup earliest = around.lookups(held.what, partition(held.object).leader_epoch()).earliest;
  if (const auto* offset = std::get_if<Offset>(&earliest))
    return with(held.object, [&](SharePartition& share, const Surroundings& surroundings, Outbox& outbox) {
      share.log_start_moved(*offset, surroundings, outbox);
    });
  const auto* refused = std::get_if<KafkaError>(&earliest);
  const KafkaError reason = refused != nullptr ? *refused : KafkaError::offset_not_available;
  task.parts.pop_back();
  fetch.add_erroneous(held.what, reason);
  remove_if_fenced({fetch.parameters.group, held.what.topic, held.what.partition}, held.object, reason);
}

void SharePartitionManager::Step::acquire(task::Complete& task, const ShareFetch& fetch, const HeldPartition& held,
                                          const LogData& data) {
  const ShareFetchParameters& parameters = fetch.parameters;
  const bool has_session = manager.sessions_.sessions().contains({parameters.group, parameters.member});
  if (!has_session && !has(Switch::acquires_without_session)) return;
  const AcquireRequest request{.mode = parameters.mode,
                               .batch_size = parameters.batch_size,
                               .max_records = static_cast<std::int32_t>(parameters.records_max - task.acquired),
                               .fetch_offset = held.offset,
                               .batches = data.batches,
                               .isolation = parameters.isolation,
                               .aborted = data.aborted};
  Acquired acquired = with(held.object, [&](SharePartition& share, const Surroundings& surroundings, Outbox& outbox) {
    return share.acquire(parameters.member, request, surroundings, outbox);
  });
  if (acquired.outcome.aborted) {
    for (const FetchAnswerPart& part : task.parts) give_back_acquired(fetch, part);
    return begin_failure(task, acquired.outcome.error);
  }
  FetchAnswerPart& part = task.parts.back();
  part.acquired = std::move(acquired.ranges);
  if (!part.acquired.empty()) put_records(part, data);
  task.acquired += acquired.count;
}

void SharePartitionManager::Step::begin_failure(task::Complete& task, KafkaError error) {
  task.stage = task::Complete::Stage::fail;
  task.failed = error;
  task.next = 0;
  task.parts.clear();
}

/// The whole request failed: every partition that is held answers the error, whatever was acquired (SP-167). Since 4.4
/// the error of a read that is one of two, or did not end at once, removes nothing (V-7).
void SharePartitionManager::Step::fail(task::Complete task, ShareFetch& fetch) {
  if (task.next < task.held.size()) {
    const auto [what, object, offset] = task.held[task.next++];
    const KafkaError error = task.failed;
    task.parts.push_back({what, error, {}, {}, 0, true});
    const bool keeps_objects = task.keeps_objects;
    call(std::move(task));
    if (!keeps_objects) remove_if_fenced({fetch.parameters.group, what.topic, what.partition}, object, error);
    return;
  }
  answer(fetch, std::move(task.parts));
  end_completion(std::move(task), fetch);
}

void SharePartitionManager::Step::end_completion(task::Complete task, ShareFetch& fetch) {
  if (!task.held.empty()) {
    unlock(fetch, task.held);
    wake_after(task, fetch);
  }
  --fetch.tried;
  thread.completed_fetch = true;
  manager.forget_if_over(task.fetch);
}

/// SP-165: what waits for the partitions that are free again is checked from the action queue. Up to 4.3 that is all of
/// them (V-8); since 4.4 those of which data was read, remotely and locally apart, and all of them if a remote read was
/// refused. Those that were read come in the order of a hash set, all of them in the order in which they were locked.
void SharePartitionManager::Step::wake_after(const task::Complete& task, const ShareFetch& fetch) {
  std::vector<TopicIdPartition> remote;
  std::vector<TopicIdPartition> local;
  const bool all = has(Switch::wake_all_held) || fetch.remote_refused != KafkaError::none;
  for (std::size_t i = 0; i < task.held.size(); ++i) {
    const TopicIdPartition what = task.held[i].what;
    if (all)
      remote.push_back(what);
    else if (has_data(task.reads, what))
      (i < task.remote ? remote : local).push_back(what);
  }
  if (!all) {
    std::ranges::sort(remote);
    std::ranges::sort(local);
  }
  wake_later(fetch, remote);
  wake_later(fetch, local);
}

void SharePartitionManager::Step::wake_later(const ShareFetch& fetch, std::span<const TopicIdPartition> woken) {
  if (woken.empty()) return;
  std::vector<WatchKey> keys;
  for (const TopicIdPartition what : woken) {
    keys.push_back({fetch.parameters.group, what.topic, what.partition});
    keys.push_back({no_group, what.topic, what.partition});
  }
  manager.actions_.push_back(std::move(keys));
}

}  // namespace sharelock
