// Acknowledge, release, and the end of sessions (SP-71, SP-89, SP-90, SP-189).
#include <algorithm>

#include "model/broker/manager_step.h"

namespace sharelock {

void SharePartitionManager::acknowledge(BrokerThread& thread, RequestId request, GroupId group, MemberId member,
                                        std::vector<PartitionAcknowledgement> acknowledgements) {
  GivingBack asked{.group = group, .member = member};
  asked.answers.resize(acknowledgements.size());
  asked.asked = std::move(acknowledgements);
  giving_back_.emplace(request, std::move(asked));
  thread.tasks.emplace_back(task::GiveBack{.request = request});
}

KafkaError SharePartitionManager::release_session(BrokerThread& thread, RequestId request, GroupId group,
                                                  MemberId member) {
  const auto session = sessions_.release({group, member});
  if (!session) return KafkaError::share_session_not_found;
  GivingBack asked{.group = group, .member = member, .release = true};
  for (const SessionPartition& partition : session->partitions()) asked.asked.push_back({partition.what, {}});
  asked.answers.resize(asked.asked.size());
  giving_back_.emplace(request, std::move(asked));
  thread.tasks.emplace_back(task::GiveBack{.request = request});
  return KafkaError::none;
}

/// The releases leave acquired what a replaced session, or one that forgets a partition, had (SP-181, SP-185).
ShareFetchBegun SharePartitionManager::new_context(BrokerThread& thread, const ShareFetchHead& head,
                                                   const BrokerSurroundings& around) {
  std::vector<TopicIdPartition> held;
  const auto session = sessions_.sessions().find(head.session);
  if (session != sessions_.sessions().end())
    for (const SessionPartition& partition : session->second.partitions()) held.push_back(partition.what);
  ShareFetchBegun begun = sessions_.fetch(head);
  if (around.profile().has(Switch::replaced_session_keeps)) return begun;
  if (head.epoch != initial_epoch || begun.error == KafkaError::invalid_request) {
    const bool goes_on = begun.error == KafkaError::none && head.epoch != final_epoch;
    std::erase_if(held, [&](TopicIdPartition what) {
      return !goes_on || std::ranges::find(head.forget, what) == head.forget.end();
    });
  }
  release_for_nobody(thread, head.session, std::move(held));
  return begun;
}

/// Nobody waits for the answer.
void SharePartitionManager::release_for_nobody(BrokerThread& thread, ShareSessionKey session,
                                               std::vector<TopicIdPartition> partitions) {
  if (partitions.empty()) return;
  GivingBack asked{.group = session.group, .member = session.member, .release = true, .answered = false};
  for (const TopicIdPartition what : partitions) asked.asked.push_back({what, {}});
  asked.answers.resize(asked.asked.size());
  const RequestId request{next_unanswered_++};
  giving_back_.emplace(request, std::move(asked));
  thread.tasks.emplace_back(task::GiveBack{.request = request});
}

void SharePartitionManager::disconnected(BrokerThread& thread, ConnectionId connection,
                                         const BrokerSurroundings& around) {
  SessionOutbox ended;
  sessions_.disconnected(connection, ended);
  // The last one is put down first: a thread begins with what is on top.
  std::ranges::reverse(ended);
  for (const SessionEffect& effect : ended) {
    if (const auto* left = std::get_if<session_effect::MemberLeft>(&effect)) {
      std::vector<TopicIdPartition> held;
      for (const SessionPartition& partition : left->session.partitions()) held.push_back(partition.what);
      release_for_nobody(thread, left->session.key, std::move(held));
    } else {
      std::vector<SharePartitionKey> keys = cache_.keys_of(std::get<session_effect::GroupEmpty>(effect).group);
      around.order_removals(keys);
      thread.tasks.emplace_back(task::RemoveObjects{.keys = std::move(keys)});
    }
  }
}

void SharePartitionManager::feature_disabled(BrokerThread& thread, const BrokerSurroundings& around) {
  sessions_.clear();
  std::vector<SharePartitionKey> keys = cache_.keys();
  around.order_removals(keys);
  thread.tasks.emplace_back(task::RemoveObjects{.keys = std::move(keys)});
}

/// The next partition; the waiting fetches of each are checked once its call is over (SP-89).
void SharePartitionManager::Step::carry_on(task::GiveBack task) {
  const auto found = manager.giving_back_.find(task.request);
  if (found == manager.giving_back_.end()) return;
  GivingBack& request = found->second;
  if (task.next == request.asked.size()) {
    request.issued = true;
    return answer_if_complete(task.request);
  }
  const std::size_t part = task.next++;
  const TopicIdPartition what = request.asked[part].what;
  const SharePartitionKey key{request.group, what.topic, what.partition};
  const auto object = manager.cache_.find(key);
  const RequestId name = task.request;
  call(std::move(task));
  if (!object) {
    request.answers[part] = KafkaError::unknown_topic_or_partition;
    return;
  }
  const RequestId inner{manager.next_asked_++};
  manager.asked_.emplace(inner, Asked{{}, name, part, key, *object, false});
  Outbox outbox;
  const Outcome outcome = give_back(request, part, *object, inner, outbox);
  if (outcome.aborted) {
    // The request ends here; nobody hears of the partitions that were asked before.
    manager.asked_.erase(inner);
    manager.giving_back_.erase(name);
    out.emplace_back(broker_effect::RequestAnswered{name, outcome.error, {}});
  } else {
    manager.check(thread, key);
  }
  interpret(*object, outbox);
}

Outcome SharePartitionManager::Step::give_back(const GivingBack& request, std::size_t part, SharePartitionId object,
                                               RequestId inner, Outbox& outbox) {
  const LogLookups no_lookups;
  const Surroundings surroundings{around.now(), around.profile(), around.configuration(request.group), no_lookups};
  if (request.release) return partition(object).release_acquired(request.member, inner, surroundings, outbox);
  boost::container::small_vector<AcknowledgementBatch, 4> batches;
  for (const auto& batch : request.asked[part].batches) batches.push_back({batch.first, batch.last, batch.types});
  return partition(object).acknowledge(request.member, batches, inner, surroundings, outbox);
}

void SharePartitionManager::Step::given_back(const Asked& asked, KafkaError error) {
  call(task::GaveBack{asked.request, asked.part, error});
  remove_if_fenced(asked.key, asked.object, error);
}

void SharePartitionManager::Step::carry_on(task::GaveBack task) {
  const auto found = manager.giving_back_.find(task.request);
  if (found == manager.giving_back_.end()) return;
  found->second.answers[task.part] = task.error;
  answer_if_complete(task.request);
}

void SharePartitionManager::Step::answer_if_complete(RequestId id) {
  const auto found = manager.giving_back_.find(id);
  if (found == manager.giving_back_.end()) return;
  const GivingBack& request = found->second;
  if (!request.issued || !std::ranges::all_of(request.answers, [](const auto& answer) { return answer.has_value(); }))
    return;
  broker_effect::RequestAnswered answer{id, KafkaError::none, {}};
  for (std::size_t i = 0; i < request.asked.size(); ++i)
    answer.parts.emplace_back(request.asked[i].what, *request.answers[i]);
  if (request.answered) out.emplace_back(std::move(answer));
  manager.giving_back_.erase(found);
}

}  // namespace sharelock
