// Threads, the effects of share partitions, the cache, and what comes from outside.
#include "model/broker/share_partition_manager.h"

#include <algorithm>

#include "model/broker/manager_step.h"

namespace sharelock {

// ----- Threads

std::optional<LogReadRequest> SharePartitionManager::run(BrokerThread& thread, const BrokerSurroundings& around,
                                                         BrokerOutbox& out) {
  Step step{*this, thread, around, out};
  while (!thread.tasks.empty() && !step.wanted) {
    BrokerTask top = std::move(thread.tasks.back());
    thread.tasks.pop_back();
    std::visit([&](auto& task) { step.carry_on(std::move(task)); }, top);
  }
  return std::move(step.wanted);
}

ShareFetch* SharePartitionManager::fetch_at(FetchId fetch) {
  const auto found = fetches_.find(fetch);
  return found == fetches_.end() ? nullptr : &found->second;
}

const ShareFetch* SharePartitionManager::find(FetchId fetch) const {
  return const_cast<SharePartitionManager*>(this)->fetch_at(fetch);
}

void SharePartitionManager::forget_if_over(FetchId id) {
  const ShareFetch* fetch = fetch_at(id);
  if (fetch != nullptr && fetch->answered && fetch->tried == 0) fetches_.erase(id);
}

bool SharePartitionManager::is_tried(const WatchKey& key) const {
  return std::ranges::any_of(watched_.watched(key), [&](const WatchLists::Entry& entry) {
    const ShareFetch* fetch = find(entry.fetch);
    return fetch != nullptr && fetch->tried > 0 && !fetch->completed;
  });
}

// ----- Checks

void SharePartitionManager::check(BrokerThread& thread, const WatchKey& key) {
  thread.tasks.emplace_back(task::Check{.key = key});
}

/// What is added to the list while its last place is tried is not seen: the next one is looked up before.
void SharePartitionManager::Step::carry_on(task::Check task) {
  if (!task.begun) {
    if (thread.waits_for_nobody && manager.is_tried(task.key)) {
      thread.completed_by_check = 0;
      out.emplace_back(broker_effect::CheckPutOff{task.key});
      return;
    }
    out.emplace_back(broker_effect::FetchesChecked{task.key});
    task.begun = true;
    task.next = manager.watched_.first(task.key);
  } else {
    if (thread.completed_fetch) ++task.completed;
    manager.watched_.passed(task.key, task.tried);
  }
  while (task.next) {
    const WatchLists::Entry entry = *task.next;
    task.next = manager.watched_.behind(task.key, entry.place);
    task.tried = entry.place;
    const ShareFetch* fetch = manager.fetch_at(entry.fetch);
    if (fetch == nullptr || fetch->completed) {
      manager.watched_.passed(task.key, entry.place);
      continue;
    }
    if (fetch->tried > 0 && !has(Switch::attempt_inside_attempt)) {
      // D-20 repaired: it is tried again when the attempt that is under way is over.
      manager.check_later(task.key);
      continue;
    }
    call(std::move(task));
    return call(task::Attempt{.fetch = entry.fetch});
  }
  thread.completed_by_check = task.completed;
}

void SharePartitionManager::Step::carry_on(task::CheckKeys task) {
  if (task.next == task.keys.size()) return;
  const WatchKey key = task.keys[task.next++];
  call(std::move(task));
  manager.check(thread, key);
}

void SharePartitionManager::run_actions(BrokerThread& thread, BrokerOutbox& out) {
  if (actions_.empty()) return;
  out.emplace_back(broker_effect::ActionRuns{});
  thread.tasks.emplace_back(task::CheckKeys{.keys = std::move(actions_.front())});
  actions_.pop_front();
}

// ----- What share partitions ask for

void SharePartitionManager::Step::interpret(SharePartitionId object, Outbox& outbox) {
  if (!outbox.effects.empty()) call(task::Interpret{object, std::move(outbox.effects), std::move(outbox.batches), 0});
}

void SharePartitionManager::Step::carry_on(task::Interpret task) {
  while (task.next < task.effects.size()) {
    const Effect effect = task.effects[task.next++];
    const auto* done = std::get_if<effect::RequestDone>(&effect);
    if (done != nullptr || std::holds_alternative<effect::FetchesWoken>(effect)) {
      const SharePartitionKey key = manager.cache_[task.object].key;
      call(std::move(task));
      return done != nullptr ? request_done(*done) : manager.check(thread, key);
    }
    std::vector<StateBatch> batches;
    if (const auto* write = std::get_if<effect::WriteIssued>(&effect)) {
      const auto first = task.batches.begin() + write->first_batch;
      batches.assign(first, first + write->batch_count);
    }
    out.emplace_back(broker_effect::FromSharePartition{task.object, effect, std::move(batches)});
  }
}

void SharePartitionManager::Step::request_done(const effect::RequestDone& done) {
  const auto found = manager.asked_.find(done.request);
  if (found == manager.asked_.end()) return;
  const Asked asked = found->second;
  manager.asked_.erase(found);
  asked.initialised_by ? initialised(asked, done.error) : given_back(asked, done.error);
}

/// SP-162: an initialisation ended. If that was later than its call, the waiting fetches are checked.
void SharePartitionManager::Step::initialised(const Asked& asked, KafkaError error) {
  if (asked.returned) manager.check(thread, asked.key);
  if (error == KafkaError::none || error == KafkaError::leader_not_available) return;
  call(task::AddErroneous{*asked.initialised_by, {asked.key.topic, asked.key.partition}, error});
  if (has(Switch::removal_by_key) || manager.cache_.find(asked.key) == asked.object) remove(asked.key);
}

void SharePartitionManager::Step::carry_on(task::AddErroneous task) {
  if (ShareFetch* fetch = manager.fetch_at(task.fetch)) fetch->add_erroneous(task.what, task.error);
}

// ----- Removal (SP-150)

void SharePartitionManager::Step::remove(const SharePartitionKey& key) {
  const auto object = manager.cache_.find(key);
  if (!object) return;
  manager.cache_.remove(key);
  out.emplace_back(broker_effect::SharePartitionRemoved{*object});
  manager.check(thread, key);
  with(*object, [](SharePartition& partition, const Surroundings& surroundings, Outbox& outbox) {
    partition.fence(surroundings, outbox);
  });
}

void SharePartitionManager::Step::remove_if_fenced(const SharePartitionKey& key, SharePartitionId object,
                                                   KafkaError error) {
  // SP-150 repaired: that object, not a later one of the same key.
  if (!has(Switch::removal_by_key) && manager.cache_.find(key) != object) return;
  if (error == KafkaError::not_leader_or_follower || error == KafkaError::fenced_state_epoch ||
      error == KafkaError::group_id_not_found || error == KafkaError::unknown_topic_or_partition)
    remove(key);
}

void SharePartitionManager::Step::carry_on(task::RemoveObjects task) {
  if (task.next == task.keys.size()) return;
  const SharePartitionKey key = task.keys[task.next++];
  call(std::move(task));
  remove(key);
}

void SharePartitionManager::partition_lost(BrokerThread& thread, TopicIdPartition what) {
  thread.tasks.emplace_back(task::RemoveObjects{.keys = cache_.keys_of(what)});
}

// ----- Answers and timers of share partitions

void SharePartitionManager::read_answered(BrokerThread& thread, SharePartitionId object, HandOverId read,
                                          const ReadAnswer& answer, const BrokerSurroundings& around,
                                          BrokerOutbox& out) {
  const SharePartitionKey key = cache_[object].key;
  SharePartition& partition = cache_[object].partition;
  const LogLookups lookups = around.lookups({key.topic, key.partition}, partition.leader_epoch());
  const Surroundings surroundings{around.now(), around.profile(), around.configuration(key.group), lookups};
  Outbox outbox;
  partition.read_answered(read, answer, surroundings, outbox);
  Step{*this, thread, around, out}.interpret(object, outbox);
}

void SharePartitionManager::write_answered(BrokerThread& thread, SharePartitionId object, HandOverId write,
                                           const WriteAnswer& answer, const BrokerSurroundings& around,
                                           BrokerOutbox& out) {
  Step{*this, thread, around, out}.with(
      object, [&](SharePartition& partition, const Surroundings& surroundings, Outbox& outbox) {
        partition.write_answered(write, answer, surroundings, outbox);
      });
}

void SharePartitionManager::dead_letter_answered(BrokerThread& thread, SharePartitionId object, HandOverId dead_letter,
                                                 const BrokerSurroundings& around, BrokerOutbox& out) {
  Step{*this, thread, around, out}.with(
      object, [&](SharePartition& partition, const Surroundings& surroundings, Outbox& outbox) {
        partition.dead_letter_answered(dead_letter, surroundings, outbox);
      });
}

Outcome SharePartitionManager::lock_expiry_handled(BrokerThread& thread, SharePartitionId object,
                                                   const AcquisitionLock& lock, const BrokerSurroundings& around,
                                                   BrokerOutbox& out) {
  return Step{*this, thread, around, out}.with(
      object, [&](SharePartition& partition, const Surroundings& surroundings, Outbox& outbox) {
        return partition.lock_expiry_handled(lock, surroundings, outbox);
      });
}

}  // namespace sharelock
