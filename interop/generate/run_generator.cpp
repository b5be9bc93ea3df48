#include "interop/generate/run_generator.h"

#include <algorithm>

#include "interop/generate/acknowledge_draw.h"
#include "interop/generate/persisted_draw.h"

namespace sharelock::interop {
namespace {

constexpr std::array<Offset, 6> origins{0, 0, 0, 7, 1000, 3'000'000'000};
constexpr TimeMs a_real_time = 1'700'000'000'000;

bool is_pending(const ScriptedPartition& scripted, Pending::Kind kind) {
  return std::ranges::any_of(scripted.pending(), [&](const Pending& pending) { return pending.kind == kind; });
}

/// Something that an acknowledgement can be meant for.
bool has_acquired(const SharePartition& partition) {
  const auto& window = partition.window();
  for (auto at = window.first(); at != InFlightWindow::none; at = window.next(at))
    if (window[at].by_offset || window[at].whole.state() == RecordState::acquired) return true;
  return false;
}

/// Those with a mapping of their own, and a few of the others (SP-124).
constexpr std::array store_errors{"UNKNOWN_SERVER_ERROR",
                                  "FENCED_STATE_EPOCH",
                                  "FENCED_LEADER_EPOCH",
                                  "NOT_COORDINATOR",
                                  "COORDINATOR_NOT_AVAILABLE",
                                  "GROUP_ID_NOT_FOUND",
                                  "COORDINATOR_LOAD_IN_PROGRESS",
                                  "UNKNOWN_TOPIC_OR_PARTITION",
                                  "INVALID_REQUEST",
                                  "CLUSTER_AUTHORIZATION_FAILED",
                                  "UNSUPPORTED_VERSION",
                                  "NETWORK_EXCEPTION",
                                  "REQUEST_TIMED_OUT",
                                  "GROUP_AUTHORIZATION_FAILED",
                                  "NOT_LEADER_OR_FOLLOWER"};

}  // namespace

RunGenerator::RunGenerator(KafkaLine line, const Theme& theme, const Chance& chance, NameTable& names)
    : line_{line},
      theme_{theme},
      chance_{chance.fork("operations")},
      weights_{theme.weights},
      members_in_use_{1 + chance_.below(4)},
      length_{20 + chance_.below(120)},
      origin_{chance_.pick(origins)},
      log_{theme_, origin_, chance.fork("log")} {
  constexpr std::array<std::string_view, 4> member_names{"m1", "m2", "m3", "m4"};
  constexpr std::array<std::string_view, 3> fetch_names{"f1", "f2", "f3"};
  for (std::size_t i = 0; i < members_.size(); ++i) members_[i] = MemberId{names.number_of(member_names[i])};
  for (std::size_t i = 0; i < fetches_.size(); ++i) fetches_[i] = names.number_of(fetch_names[i]);
  // Most runs lack some kinds of operation, and some have one of them all the time.
  constexpr std::array<std::uint32_t, 6> factors{0, 1, 1, 1, 2, 4};
  for (std::uint32_t& weight : weights_) weight *= chance_.pick(factors);
  weights_[static_cast<std::size_t>(Choice::acquire)] += 10;
  weights_[static_cast<std::size_t>(Choice::acknowledge)] += 5;
}

Request RunGenerator::next(ScriptedPartition& scripted) {
  if (!started_) {
    started_ = true;
    return {.id = {}, .show = {}, .operation = first_reset()};
  }
  if (!forced_.empty()) {
    Request request = std::move(forced_.front());
    forced_.pop_front();
    return request;
  }
  for (;;) {
    const Choice choice = choose(scripted);
    if (choice != Choice::compact) return {.id = {}, .show = {}, .operation = draw(choice, scripted)};
    log_.compact(scripted.partition().start_offset(), scripted.partition().end_offset() + 10);
  }
}

Choice RunGenerator::choose(ScriptedPartition& scripted) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto choice = static_cast<Choice>(chance_.weighted(weights_));
    // What is not possible is asked for now and then, to see it refused.
    if (is_possible(choice, scripted) || odds(3)) return choice;
  }
  return Choice::acquire;
}

bool RunGenerator::is_possible(Choice choice, ScriptedPartition& scripted) const {
  switch (choice) {
    case Choice::complete_write:
      return is_pending(scripted, Pending::Kind::write);
    case Choice::complete_dead_letter:
      return is_pending(scripted, Pending::Kind::dead_letter);
    case Choice::complete_read:
      return is_pending(scripted, Pending::Kind::read);
    case Choice::acknowledge:
      return has_acquired(scripted.partition());
    case Choice::fire: {
      const auto& alive = scripted.timer().alive();
      return !alive.empty() && alive.front().expires_at <= scripted.now();
    }
    default:
      return true;
  }
}

Request::Operation RunGenerator::draw(Choice choice, ScriptedPartition& scripted) {
  const SharePartition& partition = scripted.partition();
  switch (choice) {
    case Choice::acquire:
      return acquire(scripted);
    case Choice::acknowledge:
      return draw_acknowledge(partition, theme_, member(), chance_);
    case Choice::release:
      return release(scripted);
    case Choice::advance:
      return advance(scripted);
    case Choice::fire:
      return fire(scripted);
    case Choice::move_log_start:
      return move_log_start(scripted);
    case Choice::complete_write:
      return complete<op::CompleteWrite>(Pending::Kind::write, scripted);
    case Choice::complete_dead_letter:
      return complete<op::CompleteDeadLetter>(Pending::Kind::dead_letter, scripted);
    case Choice::drain:
      return op::Drain{};
    case Choice::next_fetch_offset:
      return op::NextFetchOffset{};
    case Choice::can_acquire:
      return op::CanAcquire{};
    case Choice::lock:
      return op::Lock{fetch()};
    case Choice::unlock:
      return op::Unlock{fetch()};
    case Choice::set_fetch_metadata:
      return set_fetch_metadata(scripted);
    case Choice::get_fetch_metadata:
      return op::GetFetchMetadata{partition.peek_next_fetch_offset() + (odds(20) ? chance_.between(-3, 3) : 0)};
    case Choice::configure:
      return configure();
    case Choice::reload:
      return reload(scripted);
    case Choice::initialize:
      if (odds(40)) return op::Initialize{};
      return op::Initialize{odds(theme_.failures) ? outcome() : drawn_read()};
    case Choice::complete_read:
      return op::CompleteRead{-1, odds(theme_.failures) ? outcome() : drawn_read()};
    case Choice::fence:
      return op::Fence{};
    default:
      return op::ShowState{};
  }
}

// ----- The beginning, reloads, configuration

op::Configure RunGenerator::initial_configuration() {
  op::Configure configuration;
  constexpr std::array<std::int32_t, 3> durations{30'000, 15'000, 1000};
  configuration.limit = within(theme_.limit);
  configuration.max_locks = within(theme_.locks);
  configuration.lock_ms = chance_.pick(durations);
  const auto completion = [&] {
    if (odds(theme_.manual)) return Completion::manual;
    return odds(50) ? Completion::automatic : Completion::in_line;
  };
  configuration.writes = completion();
  configuration.dlqs = completion();
  if (has_dead_letter_queue(line_)) configuration.dlq = odds(theme_.dead_letters);
  if (has_dynamic_limits(line_) && odds(10)) configuration.renew = false;
  configuration.dump = DumpMode::hash;
  return configuration;
}

op::Reset RunGenerator::first_reset() {
  in_force_ = initial_configuration();
  op::Reset reset;
  reset.configuration = in_force_;
  reset.leader_epoch = static_cast<std::int32_t>(chance_.below(3));
  reset.now = odds(50) ? 0 : a_real_time;
  if (origin_ == 0 && !odds(theme_.loaded)) {
    reset.state = InitialState::active;
    return reset;
  }
  if (odds(theme_.weights[static_cast<std::size_t>(Choice::fence)] > 0 ? 25 : 1))
    reset.state = static_cast<InitialState>(chance_.below(5));
  if (odds(85)) forced_.push_back({.id = {}, .show = {}, .operation = op::Initialize{drawn_read()}});
  return reset;
}

HandOverOutcome RunGenerator::drawn_read() {
  HandOverOutcome read = persisted_at(origin_, in_force_.limit.value_or(5), theme_, chance_);
  if (odds(5)) read.form = AnswerForm::equal_topic_id;
  if (!odds(12)) return read;
  // Not initialised: where the group begins is looked up in the log.
  read.start_offset = -1;
  if (odds(90)) read.batches.clear();
  op::Configure lookups;
  lookups.auto_offset_reset = static_cast<AutoOffsetReset>(chance_.below(3));
  lookups.earliest = lookup();
  lookups.latest = lookup();
  lookups.timestamp = lookup();
  forced_.push_back({.id = {}, .show = {}, .operation = lookups});
  return read;
}

OffsetLookup RunGenerator::lookup() {
  if (odds(70)) return origin_ + chance_.between(0, 20);
  if (odds(50)) return NoSuchOffset{};
  return *kafka_error_of(chance_.pick(store_errors));
}

/// A new leader, or the same one anew: the state comes from the store.
op::Reset RunGenerator::reload(ScriptedPartition& scripted) {
  op::Reset reset;
  reset.configuration = in_force_;
  reset.configuration.dump = DumpMode::hash;
  reset.leader_epoch = scripted.partition().leader_epoch() + 1;
  reset.now = scripted.now() + static_cast<TimeMs>(chance_.below(2000));
  HandOverOutcome read = persisted_of(scripted.partition(), theme_, chance_);
  if (odds(theme_.failures / 4)) read = outcome();
  forced_.push_back({.id = {}, .show = {}, .operation = op::Initialize{std::move(read)}});
  return reset;
}

op::Configure RunGenerator::configure() {
  op::Configure change;
  const bool dynamic = has_dynamic_limits(line_);
  switch (chance_.below(7)) {
    case 0:
      change.lock_ms = static_cast<std::int32_t>(chance_.between(1, 60) * 500);
      break;
    case 1:
    case 2:
      if (dynamic) change.limit = static_cast<std::int32_t>(chance_.between(1, 8));
      break;
    case 3:
      if (dynamic) change.max_locks = static_cast<std::int32_t>(chance_.between(0, theme_.locks.most));
      break;
    case 4:
      if (dynamic) change.renew = odds(50);
      break;
    case 5:
      if (has_dead_letter_queue(line_)) change.dlq = odds(60);
      break;
    default:
      change.writes = static_cast<Completion>(chance_.below(3));
      change.dlqs = static_cast<Completion>(chance_.below(3));
  }
  const auto carry = [](auto& into, const auto& value) {
    if (value) into = value;
  };
  carry(in_force_.lock_ms, change.lock_ms);
  carry(in_force_.limit, change.limit);
  carry(in_force_.max_locks, change.max_locks);
  carry(in_force_.renew, change.renew);
  carry(in_force_.dlq, change.dlq);
  return change;
}

// ----- Fetch side

op::Acquire RunGenerator::acquire(const ScriptedPartition& scripted) {
  const SharePartition& partition = scripted.partition();
  op::Acquire acquire;
  acquire.member = member();
  acquire.mode = odds(theme_.record_limit) ? AcquireMode::record_limit : AcquireMode::batch_optimized;
  constexpr std::array<std::int32_t, 8> sizes{1, 2, 5, 10, 20, 500, 500, 500};
  acquire.batch_size = theme_.batch_size.least <= 0 ? within(theme_.batch_size) : chance_.pick(sizes);
  acquire.max_records = chance_.pick(sizes);
  if (odds(1)) acquire.max_records = static_cast<std::int32_t>(chance_.between(-1, 0));
  acquire.fetch_offset = partition.peek_next_fetch_offset();
  if (odds(5 + theme_.anywhere / 4)) {
    const Offset low = std::max<Offset>(0, partition.start_offset() - 5);
    acquire.fetch_offset = chance_.between(low, std::max(low, partition.end_offset() + 10));
  }
  constexpr std::array<std::size_t, 6> counts{1, 1, 2, 3, 5, 8};
  acquire.log = log_.fetch(acquire.fetch_offset, chance_.pick(counts));
  if (theme_.transactions > 0 && odds(90)) {
    acquire.isolation = Isolation::read_committed;
    acquire.aborted = log_.aborted_in(acquire.log);
  }
  if (odds(theme_.anywhere / 2)) spoil_log(acquire);
  acquire.slice = odds(30) ? op::Acquire::Slice::yes : op::Acquire::Slice::no;
  return acquire;
}

/// Answers of the log that do not fit what was asked for, and aborted transactions of any shape.
void RunGenerator::spoil_log(op::Acquire& acquire) {
  switch (chance_.below(5)) {
    case 0:
      acquire.log.clear();
      break;
    case 1:
      acquire.log = log_.fetch(acquire.fetch_offset + chance_.between(-6, 12), 1 + chance_.below(4));
      break;
    case 2:
      std::erase_if(acquire.log, [&](const LogBatch&) { return odds(30); });
      break;
    case 3:
      acquire.fetch_offset += chance_.between(-5, 8);
      break;
    default:
      for (std::uint64_t left = chance_.below(4); left > 0; --left)
        acquire.aborted.push_back({acquire.fetch_offset + chance_.between(-8, 8), chance_.between(1, 3)});
      acquire.isolation = odds(80) ? Isolation::read_committed : Isolation::read_uncommitted;
  }
}

op::MoveLogStart RunGenerator::move_log_start(const ScriptedPartition& scripted) {
  const SharePartition& partition = scripted.partition();
  const Offset start = partition.start_offset();
  const Offset end = partition.end_offset();
  switch (chance_.below(8)) {
    case 0:
      return {end + chance_.between(0, 6)};
    case 1:
      return {partition.peek_next_fetch_offset() + chance_.between(-1, 1)};
    case 2:
      return {partition.gap() ? partition.gap()->start + chance_.between(-2, 2) : start};
    case 3:
      return {chance_.between(std::min(start, end), std::max(start, end))};
    case 4: {
      const auto at = partition.window().ceiling(chance_.between(std::min(start, end), std::max(start, end)));
      if (at != InFlightWindow::none) return {partition.window()[at].first + chance_.between(0, 1)};
      return {start + 1};
    }
    case 5:
      return {start + chance_.between(-2, 0)};
    default:
      return {start + chance_.between(1, 5)};
  }
}

op::SetFetchMetadata RunGenerator::set_fetch_metadata(const ScriptedPartition& scripted) {
  const Offset at = scripted.partition().peek_next_fetch_offset() + (odds(20) ? chance_.between(-3, 3) : 0);
  op::SetFetchMetadata set{at, {at, -1, -1}};
  if (odds(70)) set.position = {std::max<Offset>(0, at - chance_.between(0, 3)), 0, within({0, 100'000})};
  return set;
}

// ----- Giving back, time

op::Release RunGenerator::release(const ScriptedPartition& scripted) {
  const auto& window = scripted.partition().window();
  for (auto at = window.first(); at != InFlightWindow::none && odds(60); at = window.next(at))
    if (const MemberId owner = window[at].whole.owner(); !window[at].by_offset && owner != nobody) return {owner};
  return {odds(98) ? member() : nobody};
}

op::Advance RunGenerator::advance(ScriptedPartition& scripted) {
  op::Advance advance;
  advance.fire = !odds(theme_.late_fire);
  const TimeMs lock_ms = scripted.configuration().lock_duration_ms;
  const auto& alive = scripted.timer().alive();
  switch (chance_.below(9)) {
    case 0:
      advance.amount = 0;
      break;
    case 1:
      advance.amount = lock_ms;
      break;
    case 2:
      advance.amount = lock_ms / 2;
      break;
    case 3:
      advance.amount = lock_ms * 3;
      break;
    case 4:
    case 5:
    case 6:
      if (alive.empty()) break;
      advance.absolute = true;
      advance.amount = std::max(scripted.now(), alive[chance_.below(alive.size())].expires_at + chance_.between(-1, 0));
      break;
    default:
      advance.amount = chance_.between(1, 999);
  }
  if (odds(1)) advance.amount -= 1;
  return advance;
}

op::Fire RunGenerator::fire(ScriptedPartition& scripted) {
  const auto& alive = scripted.timer().alive();
  const auto due = std::ranges::count_if(alive, [&](const auto& lock) { return lock.expires_at <= scripted.now(); });
  op::Fire fire;
  if (odds(50))
    fire.index = static_cast<std::int32_t>(chance_.between(0, std::max<std::int64_t>(0, due - 1)));
  else
    fire.count = static_cast<std::int32_t>(chance_.between(1, 3));
  return fire;
}

// ----- Outcomes of hand-overs

template <class Complete>
Complete RunGenerator::complete(Pending::Kind kind, const ScriptedPartition& scripted) {
  Complete complete;
  std::vector<PendingId> ids;
  for (const Pending& pending : scripted.pending())
    if (pending.kind == kind) ids.push_back(pending.id);
  if (!ids.empty() && odds(60)) complete.which = ids[chance_.below(ids.size())];
  if (odds(theme_.failures)) complete.result = outcome();
  return complete;
}

/// An answer other than plain success.
HandOverOutcome RunGenerator::outcome() {
  HandOverOutcome outcome;
  switch (chance_.below(10)) {
    case 0:
      outcome.form = AnswerForm::malformed;
      break;
    case 1:
      outcome.form = AnswerForm::equal_topic_id;
      break;
    case 2:
      outcome.form = AnswerForm::threw;
      [[fallthrough]];
    default:
      outcome.error = *kafka_error_of(chance_.pick(store_errors));
  }
  return outcome;
}

}  // namespace sharelock::interop
