// One share partition in the memory of its leader: kafka.server.share.SharePartition as a value.
//
// Owns:             which records are in flight, in which state, for whom; the start and end offset; what is
// outstanding
//                   at the persister and the dead-letter queue.
// Knows nothing of: clocks, timers, chance, stores, sessions, other partitions.
// Therefore:        effects are returned in an Outbox, and whatever Kafka does asynchronously is a call of its own.
#pragma once

#include <optional>
#include <span>

#include "model/partition/hand_overs.h"
#include "model/partition/in_flight_window.h"
#include "model/partition/outbox.h"
#include "model/partition/partition_call.h"
#include "model/partition/requests.h"
#include "model/partition/surroundings.h"

namespace sharelock {

/// SP-15. Only an active share partition locks fetches and acquires; nothing else looks at the state.
enum class PartitionState : std::uint8_t { empty, initializing, active, failed, fenced };

/// The offsets that the persister knew nothing about between persisted batches (SP-13). It has an effect only while
/// `window_end` is the end offset.
struct GapWindow {
  Offset start = 0;
  Offset window_end = 0;

  friend bool operator==(const GapWindow&, const GapWindow&) = default;
};

/// The log position that was read last, and the offset that it was read for (SP-163).
struct FetchMetadata {
  Offset offset = 0;
  LogPosition position;

  friend bool operator==(const FetchMetadata&, const FetchMetadata&) = default;
};

class SharePartition {
 public:
  /// A new object for a leader of that epoch. Where limits are not dynamic (V-1, V-2) those of now hold for its life.
  SharePartition(std::int32_t leader_epoch, const Surroundings& around, PartitionState state = PartitionState::empty);

  /// From now on `listener` hears every call; null: nobody does. It must outlive the object and its copies.
  void be_heard_by(PartitionListener* listener) { listener_ = listener; }

  // --- Initialisation (section 2)

  /// SP-20. Answers `request` at once, or issues the persister read that will answer it.
  Outcome maybe_initialize(RequestId request, const Surroundings& around, Outbox& out);
  /// The persister read was answered (SP-21 to SP-24, SP-135).
  void read_answered(HandOverId read, const ReadAnswer& answer, const Surroundings& around, Outbox& out);

  // --- Fetching (section 3)

  /// The offset that the next fetch reads from (SP-30). Not const: it may note that nothing before the end is
  /// available.
  Offset next_fetch_offset();
  /// The same without the note.
  Offset peek_next_fetch_offset() const;
  /// SP-32.
  bool can_acquire(const Surroundings& around);
  /// SP-33. False unless active and free.
  bool try_fetch_lock(FetchId fetch);
  /// SP-33. Frees the lock whoever holds it, unless the profile says that only the holder may.
  void fetch_unlock(FetchId fetch, const Surroundings& around, Outbox& out);
  void set_fetch_metadata(Offset fetch_offset, const LogPosition& position) {
    tell(asked::SetFetchMetadata{fetch_offset, position});
    fetch_metadata_ = FetchMetadata{fetch_offset, position};
  }
  void forget_fetch_metadata() { fetch_metadata_.reset(); }
  /// The position noted for that offset, if it is the last one noted.
  std::optional<LogPosition> fetch_metadata(Offset fetch_offset) const;
  /// Acquires for `by` what it may have of the log batches of a fetch (SP-40 to SP-62).
  Acquired acquire(MemberId by, const AcquireRequest& request, const Surroundings& around, Outbox& out);

  // --- Giving back (sections 4 and 5)

  /// SP-75. All batches or none. `request` is done now, or when the write that was issued is answered.
  /// An aborted call leaves `request` unanswered.
  Outcome acknowledge(MemberId by, std::span<const AcknowledgementBatch> batches, RequestId request,
                      const Surroundings& around, Outbox& out);
  /// SP-90: the session of `by` ended; everything it holds is given back.
  Outcome release_acquired(MemberId by, RequestId request, const Surroundings& around, Outbox& out);
  /// A lock reached its expiry: it is marked so, if a state still carries it (SP-65).
  void lock_fired(const AcquisitionLock& lock);
  /// The handler of a fired lock runs (SP-92). The driver drops locks that were cancelled between firing and handling.
  Outcome lock_expiry_handled(const AcquisitionLock& lock, const Surroundings& around, Outbox& out);
  /// A log read found the log start at `log_start` (SP-96).
  void log_start_moved(Offset log_start, const Surroundings& around, Outbox& out);

  // --- Answers (sections 6 and 7)

  /// A persister write was answered. An id that is not outstanding is ignored.
  void write_answered(HandOverId write, const WriteAnswer& answer, const Surroundings& around, Outbox& out);
  /// The dead-letter queue is done with a range, successfully or not (SP-133).
  void dead_letter_answered(HandOverId dead_letter, const Surroundings& around, Outbox& out);

  /// Removed from the broker's cache (SP-150).
  void fence(const Surroundings& around, Outbox& out);

  // --- What can be seen

  PartitionState state() const { return state_; }
  Offset start_offset() const { return start_; }
  Offset end_offset() const { return end_; }
  std::int64_t delivery_complete_count() const { return complete_count_; }
  bool find_next_fetch_offset() const { return find_next_; }
  std::int32_t leader_epoch() const { return leader_epoch_; }
  std::int32_t state_epoch() const { return state_epoch_; }
  const std::optional<GapWindow>& gap() const { return gap_; }
  bool gap_active() const { return gap_ && gap_->window_end == end_; }
  FetchId fetch_lock() const { return fetch_lock_; }
  const std::optional<FetchMetadata>& last_fetch_metadata() const { return fetch_metadata_; }
  const InFlightWindow& window() const { return window_; }
  /// Under which limits records are delivered now: those in force, or where limits are not dynamic (V-1, V-2) those of
  /// its creation.
  DeliveryRule delivery_rule(const Surroundings& around) const;
  std::int32_t max_record_locks(const Surroundings& around) const;
  /// The number that is compared with the record-lock limit: terminal offsets and holes count (SP-14).
  std::int64_t in_flight() const { return window_.empty() ? 0 : end_ - start_ + 1; }
  /// Whether an answer to this hand-over would do anything.
  bool is_outstanding(HandOverId id) const {
    return (read_ && read_->first == id) || writes_.find(id) != nullptr || dead_letters_.find(id) != nullptr;
  }
  /// Calls `visit(RequestId)` for every request that an answer would complete.
  template <class Visit>
  void for_each_request(Visit&& visit) const {
    if (read_) visit(read_->second);
    writes_.for_each([&](const PendingWrite& write) {
      if (is_awaited(write.kind)) visit(write.request);
    });
  }

  // --- Coding (coding.h). Reading, into a new object.

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, TimedLocks& timed);
  /// The limits of its creation, which matter where others can be in force by now.
  template <class Coder, class Self>
  static void code_limits(Self& self, Coder& coder) {
    coder.number(self.limit_at_creation_);
    coder.number(self.locks_at_creation_);
  }
  template <class Coder, class Self, class CodeRequest>
  static void code_hand_over(Self& self, Coder& coder, HandOverId& id, TimedLocks& timed, CodeRequest&& code_request);
  /// Reading: new locks get ids from this one on.
  void number_locks_from(std::uint32_t id) { next_lock_ = id; }

 private:
  using Handle = InFlightWindow::Handle;
  struct AcquireCall;
  struct Acknowledging;
  struct Releasing;
  enum class Advance : std::uint8_t { unchanged, changed, aborted };
  struct Archived {
    bool any = false;
    std::int64_t counted = 0;  ///< What it adds to the delivery complete count, where it is added.
  };
  /// Offsets of the gap that no batch covers: from `begin` to the batch `before` which they lie.
  struct Hole {
    Handle before;
    Offset begin;
  };

  template <class Coder, class Self>
  static void code_item(Self& self, Coder& coder, auto& item, TimedLocks& timed);

  void tell(const PartitionCall& call, const Surroundings* around = nullptr) const {
    if (listener_ != nullptr) listener_->hear(call, *this, around);
  }

  // share_partition.cpp, states_of.h: what several operations share
  std::int64_t counted_in_flight(const Profile& profile) const;
  Handle put(Offset first, Offset last, const InFlightState& state);
  void explode(Handle at, const Surroundings& around, Outbox& out);
  void erase(Handle at);
  void detach(Offset batch);
  void forget_detached();
  bool start_lock(Handle at, Offset first, Offset last, MemberId owner, const Surroundings& around, Outbox& out);
  static void cancel_lock(const InFlightState& state, Outbox& out);
  void archive(Handle at, Offset offset, Outbox& out);
  Archived archive_range(Handle from, Offset first, Offset last, RecordState only, const Surroundings& around,
                         Outbox& out);
  template <class Visit>
  void for_each_state(const WorkItem& item, Visit&& visit);
  HandOverId issue_write(WriteKind kind, RequestId request, std::uint32_t first_batch, WorkItems items, Outbox& out);
  void add_work(PendingWrite& write, Handle at, Offset first, Offset last, DeadLetterCause cause, Outbox& out);
  void hold_archived(std::uint32_t first_batch, WorkItems& items, const Profile& profile, const Outbox& out);
  void write_archived(std::uint32_t first_batch, WorkItems dead_letters, const Profile& profile, Outbox& out);
  std::int64_t from_start(Offset first, Offset last) const;
  static void wake_fetches(Outbox& out);

  // initialise.cpp
  void loaded(RequestId request, KafkaError error, const Profile& profile, Outbox& out);
  KafkaError load(const ReadAnswer& answer, WorkItems& resumed, const Surroundings& around, Outbox& out);
  KafkaError load_batches(std::span<const PersistedBatch> batches, WorkItems& resumed, const Surroundings& around);
  void load_batch(const PersistedBatch& batch, WorkItems& resumed, const Surroundings& around);

  // next_fetch_offset.cpp
  Offset note_next_fetch_offset();
  std::optional<Offset> first_fetchable() const;
  std::optional<Offset> first_fetchable_by_scan() const;
  std::optional<Hole> first_hole() const;

  // acquire.cpp
  bool limit_acquire(AcquireCall& call) const;
  void archive_stale(AcquireCall& call);
  bool acquire_over(AcquireCall& call, Offset base);
  bool walk(AcquireCall& call, Handle from, Offset base);
  bool is_throttled(const AcquireCall& call, Handle at) const;
  bool acquire_whole(AcquireCall& call, Handle at);
  bool acquire_subset(AcquireCall& call, Handle at, std::int64_t room);

  // acquire_new.cpp
  bool acquire_new(AcquireCall& call, Offset first, Offset last, std::int64_t room);
  Offset cut_to_room(const AcquireCall& call, Offset first, Offset last, std::int64_t room) const;
  bool create_batches(AcquireCall& call, Offset first, Offset last);
  bool create_batch(AcquireCall& call, Offset first, Offset last);
  bool create_with_remainder(AcquireCall& call, Offset first, Offset last, std::int64_t room);

  // acquire_repairs.cpp
  bool fill_hole(AcquireCall& call, Offset first, Offset last);
  void note_absent(const AcquireCall& call);
  void archive_exhausted(AcquireCall& call);
  void archive_exhausted_in(AcquireCall& call, Handle at, Offset first, Offset last);
  Acquired finish_acquire(AcquireCall& call, bool whole, std::uint32_t first_batch);

  // acquire_after.cpp
  bool drop_aborted(AcquireCall& call);
  void gap_advance(Offset next, const Profile& profile);
  void raise_gap(Offset start);

  // acknowledge.cpp
  Outcome acknowledge_batch(Acknowledging& work, const AcknowledgementBatch& batch);
  Outcome acknowledge_in(Acknowledging& work, Handle at, const AcknowledgementBatch& batch);
  KafkaError acknowledge_states(Acknowledging& work, Handle at, Offset first, Offset last, AcknowledgeType type);
  KafkaError renew(Acknowledging& work, Handle at, Offset first, Offset last);
  void restart_lock(Acknowledging& work, Handle at, Offset first, Offset last);
  void renew_deferred(Acknowledging& work);

  // release.cpp
  void release_batch(Releasing& work, Handle at);
  void release_states(Releasing& work, Handle at, Offset first, Offset last);

  // finish.cpp
  void finish(PendingWrite&& write, std::uint32_t first_batch, KafkaError error, const Surroundings& around,
              Outbox& out);
  bool confirm(PendingWrite& write, Outbox& out);
  void pass(PendingWrite& write);
  void write_again(std::span<const WorkItem> items, Outbox& out);
  void roll_back(const PendingWrite& write, const Surroundings& around, Outbox& out);
  RecordState let_go_to(const InFlightState& state, Offset last, const Surroundings& around) const;
  bool settle(const WorkItem& item, const InFlightState& state, Offset first, Offset last, const Profile& profile,
              Outbox& out);

  // dead_letter.cpp
  void hand_to_dead_letter_queue(std::span<const WorkItem> items, Outbox& out);

  // expire.cpp
  void expire(Handle at, const AcquisitionLock& lock, PendingWrite& write, const Surroundings& around, Outbox& out);
  void expire_states(Handle at, Offset first, Offset last, PendingWrite& write, const Surroundings& around,
                     Outbox& out);

  // log_start.cpp
  std::int64_t terminal_between(Offset first, Offset last) const;
  void drop_below_start(Outbox& out);

  // advance.cpp
  Advance advance(const Profile& profile);
  std::optional<Advance> guard_advance(const Profile& profile) const;
  Offset first_unfinished(Handle at, Offset from, const Profile& profile) const;
  bool skip_absent_gap();
  bool gap_stops_at(const InFlightBatch& batch, Offset last_finished, const Profile& profile) const;
  Advance move_start(Offset last_finished, std::int64_t finished, const Profile& profile);
  void erase_before(Handle end);

  PartitionListener* listener_ = nullptr;
  PartitionState state_;
  bool find_next_ = false;
  std::int32_t leader_epoch_;
  std::int32_t state_epoch_ = 0;
  std::int32_t limit_at_creation_;
  std::int32_t locks_at_creation_;
  Offset start_ = 0;
  Offset end_ = 0;
  std::int64_t complete_count_ = 0;
  InFlightWindow window_;
  std::optional<GapWindow> gap_;
  FetchId fetch_lock_{};
  std::optional<FetchMetadata> fetch_metadata_;

  std::uint32_t next_hand_over_ = 1;
  std::uint32_t next_lock_ = 1;
  std::optional<std::pair<HandOverId, RequestId>> read_;
  HandOvers<PendingWrite> writes_;
  HandOvers<PendingDeadLetter> dead_letters_;
  std::vector<std::pair<std::uint32_t, InFlightState>> detached_;  ///< Id and state, see WorkItem::detached.
  std::uint32_t next_detached_ = 1;
};

}  // namespace sharelock
