#include "interop/compare/situations.h"

#include <algorithm>

namespace sharelock::interop {
namespace {

using enum Situation;

constexpr std::array infos{
    SituationInfo{acquired_new, "records acquired for the first time", "SP-50"},
    SituationInfo{acquired_again, "records acquired again", "SP-45 SP-55"},
    SituationInfo{acquired_nothing, "a fetch acquired nothing", "SP-40 SP-41"},
    SituationInfo{acquire_aborted, "an acquire aborted half-way", "D-4 D-5 D-7"},
    SituationInfo{acquired_in_full_window, "acquired although the window was full", "SP-41"},
    SituationInfo{acquired_in_pieces, "a fetch cut at the batch size", "SP-51"},
    SituationInfo{acquired_remainder, "record-limit mode left a remainder", "SP-53"},
    SituationInfo{acquired_in_gap, "acquired inside the gap of a reload", "SP-13 SP-45"},
    SituationInfo{acquired_below_start, "acquired below the start offset", "D-12 D-14"},
    SituationInfo{acquired_last_attempt, "the last attempt of a record", "SP-55"},
    SituationInfo{acquired_throttled, "a delivery above the throttle threshold", "SP-56 SP-57"},
    SituationInfo{start_jumped_on_acquire, "the start offset jumped over offsets that the log did not return", "SP-50"},
    SituationInfo{gap_moved_back, "the gap start moved back", "D-10"},
    SituationInfo{gap_dropped, "the gap was dropped", "SP-62"},
    SituationInfo{stale_archived, "stale units archived", "SP-42 SP-98"},
    SituationInfo{aborted_archived, "records of aborted transactions archived", "SP-60"},
    SituationInfo{accepted, "ACCEPT", "SP-72"},
    SituationInfo{released, "RELEASE", "SP-72"},
    SituationInfo{rejected, "REJECT", "SP-72"},
    SituationInfo{skipped, "GAP", "SP-72"},
    SituationInfo{renewed, "RENEW", "SP-72 SP-81"},
    SituationInfo{renewal_refused, "RENEW while renewal is disabled", "SP-81 V-3", KafkaLine::v4_3},
    SituationInfo{acknowledged_per_offset, "one type for each offset", "SP-81"},
    SituationInfo{acknowledged_below_start, "acknowledged below the start offset", "SP-75"},
    SituationInfo{acknowledged_across_start, "acknowledged across the start offset", "SP-76 SP-80"},
    SituationInfo{acknowledge_state_error, "acknowledge: INVALID_RECORD_STATE", "SP-80 SP-81"},
    SituationInfo{acknowledge_request_error, "acknowledge: INVALID_REQUEST", "SP-75 SP-76"},
    SituationInfo{acknowledge_aborted, "an acknowledge aborted", "SP-76"},
    SituationInfo{acknowledged_while_fenced, "acknowledged at a fenced object", "SP-15 SP-153"},
    SituationInfo{session_released, "a session gave back what it held", "SP-90"},
    SituationInfo{session_released_nothing, "a session that held nothing ended", "SP-90"},
    SituationInfo{wrote_available, "AVAILABLE written", "SP-120"},
    SituationInfo{wrote_acknowledged, "ACKNOWLEDGED written", "SP-120"},
    SituationInfo{wrote_archiving, "ARCHIVING written", "SP-131", KafkaLine::v4_4},
    SituationInfo{wrote_archived, "ARCHIVED written", "SP-120 SP-133"},
    SituationInfo{lock_expired, "a lock expired and gave records back", "SP-92"},
    SituationInfo{lock_fired_in_vain, "a lock fired without effect", "SP-93 SP-10"},
    SituationInfo{lock_handler_aborted, "the handler of a lock aborted", "SP-51"},
    SituationInfo{lock_fired_late, "a lock fired late", "SP-94"},
    SituationInfo{expired_during_writes, "a lock fired while writes were outstanding", "SP-93"},
    SituationInfo{two_writes_outstanding, "two or more outstanding writes", "SP-2"},
    SituationInfo{four_writes_outstanding, "four or more outstanding writes", "SP-2"},
    SituationInfo{answered_out_of_order, "a write answered before an older one", "SP-2"},
    SituationInfo{write_confirmed, "a write confirmed", "SP-85"},
    SituationInfo{write_rolled_back, "a write that failed", "SP-86 SP-124"},
    SituationInfo{rolled_back_to_available, "rolled back to AVAILABLE after expiry", "SP-7 D-8"},
    SituationInfo{malformed_write_answer, "a malformed answer to a write", "SP-124"},
    SituationInfo{start_advanced, "the start offset advanced", "SP-100 SP-103"},
    SituationInfo{start_moved_back, "the start offset moved back", "D-3"},
    SituationInfo{window_emptied, "the window became empty", "SP-103"},
    SituationInfo{log_start_without_effect, "a log start at or below the start offset", "SP-96"},
    SituationInfo{log_start_inside, "a log start inside the window", "SP-96"},
    SituationInfo{log_start_beyond, "a log start beyond the window", "SP-96 SP-12"},
    SituationInfo{log_start_on_empty, "a log start over an empty window", "SP-96"},
    SituationInfo{log_start_in_gap, "a log start while a gap is active", "D-2"},
    SituationInfo{count_negative, "a negative delivery complete count", "D-11 D-13"},
    SituationInfo{next_offset_below_start, "a next fetch offset below the start offset", "D-2 D-12"},
    SituationInfo{loaded_batches, "persisted batches loaded", "SP-23"},
    SituationInfo{loaded_gap, "a gap between persisted batches", "SP-13 SP-24"},
    SituationInfo{looked_up_latest, "start offset: latest", "SP-22"},
    SituationInfo{looked_up_earliest, "start offset: earliest", "SP-22"},
    SituationInfo{looked_up_timestamp, "start offset: by duration", "SP-22"},
    SituationInfo{initialisation_failed, "initialisation failed", "SP-21"},
    SituationInfo{initialisation_refused, "initialisation refused at once", "SP-20"},
    SituationInfo{archiving_resumed, "archiving resumed after a reload", "SP-135", KafkaLine::v4_4},
    SituationInfo{dead_letter_rejected, "dead letter: rejected", "SP-133 SP-134", KafkaLine::v4_4},
    SituationInfo{dead_letter_exceeded, "dead letter: deliveries exceeded", "SP-133 SP-134", KafkaLine::v4_4},
    SituationInfo{dead_letter_failed, "a dead letter that failed", "SP-133", KafkaLine::v4_4},
    SituationInfo{fetch_lock_taken, "fetch lock taken", "SP-33"},
    SituationInfo{fetch_lock_refused, "fetch lock refused", "SP-33"},
    SituationInfo{fetch_lock_forced, "fetch lock freed by another fetch", "SP-33"},
    SituationInfo{metadata_found, "fetch metadata found", "SP-163"},
    SituationInfo{metadata_missed, "fetch metadata for another offset", "SP-163"},
    SituationInfo{capacity_refused, "no capacity", "SP-32"},
    SituationInfo{limit_changed_in_flight, "delivery limit changed with records in flight", "SP-201 V-1",
                  KafkaLine::v4_3},
    SituationInfo{locks_changed_in_flight, "record-lock limit changed with records in flight", "SP-201 V-2",
                  KafkaLine::v4_3},
    SituationInfo{in_line_completion, "hand-overs completed in line", "SP-2"},
    SituationInfo{automatic_completion, "hand-overs completed automatically", "SP-2"},
};
static_assert(infos.size() == situation_count);

}  // namespace

std::span<const SituationInfo> all_situations() {
  return infos;
}

Before::Before(const ScriptedPartition& scripted)
    : start{scripted.partition().start_offset()},
      end{scripted.partition().end_offset()},
      complete_count{scripted.partition().delivery_complete_count()},
      in_flight{scripted.partition().in_flight()},
      max_locks{scripted.configuration().max_record_locks},
      limit{scripted.configuration().delivery_count_limit},
      writes{0},
      oldest_write{-1},
      find_next{scripted.partition().find_next_fetch_offset()},
      empty{scripted.partition().window().empty()},
      gap_active{scripted.partition().gap_active()},
      gap{scripted.partition().gap()},
      state{scripted.partition().state()},
      fetch_lock{scripted.partition().fetch_lock()},
      renew_enabled{scripted.configuration().renew_enabled} {
  for (const Pending& pending : scripted.pending()) {
    if (pending.kind != Pending::Kind::write) continue;
    if (oldest_write < 0) oldest_write = pending.id;
    ++writes;
  }
}

/// One operation, looked at from all sides.
struct SituationCounts::Look {
  SituationCounts& counts;
  const Before& before;
  const Answer& answer;
  const ScriptedPartition& after;

  void see(Situation id, bool seen) const {
    if (seen) counts.count(id);
  }

  void operator()(const op::Acquire& acquire) const {
    const SharePartition& partition = after.partition();
    const auto* acquired = std::get_if<result::Acquired>(&answer.result);
    const std::int64_t archived = partition.delivery_complete_count() - before.complete_count;
    const bool stale = !acquire.log.empty() && acquire.fetch_offset < acquire.log.front().base;
    see(stale_archived, archived > 0 && stale);
    see(aborted_archived, archived > 0 && !stale && acquire.isolation == Isolation::read_committed);
    see(start_jumped_on_acquire, partition.start_offset() > before.start);
    see(gap_moved_back, before.gap && partition.gap() && partition.gap()->start < before.gap->start);
    see(gap_dropped, before.gap && !partition.gap());
    see(acquire_aborted, answer.error && answer.error->aborted);
    if (!acquired) return;
    see(acquired_nothing, acquired->ranges.empty());
    if (acquired->ranges.empty()) return;
    see(acquired_in_full_window, before.in_flight >= before.max_locks);
    ranges(acquire, acquired->ranges);
  }

  void ranges(const op::Acquire& acquire, const AcquiredRanges& ranges) const {
    const auto any = [&](auto&& is) { return std::ranges::any_of(ranges, is); };
    const auto is_new = [&](const AcquiredRange& range) {
      return range.delivery_count == 1 && (before.empty || range.first > before.end);
    };
    const std::int32_t threshold = std::max(2, (before.limit + 1) / 2);
    see(acquired_new, any(is_new));
    see(acquired_again, any([](const AcquiredRange& range) { return range.delivery_count > 1; }));
    see(acquired_in_pieces, std::ranges::count_if(ranges, is_new) > 1);
    see(acquired_remainder, acquire.mode == AcquireMode::record_limit && is_new(ranges.back()) &&
                                after.partition().end_offset() > ranges.back().last);
    see(acquired_in_gap, before.gap_active && any([&](const AcquiredRange& range) {
                           return range.delivery_count == 1 && range.first >= before.gap->start &&
                                  range.first <= before.end;
                         }));
    see(acquired_below_start, any([&](const AcquiredRange& range) { return range.first < before.start; }));
    see(acquired_last_attempt, any([&](const AcquiredRange& range) { return range.delivery_count == before.limit; }));
    see(acquired_throttled, any([&](const AcquiredRange& range) { return range.delivery_count > threshold; }));
  }

  void operator()(const op::Acknowledge& acknowledge) const {
    const auto has = [&](AcknowledgeType type) { return std::ranges::count(acknowledge.types, type) > 0; };
    if (answer.error && answer.error->aborted) return counts.count(acknowledge_aborted);
    if (answer.error) {
      see(acknowledge_request_error, answer.error->error == KafkaError::invalid_request);
      see(acknowledge_state_error, answer.error->error == KafkaError::invalid_record_state);
      see(renewal_refused, !before.renew_enabled && has(AcknowledgeType::renew) &&
                               answer.error->error == KafkaError::invalid_record_state);
      return;
    }
    see(accepted, has(AcknowledgeType::accept));
    see(released, has(AcknowledgeType::release));
    see(rejected, has(AcknowledgeType::reject));
    see(skipped, has(AcknowledgeType::gap));
    see(renewed, has(AcknowledgeType::renew));
    see(acknowledged_while_fenced, before.state == PartitionState::fenced && !answer.events.empty());
    for (const auto& batch : acknowledge.batches) {
      see(acknowledged_per_offset, batch.type_count > 1);
      see(acknowledged_below_start, batch.last < before.start);
      see(acknowledged_across_start, batch.first < before.start && batch.last >= before.start);
    }
  }

  void operator()(const op::Release&) const {
    const bool wrote = std::ranges::any_of(
        answer.events, [](const Event& event) { return std::holds_alternative<event::WriteIssued>(event); });
    counts.count(wrote ? session_released : session_released_nothing);
  }

  void operator()(const op::MoveLogStart& move) const {
    see(log_start_without_effect, move.offset <= before.start);
    if (move.offset <= before.start) return;
    see(log_start_on_empty, before.empty);
    see(log_start_inside, !before.empty && move.offset <= before.end);
    see(log_start_beyond, !before.empty && move.offset > before.end);
    see(log_start_in_gap, before.gap_active);
  }

  void operator()(const op::CompleteWrite& complete) const {
    const auto* completed = std::get_if<result::WriteCompleted>(&answer.result);
    const bool failed = complete.result.failed() || complete.result.form == AnswerForm::malformed;
    see(answered_out_of_order, completed && completed->id != before.oldest_write);
    see(write_rolled_back, failed);
    see(write_confirmed, !failed);
    see(malformed_write_answer, complete.result.form == AnswerForm::malformed);
    see(rolled_back_to_available, failed && !before.find_next && after.partition().find_next_fetch_offset());
  }
  void operator()(const op::CompleteDeadLetter& complete) const { see(dead_letter_failed, complete.result.failed()); }

  void operator()(const op::Initialize&) const {
    see(initialisation_refused, answer.error && std::ranges::none_of(answer.events, [](const Event& event) {
                                  return std::holds_alternative<event::ReadIssued>(event);
                                }));
    loaded();
  }
  void operator()(const op::CompleteRead&) const { loaded(); }
  void loaded() const {
    const SharePartition& partition = after.partition();
    const bool now_active = before.state != PartitionState::active && partition.state() == PartitionState::active;
    see(initialisation_failed, before.state != PartitionState::failed && partition.state() == PartitionState::failed);
    see(loaded_batches, now_active && !partition.window().empty());
    see(loaded_gap, now_active && partition.gap());
    see(archiving_resumed, now_active && std::ranges::any_of(answer.events, [](const Event& event) {
                             return std::holds_alternative<event::DeadLetterIssued>(event);
                           }));
  }

  void operator()(const op::Lock&) const {
    const auto* result = std::get_if<result::Locked>(&answer.result);
    counts.count(result && result->locked ? fetch_lock_taken : fetch_lock_refused);
  }
  void operator()(const op::Unlock& unlock) const {
    see(fetch_lock_forced, before.fetch_lock != FetchId{} && before.fetch_lock != FetchId{unlock.fetch + 1u});
  }
  void operator()(const op::GetFetchMetadata&) const {
    const auto* result = std::get_if<result::Metadata>(&answer.result);
    counts.count(result && result->position ? metadata_found : metadata_missed);
  }
  void operator()(const op::CanAcquire&) const {
    const auto* result = std::get_if<result::CanAcquire>(&answer.result);
    see(capacity_refused, result && !result->can);
  }
  void operator()(const op::Configure& change) const {
    see(limit_changed_in_flight, !before.empty && change.limit && *change.limit != before.limit);
    see(locks_changed_in_flight, !before.empty && change.max_locks && *change.max_locks != before.max_locks);
  }
  template <class Other>
  void operator()(const Other&) const {}

  void events() const {
    for (std::size_t i = 0; i < answer.events.size(); ++i) {
      const Event& event = answer.events[i];
      if (const auto* fired = std::get_if<event::LockFired>(&event)) {
        const bool effect =
            i + 1 < answer.events.size() && std::holds_alternative<event::WriteIssued>(answer.events[i + 1]);
        counts.count(effect ? lock_expired : lock_fired_in_vain);
        see(lock_fired_late, fired->lock.expires_at < after.now());
        see(expired_during_writes, before.writes > 0);
      } else if (const auto* letter = std::get_if<event::DeadLetterIssued>(&event)) {
        counts.count(letter->cause == DeadLetterCause::rejected ? dead_letter_rejected : dead_letter_exceeded);
      } else if (const auto* lookup = std::get_if<event::OffsetLookedUp>(&event)) {
        using Kind = effect::OffsetLookedUp::Kind;
        counts.count(lookup->kind == Kind::latest     ? looked_up_latest
                     : lookup->kind == Kind::earliest ? looked_up_earliest
                                                      : looked_up_timestamp);
      } else if (std::holds_alternative<event::TimerAborted>(event)) {
        counts.count(lock_handler_aborted);
      }
    }
    for (const StateBatch& batch : answer.batches)
      counts.count(batch.state == RecordState::available      ? wrote_available
                   : batch.state == RecordState::acknowledged ? wrote_acknowledged
                   : batch.state == RecordState::archiving    ? wrote_archiving
                                                              : wrote_archived);
    see(in_line_completion, !answer.batches.empty() && after.writes() == Completion::in_line);
    see(automatic_completion, !answer.batches.empty() && after.writes() == Completion::automatic);
  }

  void state(bool is_reset) const {
    const SharePartition& partition = after.partition();
    see(two_writes_outstanding, before.writes >= 2);
    see(four_writes_outstanding, before.writes >= 4);
    see(count_negative, partition.delivery_complete_count() < 0);
    see(next_offset_below_start, partition.peek_next_fetch_offset() < partition.start_offset());
    if (is_reset) return;
    see(start_moved_back, partition.start_offset() < before.start);
    see(window_emptied, !before.empty && partition.window().empty());
  }
};

void SituationCounts::observe(const Before& before, const Request& request, const Answer& answer,
                              const ScriptedPartition& after) {
  const Look look{*this, before, answer, after};
  std::visit(look, request.operation);
  look.events();
  look.state(std::holds_alternative<op::Reset>(request.operation));
  const bool advancing = std::holds_alternative<op::CompleteWrite>(request.operation) || !answer.batches.empty();
  look.see(start_advanced, advancing && after.partition().start_offset() > before.start);
}

}  // namespace sharelock::interop
