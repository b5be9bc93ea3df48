// One step of a thread: the tasks of broker_thread.h, each carried on as far as it goes without a call inside it.
//
// A task is taken off the thread before it is carried on. One that goes on later puts itself back and then, on top of
// it, the calls that come first.
#pragma once

#include <utility>

#include "model/broker/share_partition_manager.h"

namespace sharelock {

struct SharePartitionManager::Step {
  SharePartitionManager& manager;
  BrokerThread& thread;
  const BrokerSurroundings& around;
  BrokerOutbox& out;
  std::optional<LogReadRequest> wanted{};

  void carry_on(task::Prepare task);
  void carry_on(task::TryElseWatch task);
  void carry_on(task::Attempt task);
  void carry_on(task::Complete task);
  void carry_on(task::Check task);
  void carry_on(task::CheckKeys task);
  void carry_on(task::Interpret task);
  void carry_on(task::RemoveObjects task);
  void carry_on(task::AddErroneous task);
  void carry_on(task::GiveBack task);
  void carry_on(task::GaveBack task);

  template <class Task>
  void call(Task task) {
    thread.tasks.emplace_back(std::move(task));
  }
  bool has(Switch id) const { return around.profile().has(id); }
  /// Whether an attempt that finds its fetch completed meanwhile gives back the locks that it took (D-20, KD-13).
  bool gives_back_late() const {
    return !has(Switch::attempt_inside_attempt) && !has(Switch::late_attempt_keeps_locks);
  }

  // share_partition_manager.cpp: what tasks have in common
  SharePartition& partition(SharePartitionId object) { return manager.cache_[object].partition; }
  /// Calls `ask(partition, surroundings, outbox)` and puts down what follows from it.
  template <class Ask>
  decltype(auto) with(SharePartitionId object, Ask&& ask);
  void interpret(SharePartitionId object, Outbox& outbox);
  void request_done(const effect::RequestDone& done);
  void initialised(const Asked& asked, KafkaError error);
  Outcome give_back(const GivingBack& request, std::size_t part, SharePartitionId object, RequestId inner,
                    Outbox& outbox);
  void given_back(const Asked& asked, KafkaError error);
  void answer_if_complete(RequestId request);
  void remove(const SharePartitionKey& key);
  /// SP-150.3: some errors mean that the object is of no use any more.
  void remove_if_fenced(const SharePartitionKey& key, SharePartitionId object, KafkaError error);

  // fetch_preparation.cpp
  void prepare(ShareFetch& fetch, TopicIdPartition what);
  std::optional<SharePartitionId> get_or_create(ShareFetch& fetch, const SharePartitionKey& key);
  void answer(ShareFetch& fetch, std::vector<FetchAnswerPart> parts);

  // fetch_attempt.cpp
  std::vector<HeldPartition> acquirable(const ShareFetch& fetch, const std::vector<HeldPartition>& except);
  bool want_log(ShareFetch& fetch, std::span<const HeldPartition> parts, std::int32_t bytes, std::size_t divisor,
                std::vector<TopicIdPartition>& asked);
  std::vector<std::int32_t> split(std::int32_t bytes, std::size_t partitions, std::size_t divisor);
  void give_back_acquired(const ShareFetch& fetch, const FetchAnswerPart& part);
  void unlock(const ShareFetch& fetch, std::span<const HeldPartition> held);
  void begin_attempt(task::Attempt task, ShareFetch& fetch);
  void read_for_decision(task::Attempt task, ShareFetch& fetch);
  void decide(task::Attempt task, ShareFetch& fetch);
  void sum_bytes(task::Attempt task, ShareFetch& fetch);
  bool add_bytes(task::Attempt& task, const HeldPartition& held, const LogPosition& end);
  void conclude_sum(task::Attempt task, ShareFetch& fetch, bool satisfied);
  void clear_held(ShareFetch& fetch);
  void attempt_ends(ShareFetch& fetch, bool completed);
  void force_complete(ShareFetch& fetch);

  // remote_fetch.cpp
  void begin_remote(const task::Attempt& task, ShareFetch& fetch);
  KafkaError schedule_remote(const task::Attempt& task, ShareFetch& fetch);
  void cancel_remote(ShareFetch& fetch);
  void try_remote(ShareFetch& fetch);
  void begin_remote_completion(task::Complete task, ShareFetch& fetch);
  void wait_for_remote(ShareFetch& fetch);
  std::int32_t take_remote(task::Complete& task, ShareFetch& fetch);
  void escape(ShareFetch& fetch);

  // fetch_completion.cpp
  void begin_completion(task::Complete task, ShareFetch& fetch);
  void abandon_read(task::Complete task, ShareFetch& fetch);
  void read_for_answer(task::Complete task, ShareFetch& fetch);
  void begin_processing(task::Complete task, ShareFetch& fetch);
  void process(task::Complete task, ShareFetch& fetch);
  void move_log_start(task::Complete& task, ShareFetch& fetch, const HeldPartition& held);
  void acquire(task::Complete& task, const ShareFetch& fetch, const HeldPartition& held, const LogData& data);
  static void begin_failure(task::Complete& task, KafkaError error);
  void fail(task::Complete task, ShareFetch& fetch);
  void end_completion(task::Complete task, ShareFetch& fetch);
  void wake_after(const task::Complete& task, const ShareFetch& fetch);
  void wake_later(const ShareFetch& fetch, std::span<const TopicIdPartition> woken);
};

template <class Ask>
decltype(auto) SharePartitionManager::Step::with(SharePartitionId object, Ask&& ask) {
  const SharePartitionKey& key = manager.cache_[object].key;
  static const LogLookups no_lookups;
  const Surroundings surroundings{around.now(), around.profile(), around.configuration(key.group), no_lookups};
  Outbox outbox;
  if constexpr (std::is_void_v<decltype(ask(partition(object), surroundings, outbox))>) {
    ask(partition(object), surroundings, outbox);
    interpret(object, outbox);
  } else {
    auto result = ask(partition(object), surroundings, outbox);
    interpret(object, outbox);
    return result;
  }
}

}  // namespace sharelock
