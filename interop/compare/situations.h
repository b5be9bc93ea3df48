// Rare and not so rare things that a random comparison should have met: each is counted, and what never occurred is
// said.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "interop/harness/scripted_partition.h"

namespace sharelock::interop {

enum class Situation : std::uint8_t {
  acquired_new,
  acquired_again,
  acquired_nothing,
  acquire_aborted,
  acquired_in_full_window,
  acquired_in_pieces,
  acquired_remainder,
  acquired_in_gap,
  acquired_below_start,
  acquired_last_attempt,
  acquired_throttled,
  start_jumped_on_acquire,
  gap_moved_back,
  gap_dropped,
  stale_archived,
  aborted_archived,
  accepted,
  released,
  rejected,
  skipped,
  renewed,
  renewal_refused,
  acknowledged_per_offset,
  acknowledged_below_start,
  acknowledged_across_start,
  acknowledge_state_error,
  acknowledge_request_error,
  acknowledge_aborted,
  acknowledged_while_fenced,
  session_released,
  session_released_nothing,
  wrote_available,
  wrote_acknowledged,
  wrote_archiving,
  wrote_archived,
  lock_expired,
  lock_fired_in_vain,
  lock_handler_aborted,
  lock_fired_late,
  expired_during_writes,
  two_writes_outstanding,
  four_writes_outstanding,
  answered_out_of_order,
  write_confirmed,
  write_rolled_back,
  rolled_back_to_available,
  malformed_write_answer,
  start_advanced,
  start_moved_back,
  window_emptied,
  log_start_without_effect,
  log_start_inside,
  log_start_beyond,
  log_start_on_empty,
  log_start_in_gap,
  count_negative,
  next_offset_below_start,
  loaded_batches,
  loaded_gap,
  looked_up_latest,
  looked_up_earliest,
  looked_up_timestamp,
  initialisation_failed,
  initialisation_refused,
  archiving_resumed,
  dead_letter_rejected,
  dead_letter_exceeded,
  dead_letter_failed,
  fetch_lock_taken,
  fetch_lock_refused,
  fetch_lock_forced,
  metadata_found,
  metadata_missed,
  capacity_refused,
  limit_changed_in_flight,
  locks_changed_in_flight,
  in_line_completion,
  automatic_completion,
};
inline constexpr std::size_t situation_count = static_cast<std::size_t>(Situation::automatic_completion) + 1;

struct SituationInfo {
  Situation id;
  std::string_view name;
  std::string_view rules;             ///< Of the specification of the share partition.
  KafkaLine since = KafkaLine::v4_2;  ///< Cannot occur in an older line.
};
std::span<const SituationInfo> all_situations();

/// What an operation finds: as much as is needed to see what it changed.
struct Before {
  explicit Before(const ScriptedPartition& scripted);

  Offset start;
  Offset end;
  std::int64_t complete_count;
  std::int64_t in_flight;
  std::int32_t max_locks;
  std::int32_t limit;
  std::int32_t writes;
  PendingId oldest_write;
  bool find_next;
  bool empty;
  bool gap_active;
  std::optional<GapWindow> gap;
  PartitionState state;
  FetchId fetch_lock;
  bool renew_enabled;
};

class SituationCounts {
 public:
  /// Looks at an operation that was just executed and was not refused.
  void observe(const Before& before, const Request& request, const Answer& answer, const ScriptedPartition& after);

  std::uint64_t operator[](Situation id) const { return counts_[static_cast<std::size_t>(id)]; }

 private:
  struct Look;
  void count(Situation id) { ++counts_[static_cast<std::size_t>(id)]; }

  std::array<std::uint64_t, situation_count> counts_{};
};

}  // namespace sharelock::interop
