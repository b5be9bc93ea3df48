#include "interop/broker/broker_world.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "interop/harness/state_dump.h"
#include "interop/protocol/json_fields.h"
#include "interop/protocol/json_text.h"

namespace sharelock::interop {

// ----- Surroundings

HostedPartition BrokerWorld::hosted(TopicIdPartition what) const {
  const HostedLog* hosted = const_cast<BrokerWorld*>(this)->log(what);
  if (hosted == nullptr) return {.unavailable = KafkaError::unknown_topic_or_partition};
  HostedPartition answer{.is_leader = hosted->role == PartitionRole::leader,
                         .leader_epoch = hosted->epoch,
                         .remote_refused = hosted->remote_error};
  if (hosted->role == PartitionRole::deleted) answer.unavailable = KafkaError::unknown_topic_or_partition;
  if (hosted->role == PartitionRole::moved) answer.unavailable = KafkaError::not_leader_or_follower;
  if (hosted->role == PartitionRole::offline) answer.unavailable = KafkaError::kafka_storage_error;
  return answer;
}

LogLookups BrokerWorld::lookups(TopicIdPartition what, std::int32_t leader_epoch) const {
  const HostedPartition partition = hosted(what);
  const HostedLog* found = const_cast<BrokerWorld*>(this)->log(what);
  const auto all = [](KafkaError error) { return LogLookups{error, error, error}; };
  if (partition.unavailable != KafkaError::none) return all(partition.unavailable);
  if (found->lookup_error != KafkaError::none) return all(found->lookup_error);
  if (!partition.is_leader) return all(KafkaError::not_leader_or_follower);
  if (leader_epoch < found->epoch) return all(KafkaError::fenced_leader_epoch);
  if (leader_epoch > found->epoch) return all(KafkaError::unknown_leader_epoch);
  LogLookups lookups{found->log.start, found->log.high_watermark, NoSuchOffset{}};
  if (found->by_timestamp) lookups.by_timestamp = *found->by_timestamp;
  return lookups;
}

LogEnd BrokerWorld::log_end(TopicIdPartition what, Isolation isolation) const {
  const HostedPartition partition = hosted(what);
  if (partition.unavailable != KafkaError::none) return {partition.unavailable, {}};
  const HostedLog& found = *const_cast<BrokerWorld*>(this)->log(what);
  if (!partition.is_leader) return {KafkaError::not_leader_or_follower, {}};
  if (found.end_error != KafkaError::none) return {found.end_error, {}};
  const bool committed = isolation == Isolation::read_committed;
  return {KafkaError::none, found.log.position(committed ? found.log.last_stable : found.log.high_watermark)};
}

/// The oracle sorts them by the names of group and topic, then by number.
void BrokerWorld::order_removals(std::vector<SharePartitionKey>& keys) const {
  std::ranges::sort(keys, {}, [&](const SharePartitionKey& key) {
    const NamedPartition& named = partitions_[key.topic.value() - 1];
    return std::tuple{groups.name_of(key.group.value()), std::string_view{named.topic}, named.number};
  });
}

// ----- Names

TopicIdPartition BrokerWorld::partition(std::string_view name) {
  for (std::size_t i = 0; i < partitions_.size(); ++i)
    if (partitions_[i].name == name) return {TopicId{static_cast<std::uint32_t>(i + 1)}, partitions_[i].number};
  const std::size_t dash = name.rfind('-');
  std::int32_t number = -1;
  if (dash != std::string_view::npos && dash > 0)
    std::from_chars(name.data() + dash + 1, name.data() + name.size(), number);
  if (number < 0) throw BadInput{"a partition is topic-number: " + std::string{name}};
  partitions_.push_back({std::string{name}, std::string{name.substr(0, dash)}, number});
  return {TopicId{static_cast<std::uint32_t>(partitions_.size())}, number};
}

std::string BrokerWorld::name_of(const SharePartitionKey& key) const {
  const std::string& partition = partitions_[key.topic.value() - 1].name;
  return key.group == no_group ? partition : std::string{groups.name_of(key.group.value())} + ":" + partition;
}

HostedLog* BrokerWorld::log(std::string_view name) {
  const auto found = std::ranges::find(partitions_, name, &NamedPartition::name);
  return found != partitions_.end() && found->hosted ? &*found->hosted : nullptr;
}

HostedLog* BrokerWorld::log(TopicIdPartition what) {
  std::optional<HostedLog>& hosted = partitions_[what.topic.value() - 1].hosted;
  return hosted ? &*hosted : nullptr;
}

// ----- Threads

void BrokerWorld::act(const std::function<void(BrokerThread&, BrokerOutbox&)>& call) {
  BrokerThread thread;
  thread.waits_for_nobody = concurrent;
  BrokerOutbox out;
  call(thread, out);
  tell(out);
  drive(thread);
}

void BrokerWorld::drive(BrokerThread& thread) {
  for (BrokerOutbox out;; out.clear()) {
    const auto wanted = manager_.run(thread, *this, out);
    tell(out);
    if (!wanted) return;
    answer_read(thread, *wanted);
  }
}

std::int32_t BrokerWorld::check(const WatchKey& key) {
  BrokerThread thread;
  thread.waits_for_nobody = concurrent;
  manager_.check(thread, key);
  drive(thread);
  return thread.completed_by_check;
}

void BrokerWorld::answer_read(BrokerThread& thread, const LogReadRequest& wanted) {
  if (during) {
    const auto other = std::move(during);
    during = nullptr;
    concurrent = true;
    other();
    concurrent = false;
  }
  LogReadAnswer answer;
  std::int32_t left = wanted.bytes_max;
  bool at_least_one = true;
  for (const LogReadPart& part : wanted.parts) {
    LogReadResult result = read_one(part, std::min(part.bytes_max, left), at_least_one, wanted.isolation);
    const std::int32_t bytes = result.data.bytes;
    const std::int32_t counted = bytes == 0 && result.remote ? result.remote->bytes_max : bytes;
    if (counted > 0) at_least_one = false;
    left = std::max(0, left - counted);
    if (const HostedLog* hosted = log(part.what); hosted != nullptr && hosted->read_throws != KafkaError::none)
      answer.thrown = hosted->read_throws;
    answer.results.push_back(std::move(result));
  }
  tell_read(wanted, answer);
  if (modes.log_reads == Completing::automatic || !profile_.has(Switch::async_log_reads))
    return SharePartitionManager::log_was_read(thread, std::move(answer));
  const LogReadId id{next_log_read_++};
  log_reads.push_back({id, wanted.fetch, std::move(answer)});
  tell_log_read(id, wanted.fetch);
  SharePartitionManager::log_read_goes_on(thread, id);
}

LogReadResult BrokerWorld::read_one(const LogReadPart& part, std::int32_t bytes_max, bool at_least_one,
                                    Isolation isolation) {
  LogReadResult result;
  const HostedPartition partition = hosted(part.what);
  const HostedLog* found = log(part.what);
  if (partition.unavailable != KafkaError::none)
    result.error = partition.unavailable;
  else if (found->read_error != KafkaError::none)
    result.error = found->read_error;
  else if (!partition.is_leader)
    result.error = KafkaError::not_leader_or_follower;
  else if (part.offset < found->log.start || part.offset > found->log.end())
    result.error = KafkaError::offset_out_of_range;
  if (result.error != KafkaError::none) return result;
  if (part.offset >= found->log.local_start) return found->log.read(part.offset, bytes_max, at_least_one, isolation);
  result.position.message_offset = part.offset;
  if (bytes_max != 0) result.remote = RemoteReadInfo{part.offset, bytes_max, at_least_one, isolation};
  return result;
}

// ----- Steps of the script

void BrokerWorld::run_actions() {
  for (std::size_t count = manager_.actions(); count > 0; --count)
    act([&](BrokerThread& thread, BrokerOutbox& out) { manager_.run_actions(thread, out); });
}

const BrokerWorld::HandOver* BrokerWorld::automatic() const {
  const auto found = std::ranges::find_if(hand_overs, [&](const HandOver& each) {
    const Completing mode = each.kind == HandOver::Kind::read    ? modes.reads
                            : each.kind == HandOver::Kind::write ? modes.writes
                                                                 : modes.dead_letters;
    return mode == Completing::automatic;
  });
  return found == hand_overs.end() ? nullptr : &*found;
}

void BrokerWorld::settle() {
  for (;;) {
    if (modes.actions == Completing::automatic && manager_.actions() > 0) {
      run_actions();
      continue;
    }
    const HandOver* next = automatic();
    if (next == nullptr) return;
    const HandOver taken = *take(next->kind, next->id);
    const auto found = stored.find(taken.share);
    const bool reads = taken.kind == HandOver::Kind::read && found != stored.end();
    complete(taken, reads ? found->second : HandOverOutcome{});
  }
}

std::optional<BrokerWorld::HandOver> BrokerWorld::take(HandOver::Kind kind, std::int64_t id) {
  const auto found = std::ranges::find_if(
      hand_overs, [&](const HandOver& each) { return each.kind == kind && (id < 0 || each.id == id); });
  if (found == hand_overs.end()) return std::nullopt;
  std::optional<HandOver> taken{std::move(*found)};
  hand_overs.erase(found);
  return taken;
}

void BrokerWorld::complete(const HandOver& hand_over, const HandOverOutcome& outcome) {
  tell_id("complete", hand_over.id);
  act([&](BrokerThread& thread, BrokerOutbox& out) {
    switch (hand_over.kind) {
      case HandOver::Kind::read:
        return manager_.read_answered(
            thread, hand_over.object, hand_over.hand_over,
            {outcome.form, outcome.error, outcome.state_epoch, outcome.start_offset, outcome.batches}, *this, out);
      case HandOver::Kind::write:
        return manager_.write_answered(thread, hand_over.object, hand_over.hand_over, {outcome.form, outcome.error},
                                       *this, out);
      case HandOver::Kind::dead_letter:
        return manager_.dead_letter_answered(thread, hand_over.object, hand_over.hand_over, *this, out);
    }
  });
}

std::int64_t BrokerWorld::advance(TimeMs to) {
  std::int64_t fired = 0;
  for (;; ++fired) {
    const auto& alive = lock_timer_.alive();
    const bool has_lock = !alive.empty() && alive.front().expires_at <= to;
    const bool has_wait = !fetch_timers_.empty() && fetch_timers_.begin()->due <= to;
    if (!has_lock && !has_wait) break;
    // Locks come before fetches of the same deadline.
    if (has_lock && (!has_wait || alive.front().expires_at <= fetch_timers_.begin()->due)) {
      const AcquisitionLock lock = *lock_timer_.take_due(to);
      now_ = std::max(now_, lock.expires_at);
      fire(lock);
    } else {
      const FetchTimer timer = *fetch_timers_.begin();
      fetch_timers_.erase(fetch_timers_.begin());
      now_ = std::max(now_, timer.due);
      fire(timer);
    }
  }
  now_ = to;
  return fired;
}

void BrokerWorld::fire(const AcquisitionLock& lock) {
  tell_timer("fire", lock);
  const auto [object, id] = locks_[lock.id.value()];
  AcquisitionLock own = lock;
  own.id = id;
  manager_.lock_fired(object, own);
  Outcome outcome;
  act([&](BrokerThread& thread, BrokerOutbox& out) {
    outcome = manager_.lock_expiry_handled(thread, object, own, *this, out);
  });
  if (outcome.aborted && tells) {
    event("timerAbort") += ",\"error\":{\"name\":\"";
    events += sharelock::name_of(outcome.error);
    append_field(events, "\",\"code\":", static_cast<std::int16_t>(outcome.error));
    events += ",\"abort\":true}}";
  }
  settle();
}

void BrokerWorld::fire(const FetchTimer& timer) {
  const ShareFetch* fetch = manager_.find(timer.fetch);
  if (concurrent && !timer.remote_limit && fetch != nullptr && !fetch->completed && fetch->tried > 0) {
    tell_timer("blocked", timer);
    deferred_.push_back([this, timer] { fire(timer); });
    return;
  }
  tell_timer("fire", timer);
  act([&](BrokerThread& thread, BrokerOutbox&) {
    timer.remote_limit ? manager_.remote_limit_reached(thread, timer.fetch)
                       : manager_.fetch_timed_out(thread, timer.fetch);
  });
  settle();
}

void BrokerWorld::resume() {
  while (!deferred_.empty()) {
    const auto next = std::move(deferred_.front());
    deferred_.pop_front();
    next();
    settle();
  }
}

std::pair<std::int64_t, bool> BrokerWorld::fetch(const ShareFetchParameters& parameters,
                                                 const std::vector<TopicIdPartition>& partitions) {
  const std::int64_t number = next_request_++;
  const FetchId id{static_cast<std::uint64_t>(number) + 1};
  fetch_requests_.emplace(id, FetchRequest{parameters.group, parameters.member, partitions});
  const auto outer = std::exchange(fetching_, id);
  auto outer_answer = std::exchange(fetched_, std::nullopt);
  act([&](BrokerThread& thread, BrokerOutbox&) { manager_.fetch(thread, id, parameters, partitions); });
  const auto answer = std::exchange(fetched_, std::move(outer_answer));
  fetching_ = outer;
  if (answer) tell(*answer);
  return {number, answer.has_value()};
}

std::optional<std::pair<std::int64_t, bool>> BrokerWorld::give_back(
    const std::function<void(BrokerThread&, RequestId)>& call) {
  const RequestId id{next_give_back_++};
  give_backs_[id];
  act([&](BrokerThread& thread, BrokerOutbox&) { call(thread, id); });
  GiveBackRequest& request = give_backs_[id];
  request.called = true;
  const auto answer = request.answer;
  if (answer && answer->error != KafkaError::none) {
    give_backs_.erase(id);
    return std::nullopt;
  }
  request.number = next_request_++;
  const std::int64_t number = *request.number;
  if (answer) {
    append_acked(number, *answer);
    give_backs_.erase(id);
  }
  return std::pair{number, answer.has_value()};
}

bool BrokerWorld::is_cancelled(SharePartitionId object, LockId lock) const {
  const auto& locks = objects_[object.value() - 1].locks;
  return lock.value() < locks.size() && lock_timer_.is_cancelled(LockId{locks[lock.value()]});
}

}  // namespace sharelock::interop
