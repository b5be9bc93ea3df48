#include "model/store/persister.h"

#include <algorithm>
#include <cassert>

namespace sharelock {
namespace {

/// Section 5.4: per-key errors, and those of look-ups, after which another attempt may succeed.
bool is_retriable(KafkaError error) {
  switch (error) {
    case KafkaError::coordinator_not_available:
    case KafkaError::coordinator_load_in_progress:
    case KafkaError::not_coordinator:
    case KafkaError::unknown_topic_or_partition:  // Even when the topic is gone for good (CV-7).
      return true;
    default:
      return false;
  }
}

StateResult failure(KafkaError error) {
  return {error, {}};
}

/// Entries of one topic stand together, in the order in which they came (PE-4).
StateRequest request_of(GroupId group, std::vector<RequestedEntry> entries) {
  std::vector<TopicId> topics;
  for (const RequestedEntry& entry : entries)
    if (std::ranges::find(topics, entry.key.topic) == topics.end()) topics.push_back(entry.key.topic);
  std::ranges::stable_sort(entries, {}, [&](const RequestedEntry& entry) {
    return std::ranges::find(topics, entry.key.topic) - topics.begin();
  });
  return {group, std::move(entries)};
}

}  // namespace

void Persister::call(PersisterCallId call, std::vector<RequestedEntry> entries) {
  assert(!entries.empty());
  calls_.push_back({call, entries.size(), std::vector<StateResult>(entries.size())});
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const PersisterHandlerId id{next_handler_++};
    handlers_.push_back({id, call, i, std::move(entries[i]), {}});
    queue_.push_back(id);
  }
}

Persister::Handler& Persister::handler(PersisterHandlerId id) {
  return *std::ranges::lower_bound(handlers_, id, {}, &Handler::id);
}

bool Persister::is_in_flight(const Bucket& bucket) const {
  return std::ranges::find(in_flight_, InFlight{bucket.node, bucket.kind}) != in_flight_.end();
}

bool Persister::can_send() const {
  return !queue_.empty() || std::ranges::any_of(buckets_, [&](const Bucket& bucket) { return !is_in_flight(bucket); });
}

void Persister::send(const BrokerView& brokers, PersisterOutbox& out) {
  if (!queue_.empty()) {
    Handler& next = handler(queue_.front());
    queue_.erase(queue_.begin());
    const auto state_partition = static_cast<std::size_t>(next.entry.state_partition);
    if (!next.coordinator && state_partition < brokers.state_partition_leaders.size())
      next.coordinator = brokers.state_partition_leaders[state_partition];
    if (!next.coordinator) {  // Such an iteration sends nothing else.
      if (!brokers.any_alive) return finish(next.id, failure(KafkaError::coordinator_not_available), out);
      const PersisterRequestId id{next_request_++};
      lookups_.push_back({id, next.id});
      out.push_back(persister_effect::LookupSent{id, next.entry.key});
      return;
    }
    put_in_bucket(next);
  }
  empty_buckets(out);
}

void Persister::put_in_bucket(const Handler& handler) {
  const auto same = std::ranges::find_if(buckets_, [&](const Bucket& bucket) {
    return bucket.node == *handler.coordinator && bucket.kind == handler.kind() &&
           bucket.group == handler.entry.key.group;
  });
  if (same != buckets_.end())
    same->handlers.push_back(handler.id);
  else
    buckets_.push_back({*handler.coordinator, handler.kind(), handler.entry.key.group, {handler.id}});
}

void Persister::empty_buckets(PersisterOutbox& out) {
  // Whether a node is busy is decided for all groups at once: several groups may go out together (PE-4, PE-5).
  std::vector<Bucket> waiting;
  std::vector<InFlight> begun;
  for (Bucket& bucket : buckets_) {
    if (is_in_flight(bucket)) {
      waiting.push_back(std::move(bucket));
      continue;
    }
    std::vector<RequestedEntry> entries;
    for (const PersisterHandlerId id : bucket.handlers) entries.push_back(handler(id).entry);
    const PersisterRequestId id{next_request_++};
    out.push_back(persister_effect::RequestSent{id, bucket.node, request_of(bucket.group, std::move(entries))});
    if (std::ranges::find(begun, InFlight{bucket.node, bucket.kind}) == begun.end())
      begun.push_back({bucket.node, bucket.kind});
    sent_.push_back({id, bucket.node, bucket.kind, std::move(bucket.handlers)});
  }
  buckets_ = std::move(waiting);
  in_flight_.insert(in_flight_.end(), begun.begin(), begun.end());
}

std::vector<PersisterCallId> Persister::calls_of(PersisterRequestId request) const {
  std::vector<PersisterCallId> calls;
  for (const PersisterHandlerId id : std::ranges::find(sent_, request, &Sent::id)->handlers)
    calls.push_back(std::ranges::lower_bound(handlers_, id, {}, &Handler::id)->call);
  return calls;
}

void Persister::answered(PersisterRequestId request, const PersisterAnswer& answer, PersisterOutbox& out) {
  const auto found = std::ranges::find(sent_, request, &Sent::id);
  if (found == sent_.end()) return;
  const Sent sent = std::move(*found);
  sent_.erase(found);
  std::erase(in_flight_, InFlight{sent.node, sent.kind});  // PE-5: by the first that completes.

  std::vector<const AnsweredEntry*> used;
  for (const PersisterHandlerId id : sent.handlers) {
    Handler& one = handler(id);
    if (answer.transport != KafkaError::none) {
      if (answer.transport == KafkaError::network_exception)
        retry_or_finish(one, one.attempts, answer.transport, out);
      else
        finish(id, failure(answer.transport), out);
      continue;
    }
    // PE-9: all handlers of a key read its one result, unless there is one for each.
    const AnsweredEntry* result = nullptr;
    for (const AnsweredEntry& candidate : answer.results) {
      if (candidate.key != one.entry.key) continue;
      result = &candidate;
      if (std::ranges::find(used, result) == used.end()) break;
    }
    used.push_back(result);
    if (result == nullptr)
      finish(id, failure(KafkaError::unknown_server_error), out);  // PE-12
    else if (is_retriable(result->result.error))
      retry_or_finish(one, one.attempts, result->result.error, out);
    else
      finish(id, result->result, out);
  }
}

void Persister::lookup_answered(PersisterRequestId request, const LookupAnswer& answer, PersisterOutbox& out) {
  const auto found = std::ranges::find(lookups_, request, &std::pair<PersisterRequestId, PersisterHandlerId>::first);
  if (found == lookups_.end()) return;
  Handler& one = handler(found->second);
  lookups_.erase(found);
  if (answer.transport != KafkaError::none) {
    if (answer.transport == KafkaError::network_exception)
      retry_or_finish(one, one.lookups, answer.transport, out);
    else
      finish(one.id, failure(answer.transport), out);
  } else if (answer.coordinators != 1) {
    finish(one.id, failure(KafkaError::unknown_server_error), out);  // PE-11
  } else if (answer.error == KafkaError::none) {
    one.lookups = 0;
    one.coordinator = answer.node;
    put_in_bucket(one);
  } else if (is_retriable(answer.error)) {
    retry_or_finish(one, one.lookups, answer.error, out);
  } else {
    finish(one.id, failure(answer.error), out);
  }
}

void Persister::retry_or_finish(Handler& handler, std::int32_t& failed, KafkaError error, PersisterOutbox& out) {
  if (++failed == persister_attempts_max) return finish(handler.id, failure(error), out);
  handler.coordinator.reset();  // It may have moved.
  out.push_back(persister_effect::BackoffBegun{handler.id, failed});
}

void Persister::backoff_ended(PersisterHandlerId id) {
  queue_.push_back(id);
}

void Persister::finish(PersisterHandlerId id, StateResult result, PersisterOutbox& out) {
  const Handler& done = handler(id);
  const auto call = std::ranges::find(calls_, done.call, &Call::id);
  call->results[done.index] = std::move(result);
  if (--call->open == 0) {
    out.push_back(persister_effect::CallDone{call->id, std::move(call->results)});
    calls_.erase(call);
  }
  handlers_.erase(handlers_.begin() + (&done - handlers_.data()));
}

}  // namespace sharelock
