// A fetch arrives: its partitions are looked up and initialised; it is answered or waits (SP-160 to SP-162, SP-172).
#include <algorithm>

#include "model/broker/manager_step.h"

namespace sharelock {

void SharePartitionManager::fetch(BrokerThread& thread, FetchId id, const ShareFetchParameters& parameters,
                                  std::span<const TopicIdPartition> partitions) {
  ShareFetch& fetch = fetches_[id];
  fetch.id = id;
  fetch.parameters = parameters;
  // Who wants no record or no byte gets an empty answer, as for no partition (SP-160).
  const bool wants_something = parameters.records_max != 0 && parameters.bytes_max != 0;
  if (wants_something) fetch.partitions.assign(partitions.begin(), partitions.end());
  if (parameters.epoch >= 1 && fetch.partitions.size() > 1) {
    const auto by = static_cast<std::ptrdiff_t>(static_cast<std::size_t>(parameters.epoch) % fetch.partitions.size());
    std::ranges::rotate(fetch.partitions, fetch.partitions.begin() + by);
  }
  thread.tasks.emplace_back(task::Prepare{.fetch = id});
}

void SharePartitionManager::Step::carry_on(task::Prepare task) {
  ShareFetch& fetch = *manager.fetch_at(task.fetch);
  if (task.next < fetch.partitions.size()) {
    const TopicIdPartition what = fetch.partitions[task.next++];
    call(std::move(task));
    return prepare(fetch, what);
  }
  if (fetch.erroneous.size() == fetch.partitions.size()) {  // None of them can be fetched; or there is none.
    answer(fetch, {});
    return manager.forget_if_over(task.fetch);
  }
  fetch.queued = true;
  call(task::TryElseWatch{.fetch = fetch.id});
}

void SharePartitionManager::Step::prepare(ShareFetch& fetch, TopicIdPartition what) {
  const SharePartitionKey key{fetch.parameters.group, what.topic, what.partition};
  const auto object = get_or_create(fetch, key);
  if (!object) return;
  fetch.keys.push_back(key);
  fetch.keys.push_back({no_group, what.topic, what.partition});
  fetch.shares.emplace_back(what, *object);
  const RequestId asked{manager.next_asked_++};
  manager.asked_.emplace(asked, Asked{fetch.id, {}, 0, key, *object, true});
  with(*object, [&](SharePartition& partition, const Surroundings& surroundings, Outbox& outbox) {
    partition.maybe_initialize(asked, surroundings, outbox);
    const bool at_once = std::ranges::any_of(
        outbox.effects, [](const Effect& effect) { return std::holds_alternative<effect::RequestDone>(effect); });
    if (at_once) manager.asked_.find(asked)->second.returned = false;
  });
}

/// SP-150: only a leader has share partitions.
std::optional<SharePartitionId> SharePartitionManager::Step::get_or_create(ShareFetch& fetch,
                                                                           const SharePartitionKey& key) {
  if (const auto object = manager.cache_.find(key)) return object;
  const TopicIdPartition what{key.topic, key.partition};
  const HostedPartition hosted = around.hosted(what);
  if (hosted.unavailable != KafkaError::none || !hosted.is_leader) {
    fetch.add_erroneous(
        what, hosted.unavailable != KafkaError::none ? hosted.unavailable : KafkaError::not_leader_or_follower);
    return std::nullopt;
  }
  const LogLookups no_lookups;
  const Surroundings surroundings{around.now(), around.profile(), around.configuration(key.group), no_lookups};
  const SharePartitionId object = manager.cache_.add(key, SharePartition{hosted.leader_epoch, surroundings});
  out.emplace_back(broker_effect::SharePartitionCreated{object, key});
  return object;
}

/// SP-162: tried, watched, tried once more. It is as if the attempts were one: nobody else tries it meanwhile.
void SharePartitionManager::Step::carry_on(task::TryElseWatch task) {
  using Stage = task::TryElseWatch::Stage;
  ShareFetch& fetch = *manager.fetch_at(task.fetch);
  const FetchId id = fetch.id;
  switch (task.stage) {
    case Stage::try_first:
      ++fetch.tried;
      task.stage = Stage::watch;
      call(std::move(task));
      return call(task::Attempt{.fetch = id});
    case Stage::watch:
      task.stage = Stage::conclude;
      call(std::move(task));
      if (thread.completed_fetch) return;
      if (!fetch.completed)
        for (const WatchKey& key : fetch.keys) manager.watched_.watch(key, id);
      return call(task::Attempt{.fetch = id});
    case Stage::conclude:
      if (!fetch.completed) {
        fetch.timer_runs = true;
        out.emplace_back(broker_effect::FetchTimerStarted{id, around.now() + fetch.parameters.wait_max_ms, false});
      }
      --fetch.tried;
      return manager.forget_if_over(id);
  }
}

/// SP-168: a request is answered once. The error of a partition takes the place of what it got (D-23), but not that of
/// an error with which the whole request failed.
void SharePartitionManager::Step::answer(ShareFetch& fetch, std::vector<FetchAnswerPart> parts) {
  if (fetch.answered) return;
  fetch.answered = true;
  for (const auto& [what, error] : fetch.erroneous) {
    const auto part = std::ranges::find(parts, what, &FetchAnswerPart::what);
    if (part == parts.end())
      parts.push_back({what, error, {}, {}, 0});
    else if (!part->failed) {
      give_back_acquired(fetch, *part);
      *part = {what, error, {}, {}, 0};
    }
  }
  out.emplace_back(broker_effect::FetchAnswered{fetch.id, std::move(parts)});
}

/// D-23 repaired: what the member never hears of is released for it.
void SharePartitionManager::Step::give_back_acquired(const ShareFetch& fetch, const FetchAnswerPart& part) {
  if (part.acquired.empty() || has(Switch::error_keeps_acquired)) return;
  PartitionAcknowledgement release{part.what, {}};
  for (const AcquiredRange& range : part.acquired)
    release.batches.push_back({range.first, range.last, {AcknowledgeType::release}});
  const RequestId request{manager.next_unanswered_++};
  GivingBack asked{.group = fetch.parameters.group, .member = fetch.parameters.member, .answered = false};
  asked.asked.push_back(std::move(release));
  asked.answers.resize(1);
  manager.giving_back_.emplace(request, std::move(asked));
  call(task::GiveBack{.request = request});
}

void SharePartitionManager::fetch_timed_out(BrokerThread& thread, FetchId id) {
  ShareFetch* fetch = fetch_at(id);
  if (fetch == nullptr || fetch->completed) return;
  fetch->timer_runs = false;
  fetch->completed = true;
  watched_.forget(fetch->keys, id);
  thread.tasks.emplace_back(task::Complete{.fetch = id});
}

}  // namespace sharelock
