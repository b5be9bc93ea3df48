#include "interop/confirm/plan_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "interop/harness/state_dump.h"

namespace sharelock::interop {
namespace {

template <class Value>
void note_change(std::optional<Value>& change, const Value& before, const Value& now) {
  if (!(before == now)) change = now;
}

}  // namespace

// ----- One object

ObjectRecorder::ObjectRecorder(PlanRecorder& plan, GroupId group, std::uint32_t number, std::int32_t leader_epoch,
                               const Surroundings& around)
    : plan_{plan}, group_{group}, number_{number}, scripted_{plan.line_, around.profile}, lookups_{around.log} {
  op::Reset reset;
  reset.leader_epoch = leader_epoch;
  reset.now = around.now;
  const GroupConfiguration& now = around.group;
  reset.configuration = changes(around, true);
  reset.configuration.max_locks = now.max_record_locks;
  reset.configuration.limit = now.delivery_count_limit;
  reset.configuration.lock_ms = now.lock_duration_ms;
  reset.configuration.earliest = around.log.earliest;
  reset.configuration.latest = around.log.latest;
  ask(reset);
}

void ObjectRecorder::hear(const PartitionCall& call, const SharePartition& before, const Surroundings* around) {
  check(before);
  if (ended_) return;
  const auto* handled = std::get_if<asked::LockExpiryHandled>(&call);
  if (firing_ != LockId{} && (handled == nullptr || handled->lock.id != firing_)) fired_apart_ = true;
  firing_ = LockId{};
  if (around != nullptr) catch_up(*around, std::holds_alternative<asked::ReadAnswered>(call));
  std::visit([this](const auto& known) { write(known); }, call);
}

/// The clock, the limits and, where something is read from it, the log of the object are those of the world.
void ObjectRecorder::catch_up(const Surroundings& around, bool reads) {
  if (around.now != scripted_.now()) ask(op::Advance{.amount = around.now, .absolute = true, .fire = false});
  const op::Configure change = changes(around, reads);
  if (change.max_locks || change.limit || change.lock_ms || change.renew || change.dlq || change.auto_offset_reset ||
      change.earliest || change.latest)
    ask(change);
  if (reads) lookups_ = around.log;
}

/// What is not as the object was last told.
op::Configure ObjectRecorder::changes(const Surroundings& around, bool reads) const {
  const GroupConfiguration& before = scripted_.configuration();
  const GroupConfiguration& now = around.group;
  op::Configure change;
  if (has_dynamic_limits(plan_.line_)) {
    note_change(change.max_locks, before.max_record_locks, now.max_record_locks);
    note_change(change.limit, before.delivery_count_limit, now.delivery_count_limit);
    note_change(change.renew, before.renew_enabled, now.renew_enabled);
  }
  note_change(change.lock_ms, before.lock_duration_ms, now.lock_duration_ms);
  note_change(change.auto_offset_reset, before.auto_offset_reset, now.auto_offset_reset);
  if (has_dead_letter_queue(plan_.line_))
    note_change(change.dlq, before.dead_letter_queue_enabled, now.dead_letter_queue_enabled);
  if (reads) {
    note_change(change.earliest, lookups_.earliest, around.log.earliest);
    note_change(change.latest, lookups_.latest, around.log.latest);
  }
  return change;
}

void ObjectRecorder::check(const SharePartition& now) {
  if (ended_) return;
  std::string written;
  std::string heard;
  append_state_line(written, scripted_.partition(), plan_.names_);
  append_state_line(heard, now, plan_.names_);
  if (written == heard) return;
  if (!fired_apart_)
    throw std::logic_error{fmt::format("the operations of a plan lead to {}, the plan to {}", written, heard)};
  end("a change is rolled back between the firing of a lock and its handling, which are one operation there");
}

void ObjectRecorder::write(const asked::ReadAnswered& call) {
  const auto id = pending(Pending::Kind::read, call.read);
  if (!id) return;
  loaded_ = true;
  const ReadAnswer& answer = call.answer;
  ask(op::CompleteRead{*id,
                       {answer.form,
                        answer.error,
                        answer.state_epoch,
                        answer.start_offset,
                        {answer.batches.begin(), answer.batches.end()}}});
}

void ObjectRecorder::write(const asked::Acquire& call) {
  const AcquireRequest& request = call.request;
  ask(op::Acquire{.member = call.by,
                  .mode = request.mode,
                  .batch_size = request.batch_size,
                  .max_records = request.max_records,
                  .fetch_offset = request.fetch_offset,
                  .log = {request.batches.begin(), request.batches.end()},
                  .aborted = {request.aborted.begin(), request.aborted.end()},
                  .isolation = request.isolation});
}

void ObjectRecorder::write(const asked::Acknowledge& call) {
  op::Acknowledge acknowledge{.member = call.by, .batches = {}, .types = {}};
  for (const AcknowledgementBatch& batch : call.batches) {
    acknowledge.batches.push_back({batch.first, batch.last, static_cast<std::uint32_t>(acknowledge.types.size()),
                                   static_cast<std::uint32_t>(batch.types.size())});
    acknowledge.types.insert(acknowledge.types.end(), batch.types.begin(), batch.types.end());
  }
  ask(std::move(acknowledge));
}

/// The oracle fires a lock and handles it at once. The mark that firing leaves is looked at only where a change is
/// rolled back, so other calls may have come between the two; if it made a difference, the states show it.
void ObjectRecorder::write(const asked::LockExpiryHandled& call) {
  const auto& alive = scripted_.timer().alive();
  const auto lock = std::ranges::find(alive, call.lock.id, &AcquisitionLock::id);
  if (lock == alive.end()) return end("a lock that was cancelled is handled all the same");
  ask(op::Fire{.index = static_cast<std::int32_t>(lock - alive.begin())});
}

void ObjectRecorder::write(const asked::WriteAnswered& call) {
  const auto id = pending(Pending::Kind::write, call.write);
  if (!id) return;
  const bool failed = call.answer.form != AnswerForm::well_formed || call.answer.error != KafkaError::none;
  if (!failed && plan_.has_successor(*this))
    plan_.meet(
        fmt::format("the store takes a write of object {} of the group although a later one has read, and there "
                    "is no store between them",
                    number_));
  ask(op::CompleteWrite{*id, {.form = call.answer.form, .error = call.answer.error, .batches = {}}});
}

/// Phase 2 is the same whether the dead-letter queue succeeded or not.
void ObjectRecorder::write(const asked::DeadLetterAnswered& call) {
  if (const auto id = pending(Pending::Kind::dead_letter, call.dead_letter)) ask(op::CompleteDeadLetter{*id, {}});
}

void ObjectRecorder::end(std::string why) {
  ended_ = true;
  plan_.meet(std::move(why));
}

FetchNumber ObjectRecorder::fetch_named(FetchId fetch) {
  const auto [found, is_new] = fetches_.try_emplace(fetch);
  if (is_new) found->second = plan_.names_.number_of(fmt::format("fetch{}", fetches_.size()));
  return found->second;
}

std::optional<PendingId> ObjectRecorder::pending(Pending::Kind kind, HandOverId id) const {
  for (const Pending& pending : scripted_.pending())
    if (pending.kind == kind && pending.hand_over == id) return pending.id;
  return std::nullopt;
}

void ObjectRecorder::ask(Request::Operation operation) {
  operations_.push_back({{}, {}, std::move(operation)});
  const Answer& answer = scripted_.execute(operations_.back());
  if (answer.refusal)
    throw std::logic_error{fmt::format("an operation of a plan is none of the protocol: {} (now {}, object {})",
                                       *answer.refusal, scripted_.now(), number_)};
}

// ----- All objects of a plan

PlanRecorder::PlanRecorder(KafkaLine line, const WorldSettings& settings, NameTable& names)
    : line_{line}, settings_{settings}, names_{names} {
  // Members keep their numbers, so that both sides speak of the same ones.
  for (const MemberSettings& member : settings_.members) names_.number_of(member.name);
}

PartitionListener* PlanRecorder::created(GroupId group, std::uint32_t number, std::int32_t leader_epoch,
                                         const Surroundings& around) {
  return &objects_.emplace_back(*this, group, number, leader_epoch, around);
}

void PlanRecorder::took(TimeMs at, const Step& step, const PartitionWorld& world) {
  for (ObjectRecorder& object : objects_)
    if (const ShareInstance* instance = world.group(object.group()).find(InstanceNumber{object.number()}))
      object.check(instance->partition);
  if (obstacle_ && obstacle_->step.empty()) obstacle_->step = fmt::format("at {} {}", at, to_text(step));
}

void PlanRecorder::meet(std::string why) {
  if (!obstacle_) obstacle_ = Obstacle{std::move(why), {}};
}

/// Whether a later object of the group has read what the store holds.
bool PlanRecorder::has_successor(const ObjectRecorder& object) const {
  return std::ranges::any_of(objects_, [&](const ObjectRecorder& other) {
    return other.group_ == object.group_ && other.number_ > object.number_ && other.loaded_;
  });
}

}  // namespace sharelock::interop
