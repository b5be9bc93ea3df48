// Fetches of data that is in remote storage (SP-163 step 4, SP-167, D-21, D-22).
#include <algorithm>

#include "model/broker/manager_step.h"

namespace sharelock {

/// Only the partitions that are read remotely stay locked.
void SharePartitionManager::Step::begin_remote(const task::Attempt& task, ShareFetch& fetch) {
  std::vector<HeldPartition> remote;
  std::vector<HeldPartition> local;
  std::vector<TopicIdPartition> woken;
  for (const HeldPartition& held : task.held) {
    const auto read = std::ranges::find(task.reads, held.what, &LogReads::value_type::first);
    const bool is_remote = read != task.reads.end() && read->second.remote;
    (is_remote ? remote : local).push_back(held);
    if (!is_remote) woken.push_back(held.what);
  }
  unlock(fetch, local);
  wake_later(fetch, woken);
  fetch.hold(std::move(remote));
  fetch.remote_refused = schedule_remote(task, fetch);
  if (fetch.remote_refused == KafkaError::none) return try_remote(fetch);
  cancel_remote(fetch);
  fetch.remote.clear();
  if (task.read_apart && has(Switch::remote_refusal_escapes)) return escape(fetch);
  force_complete(fetch);
}

KafkaError SharePartitionManager::Step::schedule_remote(const task::Attempt& task, ShareFetch& fetch) {
  for (const auto& [what, result] : task.reads) {
    if (!result.remote) continue;
    const KafkaError refused = around.hosted(what).remote_refused;
    if (refused != KafkaError::none) return refused;
    const RemoteReadId id{manager.next_remote_++};
    fetch.remote.push_back({id, what, *result.remote, std::nullopt});
    manager.remote_reads_.emplace(id, fetch.id);
    out.emplace_back(broker_effect::RemoteReadIssued{id, what, *result.remote});
  }
  return KafkaError::none;
}

void SharePartitionManager::Step::cancel_remote(ShareFetch& fetch) {
  for (const RemoteFetch& each : fetch.remote)
    if (!each.answer && manager.remote_reads_.erase(each.id) > 0)
      out.emplace_back(broker_effect::RemoteReadCancelled{each.id});
}

/// D-20, D-21: an error behind the end of an asynchronous read is nobody's: what called the attempt ends with it, and the
/// fetch stays where it is, locks held.
void SharePartitionManager::Step::escape(ShareFetch& fetch) {
  if (--fetch.tried == 0) fetch.former_held.clear();
  thread.tasks.clear();
}

/// Done when all are answered, or when the broker no longer leads one of the partitions.
void SharePartitionManager::Step::try_remote(ShareFetch& fetch) {
  const bool lost = std::ranges::any_of(fetch.remote, [&](const RemoteFetch& each) {
    const HostedPartition hosted = around.hosted(each.what);
    return hosted.unavailable != KafkaError::none || !hosted.is_leader;
  });
  if (lost || fetch.remote_is_done()) return force_complete(fetch);
  attempt_ends(fetch, false);
}

void SharePartitionManager::remote_read_answered(BrokerThread& thread, RemoteReadId id, RemoteReadAnswer answer,
                                                 BrokerOutbox& out) {
  const auto found = remote_reads_.find(id);
  if (found == remote_reads_.end()) return;
  ShareFetch& fetch = *fetch_at(found->second);
  remote_reads_.erase(found);
  const auto read = std::ranges::find(fetch.remote, id, &RemoteFetch::id);
  read->answer = std::move(answer);
  check(thread, {fetch.parameters.group, read->what.topic, read->what.partition});
  if (!fetch.remote_limit_runs || !fetch.remote_is_done()) return;
  fetch.remote_limit_runs = false;
  out.emplace_back(broker_effect::FetchTimerCancelled{fetch.id, true});
  thread.tasks.emplace_back(task::Complete{.fetch = fetch.id});
}

void SharePartitionManager::remote_limit_reached(BrokerThread& thread, FetchId id) {
  ShareFetch* fetch = fetch_at(id);
  if (fetch == nullptr || !fetch->remote_limit_runs) return;
  fetch->remote_limit_runs = false;
  fetch->remote_is_late = true;
  thread.tasks.emplace_back(task::Complete{.fetch = id});
}

void SharePartitionManager::Step::begin_remote_completion(task::Complete task, ShareFetch& fetch) {
  task.held = fetch.held;
  task.remote = task.held.size();
  if (fetch.remote_refused != KafkaError::none) {
    begin_failure(task, fetch.remote_refused);
    return fail(std::move(task), fetch);
  }
  if (!fetch.remote_is_done() && !fetch.remote_is_late && fetch.parameters.wait_max_ms < around.remote_max_wait_ms())
    return wait_for_remote(fetch);
  const std::int32_t bytes = take_remote(task, fetch);
  if (bytes < fetch.parameters.bytes_max) {
    const std::vector<HeldPartition> local = acquirable(fetch, task.held);
    task.held.insert(task.held.end(), local.begin(), local.end());
    if (want_log(fetch, local, fetch.parameters.bytes_max - bytes, local.size(), task.asked)) {
      task.stage = task::Complete::Stage::read;
      return call(std::move(task));
    }
  }
  begin_processing(std::move(task), fetch);
}

/// Timed out, but the remote reads have more time than the fetch: it is answered when they are done or their time is
/// over.
void SharePartitionManager::Step::wait_for_remote(ShareFetch& fetch) {
  fetch.remote_limit_runs = true;
  const TimeMs due = around.now() + around.remote_max_wait_ms() - fetch.parameters.wait_max_ms;
  out.emplace_back(broker_effect::FetchTimerStarted{fetch.id, due, true});
  --fetch.tried;
  thread.completed_fetch = true;
}

/// What the remote reads brought, so far. Its size in bytes.
std::int32_t SharePartitionManager::Step::take_remote(task::Complete& task, ShareFetch& fetch) {
  std::int32_t bytes = 0;
  cancel_remote(fetch);
  for (RemoteFetch& each : fetch.remote) {
    if (!each.answer) continue;
    LogReadResult result;
    result.error = each.answer->error;
    result.data = std::move(each.answer->data);
    bytes += result.data.bytes;
    task.reads.emplace_back(each.what, std::move(result));
  }
  return bytes;
}

}  // namespace sharelock
