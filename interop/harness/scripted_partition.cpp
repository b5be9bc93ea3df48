#include "interop/harness/scripted_partition.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "model/overloaded.h"
#include "model/partition/response_slice.h"

namespace sharelock::interop {
namespace {

constexpr std::int32_t default_max_locks = 200;

GroupConfiguration default_configuration() {
  GroupConfiguration group;
  group.max_record_locks = default_max_locks;
  return group;
}

/// Java's addition: it wraps around.
TimeMs add_wrapping(TimeMs a, TimeMs b) {
  return static_cast<TimeMs>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

ScriptedPartition::ScriptedPartition(KafkaLine line, const Profile& profile)
    : line_{line}, profile_{profile}, group_{default_configuration()}, partition_{0, around()} {}

// ----- Calls of the share partition and what they ask for

/// Calls the share partition with an outbox of its own and carries out what is in it.
template <class Call>
auto ScriptedPartition::call(Call&& call) {
  Outbox& outbox = borrow_outbox();
  struct GiveBack {
    std::size_t& used;
    ~GiveBack() { --used; }
  } give_back{outboxes_used_};
  if constexpr (std::is_void_v<decltype(call(outbox))>) {
    call(outbox);
    interpret(outbox);
  } else {
    auto answer = call(outbox);
    interpret(outbox);
    return answer;
  }
}

Outbox& ScriptedPartition::borrow_outbox() {
  if (outboxes_used_ == outboxes_.size()) outboxes_.emplace_back();
  Outbox& outbox = outboxes_[outboxes_used_++];
  outbox.clear();
  return outbox;
}

/// An asynchronous request: its completion is reported when the call has returned, after all in-line completions.
template <class Call>
void ScriptedPartition::start_request(Call&& operation) {
  started_ = StartedRequest{next_request_, std::nullopt};
  starting_ = true;
  const RequestId request{static_cast<std::uint64_t>(next_request_)};
  const Outcome outcome = call([&](Outbox& out) { return operation(request, out); });
  starting_ = false;
  if (outcome.aborted) {
    started_.reset();
    answer_.error = outcome;
    return;
  }
  ++next_request_;
  if (started_->done) answer_.events.emplace_back(event::RequestDone{started_->number, *started_->done});
}

const Answer& ScriptedPartition::execute(const Request& request) {
  answer_.clear();
  started_.reset();
  std::visit([this](const auto& operation) { run(operation); }, request.operation);
  if (answer_.refusal) return answer_;
  drain(false);
  if (started_) {
    answer_.result = result::Started{started_->number, started_->done.has_value()};
    if (started_->done && *started_->done != KafkaError::none) answer_.error = Outcome{*started_->done, false};
  }
  return answer_;
}

// ----- Life cycle and configuration

void ScriptedPartition::run(const op::Reset& reset) {
  group_ = default_configuration();
  lookups_ = {};
  dlq_feature_ = false;
  dlq_topic_.reset();
  writes_ = dead_letters_ = Completion::manual;
  dump_ = DumpMode::full;
  configure(reset.configuration);
  now_ = reset.now;
  timer_ = {};
  pending_.clear();
  next_pending_ = 0;
  next_request_ = 0;
  partition_ = SharePartition{reset.leader_epoch, around(), static_cast<PartitionState>(reset.state)};
  answer_.result = result::Version{line_};
}

void ScriptedPartition::run(const op::Configure& change) {
  configure(change);
}

void ScriptedPartition::configure(const op::Configure& change) {
  const auto set = [](auto& value, const auto& given) {
    if (given) value = *given;
  };
  set(group_.max_record_locks, change.max_locks);
  set(group_.delivery_count_limit, change.limit);
  set(group_.lock_duration_ms, change.lock_ms);
  set(group_.renew_enabled, change.renew);
  set(group_.auto_offset_reset, change.auto_offset_reset);
  if (change.dlq) {
    dlq_feature_ = *change.dlq;
    dlq_topic_ = dlq_feature_ ? std::optional<std::string>{"dlq"} : std::nullopt;
  }
  set(dlq_feature_, change.dlq_feature);
  set(dlq_topic_, change.dlq_topic);
  group_.dead_letter_queue_enabled = dlq_feature_ && dlq_topic_ && !dlq_topic_->empty();
  set(lookups_.earliest, change.earliest);
  set(lookups_.latest, change.latest);
  set(lookups_.by_timestamp, change.timestamp);
  set(writes_, change.writes);
  set(dead_letters_, change.dlqs);
  set(dump_, change.dump);
}

void ScriptedPartition::run(const op::Initialize& initialize) {
  const std::size_t before = pending_.size();
  start_request([&](RequestId request, Outbox& out) { return partition_.maybe_initialize(request, around(), out); });
  // The read was issued only if the share partition was empty.
  if (initialize.read && pending_.size() > before) complete(*take(Pending::Kind::read, -1), *initialize.read);
}

void ScriptedPartition::run(const op::CompleteRead& read) {
  const auto pending = take(Pending::Kind::read, read.which);
  if (!pending) return refuse("no such outstanding read");
  complete(*pending, read.read);
}

void ScriptedPartition::run(const op::Fence&) {
  call([&](Outbox& out) { partition_.fence(around(), out); });
}

// ----- Fetch side

void ScriptedPartition::run(const op::Lock& lock) {
  answer_.result = result::Locked{partition_.try_fetch_lock(FetchId{lock.fetch + 1u})};
}

void ScriptedPartition::run(const op::Unlock& unlock) {
  call([&](Outbox& out) { partition_.fetch_unlock(FetchId{unlock.fetch + 1u}, around(), out); });
}

void ScriptedPartition::run(const op::NextFetchOffset&) {
  answer_.result = result::NextOffset{partition_.next_fetch_offset()};
}

void ScriptedPartition::run(const op::CanAcquire&) {
  answer_.result = result::CanAcquire{partition_.can_acquire(around())};
}

void ScriptedPartition::run(const op::Acquire& acquire) {
  const AcquireRequest request{.mode = acquire.mode,
                               .batch_size = acquire.batch_size,
                               .max_records = acquire.max_records,
                               .fetch_offset = acquire.fetch_offset,
                               .batches = acquire.log,
                               .isolation = acquire.isolation,
                               .aborted = acquire.aborted};
  Acquired acquired = call([&](Outbox& out) { return partition_.acquire(acquire.member, request, around(), out); });
  if (acquired.outcome.aborted) {
    answer_.error = acquired.outcome;
    return;
  }
  if (acquire.slice == op::Acquire::Slice::malformed) return refuse("true or false required: slice");
  auto& result = answer_.result.emplace<result::Acquired>(std::move(acquired.ranges), acquired.count);
  if (acquire.slice == op::Acquire::Slice::yes) result.slice = response_slice(acquire.log, result.ranges);
}

void ScriptedPartition::run(const op::MoveLogStart& move) {
  call([&](Outbox& out) { partition_.log_start_moved(move.offset, around(), out); });
}

void ScriptedPartition::run(const op::SetFetchMetadata& set) {
  partition_.set_fetch_metadata(set.at, set.position);
}

void ScriptedPartition::run(const op::GetFetchMetadata& get) {
  answer_.result = result::Metadata{partition_.fetch_metadata(get.at)};
}

// ----- Acknowledge side

void ScriptedPartition::run(const op::Acknowledge& acknowledge) {
  boost::container::small_vector<AcknowledgementBatch, 4> batches;
  for (const auto& batch : acknowledge.batches)
    batches.push_back(
        {batch.first, batch.last, std::span{acknowledge.types}.subspan(batch.first_type, batch.type_count)});
  start_request([&](RequestId request, Outbox& out) {
    return partition_.acknowledge(acknowledge.member, batches, request, around(), out);
  });
}

void ScriptedPartition::run(const op::Release& release) {
  start_request([&](RequestId request, Outbox& out) {
    return partition_.release_acquired(release.member, request, around(), out);
  });
}

// ----- Time

void ScriptedPartition::run(const op::Advance& advance) {
  const TimeMs target = advance.absolute ? advance.amount : add_wrapping(now_, advance.amount);
  if (target < now_) return refuse("time does not run backwards");
  const std::int64_t fired = advance.fire ? advance_to(target) : 0;
  now_ = target;
  answer_.result = result::Advanced{now_, fired};
}

std::int64_t ScriptedPartition::advance_to(TimeMs target) {
  std::int64_t fired = 0;
  for (; const auto lock = timer_.take_due(target); ++fired) {
    now_ = std::max(now_, lock->expires_at);
    fire(*lock);
  }
  return fired;
}

void ScriptedPartition::run(const op::Fire& operation) {
  std::int64_t fired = 0;
  if (operation.index) {
    const auto& alive = timer_.alive();
    if (*operation.index < 0 || static_cast<std::size_t>(*operation.index) >= alive.size())
      return refuse("no such timer");
    const AcquisitionLock lock = alive[static_cast<std::size_t>(*operation.index)];
    if (lock.expires_at > now_) return refuse("the timer is not due");
    timer_.take(lock.id);
    fire(lock);
    fired = 1;
  } else {
    while (fired < operation.count) {
      const auto lock = timer_.take_due(now_);
      if (!lock) break;
      fire(*lock);
      ++fired;
    }
  }
  answer_.result = result::Fired{fired};
}

void ScriptedPartition::fire(const AcquisitionLock& lock) {
  answer_.events.emplace_back(event::LockFired{lock});
  partition_.lock_fired(lock);
  const Outcome outcome = call([&](Outbox& out) { return partition_.lock_expiry_handled(lock, around(), out); });
  if (outcome.aborted) answer_.events.emplace_back(event::TimerAborted{outcome.error});
  drain(false);
}

// ----- Outcomes of hand-overs

void ScriptedPartition::run(const op::CompleteWrite& operation) {
  const auto pending = take(Pending::Kind::write, operation.which);
  if (!pending) return refuse("no such outstanding write");
  answer_.result = result::WriteCompleted{pending->id};
  complete(*pending, operation.result);
}

void ScriptedPartition::run(const op::CompleteDeadLetter& operation) {
  const auto pending = take(Pending::Kind::dead_letter, operation.which);
  if (!pending) return refuse("no such outstanding dlq");
  answer_.result = result::DeadLetterCompleted{pending->id};
  complete(*pending, operation.result);
}

void ScriptedPartition::run(const op::Drain&) {
  answer_.result = result::Drained{drain(true)};
}

void ScriptedPartition::run(const op::Refused& refused) {
  refuse(refused.message);
}

std::optional<Pending> ScriptedPartition::take(Pending::Kind kind, PendingId id) {
  const auto found = std::ranges::find_if(
      pending_, [&](const Pending& pending) { return pending.kind == kind && (id < 0 || pending.id == id); });
  if (found == pending_.end()) return std::nullopt;
  std::optional<Pending> taken{std::move(*found)};
  pending_.erase(found);
  return taken;
}

void ScriptedPartition::complete(const Pending& pending, const HandOverOutcome& outcome) {
  call([&](Outbox& out) {
    switch (pending.kind) {
      case Pending::Kind::read:
        return partition_.read_answered(
            pending.hand_over,
            {outcome.form, outcome.error, outcome.state_epoch, outcome.start_offset, outcome.batches}, around(), out);
      case Pending::Kind::write:
        return partition_.write_answered(pending.hand_over, {outcome.form, outcome.error}, around(), out);
      case Pending::Kind::dead_letter:
        return partition_.dead_letter_answered(pending.hand_over, around(), out);
    }
  });
}

bool ScriptedPartition::is_automatic(Pending::Kind kind) const {
  if (kind == Pending::Kind::write) return writes_ != Completion::manual;
  return kind == Pending::Kind::dead_letter && dead_letters_ != Completion::manual;
}

/// Completes, oldest first, what is in automatic mode; with force, every write and every dead letter.
std::int64_t ScriptedPartition::drain(bool force) {
  std::int64_t completed = 0;
  for (;;) {
    const auto due = std::ranges::find_if(pending_, [&](const Pending& pending) {
      return pending.kind != Pending::Kind::read && (force || is_automatic(pending.kind));
    });
    if (due == pending_.end()) return completed;
    const Pending oldest = std::move(*due);
    pending_.erase(due);
    complete(oldest, {});
    ++completed;
  }
}

// ----- What the share partition did and asks for

void ScriptedPartition::interpret(const Outbox& outbox) {
  for (const Effect& effect : outbox.effects) interpret_entry(outbox, effect);
}

void ScriptedPartition::interpret_entry(const Outbox& outbox, const Effect& effect) {
  std::visit(
      overloaded{[&](const effect::LockStarted& started) { timer_.start(started.lock); },
                 [&](const effect::LockCancelled& cancelled) { timer_.cancel(cancelled.id); },
                 [&](const effect::ReadIssued& read) {
                   issued(Pending::Kind::read, read.id, event::ReadIssued{next_pending_, read.leader_epoch}, {});
                 },
                 [&](const effect::WriteIssued& write) {
                   const auto first = static_cast<std::uint32_t>(answer_.batches.size());
                   const auto batches = outbox.batches_of(write);
                   answer_.batches.insert(answer_.batches.end(), batches.begin(), batches.end());
                   issued(Pending::Kind::write, write.id,
                          event::WriteIssued{next_pending_, write.state_epoch, write.leader_epoch, write.start_offset,
                                             write.delivery_complete_count, first, write.batch_count},
                          batches);
                 },
                 [&](const effect::DeadLetterIssued& letter) {
                   issued(Pending::Kind::dead_letter, letter.id,
                          event::DeadLetterIssued{next_pending_, letter.first, letter.last, letter.delivery_count,
                                                  letter.cause},
                          {});
                 },
                 [&](const effect::FetchesWoken&) { answer_.events.emplace_back(event::FetchesWoken{}); },
                 [&](const effect::OffsetLookedUp& lookup) {
                   answer_.events.emplace_back(event::OffsetLookedUp{lookup.kind});
                 },
                 [&](const effect::RequestDone& done) {
                   const auto number = static_cast<std::int64_t>(done.request.value());
                   const bool is_started = started_ && started_->number == number;
                   if (is_started) started_->done = done.error;
                   if (!is_started || !starting_) answer_.events.emplace_back(event::RequestDone{number, done.error});
                 },
                 // The class has nothing like it: it is no event of the protocol.
                 [](const effect::UnlockRefused&) {}},
      effect);
}

/// Numbers and reports a hand-over; in in-line mode it is answered before anything else happens.
void ScriptedPartition::issued(Pending::Kind kind, HandOverId hand_over, Event event,
                               std::span<const StateBatch> batches) {
  answer_.events.push_back(event);
  Pending pending{next_pending_++, kind, hand_over, event, {batches.begin(), batches.end()}};
  const Completion mode = kind == Pending::Kind::write         ? writes_
                          : kind == Pending::Kind::dead_letter ? dead_letters_
                                                               : Completion::manual;
  if (mode == Completion::in_line)
    complete(pending, {});
  else
    pending_.push_back(std::move(pending));
}

}  // namespace sharelock::interop
