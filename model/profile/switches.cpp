#include <algorithm>

#include "model/profile/profile.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;

constexpr std::array off_on{"off"sv, "on"sv};
constexpr std::array decodes{"reject"sv, "load"sv, "resume"sv};
constexpr std::array negative_epochs{"rejected"sv, "unfenced-writes"sv, "unfenced"sv};
constexpr std::array repeated_initialise{"ignored"sv, "ignored-when-equal"sv, "overwrites"sv};
constexpr std::array added_partitions{"undecided"sv, "from-zero"sv, "zero-if-initialised"sv};
using PerProfile = std::array<std::uint8_t, profile_count>;

constexpr PerProfile released{1, 1, 1, 0};   ///< A defect: in every release, not in `ideal`.
constexpr PerProfile mutant{0, 0, 0, 0};     ///< A defect of earlier releases: a yardstick for the checker.
constexpr PerProfile until_4_3{1, 1, 0, 0};  ///< Repaired in 4.4.
constexpr PerProfile only_4_2{1, 0, 0, 0};
constexpr PerProfile only_ideal{0, 0, 0, 1};
constexpr PerProfile since_4_3{0, 1, 1, 1};
constexpr PerProfile since_4_4{0, 0, 1, 1};

constexpr std::array<SwitchInfo, switch_count> table{{
    {Switch::limit_dynamic, "limit-dynamic", "V-1 SP-200", off_on, since_4_3,
     "a changed delivery limit of the group holds at once, not only for share partitions created later"},
    {Switch::locks_dynamic, "locks-dynamic", "V-2 SP-200", off_on, since_4_3,
     "a changed record-lock limit of the group holds at once, not only for share partitions created later"},
    {Switch::renew_switch, "renew-switch", "V-3 SP-81", off_on, since_4_3, "a group may forbid RENEW"},
    {Switch::dead_letter_queue, "dead-letter-queue", "V-4 SP-130", off_on, since_4_4,
     "a group may have a dead-letter queue: rejected and exhausted records are ARCHIVING until it has them"},
    {Switch::archiving_decode,
     "archiving-decode",
     "V-5 SP-21 SP-135",
     decodes,
     {0, 1, 2, 2},
     "a persisted ARCHIVING batch makes initialisation fail, is loaded and stays, or is loaded and resumed"},
    {Switch::topic_id_by_value, "topic-id-by-value", "V-9 SP-21", off_on, since_4_4,
     "the topic id in a persister's answer may be another object of the same value"},
    {Switch::absent_gap_blocks, "absent-gap-blocks", "D-1 SP-101", off_on, released,
     "a gap at the start offset that the log no longer has stops the advance for ever"},
    {Switch::gap_below_start, "gap-below-start", "D-2 SP-96", off_on, released,
     "a moved log start leaves the gap where it was, so that fetches start below the log"},
    {Switch::start_moves_back, "start-moves-back", "D-3 SP-103", off_on, released,
     "after a moved log start the advance can move the start offset backwards"},
    {Switch::explode_forgets_pending, "explode-forgets-pending", "D-4 SP-10 SP-55", off_on, released,
     "splitting a batch whose RELEASE is pending detaches its offsets from the write"},
    {Switch::inverted_range_aborts, "inverted-range-aborts", "D-5 SP-44", off_on, released,
     "a fetch for a full window that the log no longer has fails instead of acquiring nothing"},
    {Switch::advance_aborts_past_batch, "advance-aborts-past-batch", "D-6 SP-101", off_on, released,
     "the advance gives up when the start offset lies beyond a batch that is tracked by offset"},
    {Switch::aborted_range_unclipped, "aborted-range-unclipped", "D-7 SP-60", off_on, released,
     "an aborted log batch that begins before the first in-flight batch makes the fetch fail after it acquired"},
    {Switch::expired_rollback_skips_dlq, "expired-rollback-skips-dlq", "D-8 SP-7", off_on, released,
     "a failed write after expiry at the limit archives without the dead-letter queue and without counting"},
    {Switch::memory_archive_strands, "memory-archive-strands", "D-9 SP-60 SP-100", off_on, released,
     "records archived as aborted or stale are neither written nor passed by the start offset"},
    {Switch::gap_start_moves_back, "gap-start-moves-back", "D-10 SP-62", off_on, released,
     "acquiring a released offset before the gap moves the gap's start back to it"},
    {Switch::counts_below_start, "counts-below-start", "D-11 SP-98", off_on, released,
     "aborted and stale offsets below the start offset count as delivered"},
    {Switch::available_below_start, "available-below-start", "D-12 SP-7", off_on, released,
     "a failed write after expiry makes a record below the start offset available"},
    {Switch::complete_count_negative, "complete-count-negative", "D-13 SP-7 SP-103", off_on, released,
     "what a failed write archived is never counted, but subtracted when the start offset passes it"},
    {Switch::acquires_below_start, "acquires-below-start", "D-14 SP-43 SP-45", off_on, released,
     "a log batch that straddles the start offset can be acquired from its base on"},
    {Switch::tail_blocks_advance, "tail-blocks-advance", "D-15 SP-102", off_on, released,
     "the start offset stops before finished records that the gap has reached"},
    {Switch::archive_strands_window, "archive-strands-window", "D-16 SP-96 SP-100", off_on, released,
     "a record archived by a moved log start or a failed write does not let the start offset advance"},
    {Switch::unwritten_archive_passes, "unwritten-archive-passes", "SP-8 SP-92 SP-101", off_on, released,
     "the start offset may pass a record archived by expiry, dead letter or in memory before its write is answered"},
    {Switch::fired_lock_outlives_rollback, "fired-lock-outlives-rollback", "SP-7 SP-65 SP-92", off_on, released,
     "a lock that fired before a failed write let its record go is handled all the same, and may end a later lock"},
    {Switch::absent_holes_acquired, "absent-holes-acquired", "SP-45 SP-50", off_on, released,
     "filling a gap acquires offsets that the log does not have, so that a full window covers more"},
    {Switch::fenced_becomes_active, "fenced-becomes-active", "SP-16", off_on, released,
     "a share partition that was fenced while it initialised becomes active all the same"},
    {Switch::resolved_start_unstored, "resolved-start-unstored", "CV-1 SP-22 PE-20", off_on, released,
     "a start offset that was resolved is not stored before the first write: the next leader resolves another"},
    {Switch::forced_unlock, "forced-unlock", "SP-33", off_on, released,
     "whoever unlocks frees the fetch lock, holder or not"},
    {Switch::release_returns_to_departed, "release-returns-to-departed", "SP-90 SP-85", off_on, released,
     "when a write fails after its member's session ended, the records go back to the member that left"},
    {Switch::acquires_at_limit, "acquires-at-limit", "SP-45 INV-4", off_on, released,
     "an available record that has used up its deliveries is delivered once more"},
    {Switch::renewal_survives_error, "renewal-survives-error", "SP-83", off_on, released,
     "a RENEW stands although its request failed"},
    {Switch::fenced_write_confirms, "fenced-write-confirms", "SP-153", off_on, released,
     "a write of a share partition that was removed meanwhile is still confirmed"},
    {Switch::silent_availability, "silent-availability", "SP-86 SP-89 SP-92 SP-165", off_on, released,
     "records can become available, or room in the window free, without waking a waiting fetch"},
    {Switch::straddling_acknowledge_aborts, "straddling-acknowledge-aborts", "SP-76", off_on, released,
     "an acknowledgement across the start offset with nothing in flight before it fails the whole request"},
    {Switch::in_flight_wraps, "in-flight-wraps", "SP-14", off_on, released,
     "the number of offsets in flight is counted in 32 bits, so that a hole of 2^31 offsets makes it wrong"},
    {Switch::stored_start_regresses, "stored-start-regresses", "V-16 SC-23 SC-25 KD-18", off_on, until_4_3,
     "a write with a lower start offset moves the stored one back"},
    {Switch::stored_count_as_written, "stored-count-as-written", "V-16 SC-24", off_on, until_4_3,
     "the stored delivery-complete count is that of the last write, whatever its start offset"},
    {Switch::negative_epochs,
     "negative-epochs",
     "SC-10 KD-20",
     negative_epochs,
     {1, 2, 0, 0},
     "a leader or state epoch of -1 in a request to the store is rejected, or passes unfenced"},
    {Switch::repeated_initialise,
     "repeated-initialise",
     "SC-41 SC-43 CV-4 KD-19",
     repeated_initialise,
     {2, 2, 2, 0},
     "an initialise with the stored state epoch is ignored, or wipes what is stored"},
    {Switch::initialise_forgets_leader, "initialise-forgets-leader", "SC-42 CV-3", off_on, released,
     "an initialise stores leader epoch 0, so that after pruning and reload a former leader is admitted again"},
    {Switch::higher_epochs_pass, "higher-epochs-pass", "SC-12 SC-21", off_on, released,
     "a write passes with epochs higher than the stored ones, and does not raise them"},
    {Switch::earlier_instance_writes, "earlier-instance-writes", "SP-153", off_on, released,
     "a write of a share partition that was removed still passes when the next one, in the same leader epoch, has "
     "read"},
    {Switch::new_epoch_keeps_instance, "new-epoch-keeps-instance", "SP-150", off_on, released,
     "a broker that lost leadership and has it again before it noticed goes on with the share partition it had"},
    {Switch::removal_by_key, "removal-by-key", "SP-150", off_on, released,
     "an error that a removed share partition meets removes the one that has taken its place"},
    {Switch::duplicates_share_answer, "duplicates-share-answer", "SC-8 CV-6", off_on, released,
     "entries of one request for the same share partition all get the answer of the last one"},
    {Switch::empty_request_unanswered, "empty-request-unanswered", "SC-7", off_on, released,
     "a request without group, or with a topic without partitions, gets an empty answer and no error"},
    {Switch::parallel_jobs, "parallel-jobs", "SC-68", off_on, until_4_3,
     "switching the share feature off and on again can leave the store's periodic jobs running twice"},
    {Switch::missed_clean_up_stays, "missed-clean-up-stays", "CV-9 SC-49", off_on, released,
     "who was not active when a topic was deleted keeps its state for ever: a shard of the store, and a group, whose "
     "epoch then rises with every heartbeat once a topic of that name is there again"},
    {Switch::group_epochs_from_one, "group-epochs-from-one", "GC-3", off_on, since_4_3,
     "group and assignment epoch of a new share group are 1 and not 0"},
    {Switch::assignment_interval, "assignment-interval", "GC-24 GC-29", off_on, since_4_3,
     "after an assignment the next one waits until the group's assignment interval is over"},
    {Switch::pending_while_owed, "pending-while-owed", "GC-21", off_on, only_4_2,
     "newly initialised partitions raise the group epoch even while an assignment is owed anyway"},
    {Switch::empty_group_catches_up, "empty-group-catches-up", "GC-38", off_on, since_4_4,
     "when the last member leaves, the assignment epoch follows, so that the next join is assigned at once"},
    {Switch::added_partitions,
     "added-partitions",
     "GC-47 CV-2",
     added_partitions,
     {0, 0, 1, 2},
     "partitions added to a topic that a group knows begin at 0, and not wherever its reset policy says"},
    {Switch::alter_bumps_epoch, "alter-bumps-epoch", "V-17 GC-60 GC-64 KD-22", off_on, only_ideal,
     "altering offsets raises the group epoch, so that a share partition that is still cached is fenced"},
    {Switch::failed_join_stays, "failed-join-stays", "GC-24 AS-14", off_on, released,
     "a member whose first heartbeat fails in the assignor stays in the group, without session, until a fail-over"},
    {Switch::group_epochs_restart, "group-epochs-restart", "CV-5 GC-3", off_on, released,
     "a group that is deleted and made again begins with the first epoch: what its predecessor left in the store "
     "fences "
     "it"},
    {Switch::binary64_assignor, "binary64-assignor", "AS-13", off_on, released,
     "the assignor counts what each member is to have in binary floating point, which gives some of them one too many"},
    {Switch::async_log_reads, "async-log-reads", "V-7 SP-163", off_on, since_4_4,
     "a fetch may be without the answer of its log read for a while: its locks stay held, a timeout abandons the read"},
    {Switch::wake_all_held, "wake-all-held", "V-8 SP-165", off_on, until_4_3,
     "a completed fetch wakes what waits for any partition that it held, not only for those that it read"},
    {Switch::attempt_inside_attempt, "attempt-inside-attempt", "D-20 SP-163 SP-164", off_on, released,
     "a fetch that is being tried can be tried again inside, and then keeps fetch locks for ever"},
    {Switch::remote_refusal_escapes, "remote-refusal-escapes", "D-21 SP-163", off_on, released,
     "a remote read that cannot be scheduled after an asynchronous read leaves the fetch queued and its locks held"},
    {Switch::remote_without_position, "remote-without-position", "D-22 SP-163 SP-167", off_on, released,
     "a remote partition read with no bytes to spare counts as read, and its remote answer is dropped"},
    {Switch::error_keeps_acquired, "error-keeps-acquired", "D-23 SP-164 SP-167", off_on, released,
     "an error that is answered in place of acquired records leaves them acquired"},
    {Switch::silent_unlock, "silent-unlock", "D-24 SP-165", off_on, released,
     "giving a fetch lock back does not always check the fetches that met it"},
    {Switch::acquires_without_session, "acquires-without-session", "SP-168 SP-181", off_on, released,
     "a waiting fetch acquires for a member whose session has ended"},
    {Switch::replaced_session_keeps, "replaced-session-keeps", "SP-181 SP-185", off_on, released,
     "replacing a session, or forgetting a partition, leaves acquired what the member held"},
    {Switch::failed_read_keeps_held,
     "failed-read-keeps-held",
     "SP-163",
     off_on,
     {0, 0, 1, 0},
     "a fetch whose log read failed at once is completed with what it has locked, at the offsets that it had"},
    {Switch::load_skips_holes, "load.skip-holes", "KD-01", off_on, mutant,
     "after a load, the offsets between the persisted batches count as handled"},
    {Switch::expiry_lost_on_rollback, "expiry.lost-on-rollback", "KD-02", off_on, mutant,
     "a failed write gives the record back to its owner even if the lock expired meanwhile"},
    {Switch::expiry_ignores_cancel, "expiry.ignore-cancel", "KD-03", off_on, mutant,
     "a lock that fired is handled even if it was cancelled before its handler ran"},
    {Switch::expiry_bypasses_limit, "expiry.limit-bypass", "KD-04", off_on, mutant,
     "a failed write after expiry makes the record available, one delivery forgotten, also at the limit"},
    {Switch::advance_over_pending, "advance.over-pending", "KD-05", off_on, mutant,
     "the start offset passes records whose end is still being written"},
    {Switch::log_start_archives_first_only, "logstart.archive-first-only", "KD-06", off_on, mutant,
     "a moved log start archives only the first batch with an available record below it"},
    {Switch::release_stops_at_foreign, "release.stop-at-foreign", "KD-07", off_on, mutant,
     "the end of a session releases a batch only up to the first offset that another member holds"},
    {Switch::acquire_rounds_over_batch, "acquire.round-over-entry", "KD-08", off_on, mutant,
     "an acquisition that fills a hole is rounded up to the end of the log batch, over what is in flight behind it"},
    {Switch::acquire_ignores_capacity, "acquire.no-capacity", "KD-09", off_on, mutant,
     "an acquisition looks at the records it was asked for, not at the room in the window"},
    {Switch::acquire_keeps_compacted, "acquire.keep-compacted", "KD-10", off_on, mutant,
     "available records that the log no longer has stay available"},
    {Switch::release_counts_down, "release.count-down", "KD-11", off_on, mutant,
     "the end of a session takes a delivery off the count of what it releases"},
    {Switch::load_ignores_error, "load.ignore-error", "KD-12", off_on, mutant,
     "a read that failed is taken for an empty state"},
    {Switch::session_close_releases_nothing, "session.close-order", "KD-17", off_on, mutant,
     "closing a session releases nothing"},
    {Switch::sentinel_epochs_unfenced, "store.sentinel-unfenced", "KD-20", off_on, mutant,
     "a write whose share partition was dropped before it was sent carries epoch -1, and passes unfenced"},
    {Switch::leader_keeps_instance, "leader.keep-instance", "KD-16", off_on, mutant,
     "a broker keeps its share partition when it loses leadership, and goes on with it when it has it again"},
    {Switch::late_attempt_keeps_locks, "fetchlock.leak-late-attempt", "KD-13", off_on, mutant,
     "an attempt that finds its fetch completed meanwhile keeps the fetch locks that it took"},
    {Switch::advance_wakes_nobody, "wake.not-on-advance", "KD-14", off_on, mutant,
     "an acknowledgement that moves the start offset does not wake waiting fetches"},
    {Switch::stale_held_set, "fetchlock.stale-held-set", "KD-15", off_on, mutant,
     "after an asynchronous read a fetch remembers partitions whose locks it has given back"},
    {Switch::initialises_once, "init.no-retry", "KD-21 GC-45", off_on, mutant,
     "a partition whose initialisation was begun is never initialised again, whatever became of it"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  return true;
}
static_assert(in_order(), "the table follows the enumeration");

constexpr std::array profile_names{"4.2"sv, "4.3"sv, "4.4"sv, "ideal"sv};

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string{word};
  return text;
}

}  // namespace

std::span<const SwitchInfo, switch_count> all_switches() {
  return table;
}

Profile::Profile(ProfileName name) {
  for (const SwitchInfo& info : table) set(info.id, info.per_profile[static_cast<std::size_t>(name)]);
}

std::optional<ProfileName> profile_named(std::string_view name) {
  const auto found = std::ranges::find(profile_names, name);
  if (found == profile_names.end()) return std::nullopt;
  return static_cast<ProfileName>(found - profile_names.begin());
}

std::string_view name_of(ProfileName name) {
  return profile_names[static_cast<std::size_t>(name)];
}

std::span<const std::string_view> all_profile_names() {
  return profile_names;
}

std::string set_switch(Profile& profile, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return "SWITCH=VALUE expected, found '" + std::string{assignment} + "'";
  const std::string_view name = assignment.substr(0, equals);
  const std::string_view value = assignment.substr(equals + 1);
  const auto info = std::ranges::find(table, name, &SwitchInfo::name);
  if (info == table.end()) return "unknown switch '" + std::string{name} + "' (sharelock list switches shows them)";
  const auto found = std::ranges::find(info->values, value);
  if (found == info->values.end())
    return "switch '" + std::string{name} + "' has no value '" + std::string{value} + "'; it is one of " +
           listed(info->values);
  profile.set(info->id, static_cast<std::uint8_t>(found - info->values.begin()));
  return {};
}

}  // namespace sharelock
