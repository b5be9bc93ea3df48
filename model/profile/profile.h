// Versions of Kafka as sets of named switches: the only place in the code where versions are known.
//
// Code asks `profile.has(Switch::x)`, never for a version. A new switch is one line here and one in switches.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sharelock {

/// Every difference between two profiles. The table with rules, values and sentences is `all_switches()`.
/// A switch of a defect is on where the released behaviour is wanted (D-n of the specification, section 10.4).
enum class Switch : std::uint8_t {
  limit_dynamic,
  locks_dynamic,
  renew_switch,
  dead_letter_queue,
  archiving_decode,
  topic_id_by_value,
  absent_gap_blocks,
  gap_below_start,
  start_moves_back,
  explode_forgets_pending,
  inverted_range_aborts,
  advance_aborts_past_batch,
  aborted_range_unclipped,
  expired_rollback_skips_dlq,
  memory_archive_strands,
  gap_start_moves_back,
  counts_below_start,
  available_below_start,
  complete_count_negative,
  acquires_below_start,
  tail_blocks_advance,
  archive_strands_window,
  unwritten_archive_passes,
  fired_lock_outlives_rollback,
  absent_holes_acquired,
  fenced_becomes_active,
  resolved_start_unstored,
  forced_unlock,
  release_returns_to_departed,
  acquires_at_limit,
  renewal_survives_error,
  fenced_write_confirms,
  silent_availability,
  straddling_acknowledge_aborts,
  in_flight_wraps,
  stored_start_regresses,
  stored_count_as_written,
  negative_epochs,
  repeated_initialise,
  initialise_forgets_leader,
  higher_epochs_pass,
  earlier_instance_writes,
  new_epoch_keeps_instance,
  removal_by_key,
  duplicates_share_answer,
  empty_request_unanswered,
  parallel_jobs,
  missed_clean_up_stays,
  group_epochs_from_one,
  assignment_interval,
  pending_while_owed,
  empty_group_catches_up,
  added_partitions,
  alter_bumps_epoch,
  failed_join_stays,
  group_epochs_restart,
  binary64_assignor,
  async_log_reads,
  wake_all_held,
  attempt_inside_attempt,
  remote_refusal_escapes,
  remote_without_position,
  error_keeps_acquired,
  silent_unlock,
  acquires_without_session,
  replaced_session_keeps,
  failed_read_keeps_held,
  // Mutants: defects that Kafka had before 4.2, off in every profile.
  load_skips_holes,
  expiry_lost_on_rollback,
  expiry_ignores_cancel,
  expiry_bypasses_limit,
  advance_over_pending,
  log_start_archives_first_only,
  release_stops_at_foreign,
  acquire_rounds_over_batch,
  acquire_ignores_capacity,
  acquire_keeps_compacted,
  release_counts_down,
  load_ignores_error,
  session_close_releases_nothing,
  sentinel_epochs_unfenced,
  leader_keeps_instance,
  late_attempt_keeps_locks,
  advance_wakes_nobody,
  stale_held_set,
  initialises_once,
};
inline constexpr std::size_t switch_count = static_cast<std::size_t>(Switch::initialises_once) + 1;

/// The values of Switch::archiving_decode (V-5): what initialisation does with a persisted ARCHIVING batch.
enum class ArchivingDecode : std::uint8_t { reject, load, resume };

/// The values of Switch::negative_epochs (SC-10): what a negative epoch in a request to the share coordinator does.
enum class NegativeEpochs : std::uint8_t {
  rejected,         ///< INVALID_REQUEST.
  unfenced_writes,  ///< -1 switches the comparison of epochs off, for writes and initialise.
  unfenced          ///< For reads too.
};

/// The values of Switch::repeated_initialise: what an initialise with the stored state epoch does.
enum class RepeatedInitialise : std::uint8_t {
  ignored,             ///< Nothing.
  ignored_when_equal,  ///< Nothing if the start offset is the stored one too, as in Kafka's development line (SC-41).
  overwrites           ///< It wipes the state (SC-43, CV-4).
};

/// The values of Switch::added_partitions (GC-47): where delivery state of a topic that is not new begins.
enum class AddedPartitions : std::uint8_t {
  undecided,                   ///< -1: wherever the group's reset policy says, when it is first read.
  from_zero,                   ///< 0 if any initialisation of the topic was begun, even one that was lost (CV-2).
  from_zero_when_initialised,  ///< 0 if the topic has initialised partitions.
};

enum class ProfileName : std::uint8_t { v4_2, v4_3, v4_4, ideal };
inline constexpr std::size_t profile_count = 4;

/// One line of the table of switches.
struct SwitchInfo {
  Switch id;
  std::string_view name;                                ///< As in `--set NAME=VALUE`; never changes.
  std::string_view rules;                               ///< Rule ids of the specification.
  std::span<const std::string_view> values;             ///< What it may be set to; the index is the value.
  std::array<std::uint8_t, profile_count> per_profile;  ///< Its value in each profile, by ProfileName.
  std::string_view sentence;                            ///< What it does when it is on.
};

/// The table, in the order of the enumeration.
std::span<const SwitchInfo, switch_count> all_switches();

/// A set of switches and nothing else.
class Profile {
 public:
  /// The profile of that name: a release line, bit by bit, or `ideal`.
  explicit Profile(ProfileName name);

  bool has(Switch id) const { return values_[static_cast<std::size_t>(id)] != 0; }
  std::uint8_t value(Switch id) const { return values_[static_cast<std::size_t>(id)]; }
  void set(Switch id, std::uint8_t value) { values_[static_cast<std::size_t>(id)] = value; }

  friend bool operator==(const Profile&, const Profile&) = default;

 private:
  std::array<std::uint8_t, switch_count> values_;
};

/// The profile called `4.2`, `4.3`, `4.4` or `ideal`.
std::optional<ProfileName> profile_named(std::string_view name);
std::string_view name_of(ProfileName name);
std::span<const std::string_view> all_profile_names();

/// Carries out one `SWITCH=VALUE` of the command line. Empty when done, otherwise what is wrong with it, in words.
std::string set_switch(Profile& profile, std::string_view assignment);

}  // namespace sharelock
