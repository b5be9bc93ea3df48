// The state of one record, or of one whole batch of records, in flight: KIP-932's record states with what Kafka keeps
// beside them (a slot, in the words of the specification).
//
// Owns:             the legal transitions (SP-4), the delivery-count rule (SP-5), pending transitions and their
// rollback. Knows nothing of: offsets, time, timers, other records.
#pragma once

#include <cstdint>

#include "model/strong.h"

namespace sharelock {

/// The ids are those of the persisted state. `archiving` exists with a dead-letter queue only (SP-131).
enum class RecordState : std::uint8_t { available = 0, acquired = 1, acknowledged = 2, archiving = 3, archived = 4 };

constexpr bool is_terminal(RecordState state) {
  return state == RecordState::acknowledged || state == RecordState::archived;
}

/// An acquisition lock, unique within the life of one share partition. Value 0 is no lock.
using LockId = Strong<struct LockIdTag, std::uint32_t>;

struct TimedLocks;

/// What a share partition holds of an acquisition lock; its range is that of the state that carries it.
struct HeldLock {
  TimeMs expires_at = 0;
  LockId id{};
  MemberId owner{};
  bool expired = false;  ///< It fired; set before its handler runs (SP-65).

  bool exists() const { return id != LockId{}; }
  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, TimedLocks& timed);
  friend bool operator==(const HeldLock&, const HeldLock&) = default;
};

/// What decides about the end of a delivery (SP-5): the limit, and where exhausted records go.
struct DeliveryRule {
  std::int32_t limit = 5;
  bool dead_letter_queue = false;

  /// Where giving back leads: archived (archiving) once the deliveries are used up.
  RecordState exhausted() const { return dead_letter_queue ? RecordState::archiving : RecordState::archived; }
};

/// One in-flight state. Regular, 40 bytes.
class InFlightState {
 public:
  InFlightState() = default;
  InFlightState(RecordState state, std::int32_t delivery_count, MemberId owner)
      : delivery_count_{delivery_count}, owner_{owner}, state_{state} {}

  RecordState state() const { return state_; }
  std::int32_t delivery_count() const { return delivery_count_; }
  MemberId owner() const { return owner_; }
  const HeldLock& lock() const { return lock_; }
  /// A transition is under way whose write is not answered yet (SP-88).
  bool is_pending() const { return pending_; }
  MemberId rollback_owner() const { return rollback_owner_; }
  std::int32_t rollback_limit() const { return rollback_limit_; }
  /// Archived for good: no answer of a write rolls it back (SP-8).
  bool is_sticky() const { return sticky_; }
  bool is_available() const { return state_ == RecordState::available && !pending_; }
  /// Terminal, and no outstanding write can change that: the start offset may pass it.
  bool is_finished() const { return is_terminal(state_) && !pending_ && !unwritten_; }
  /// Archived, and the write that says so is not answered yet (profile `ideal`).
  bool is_unwritten() const { return unwritten_; }

  /// SP-5. False, and nothing changed, if the transition is not legal (SP-4).
  bool update(RecordState to, std::int32_t delivery_delta, const DeliveryRule& rule, MemberId owner);
  /// SP-6: the update, and what a failed write will roll it back to. The lock keeps running.
  bool begin(RecordState to, const DeliveryRule& rule);
  /// SP-7: the write of the transition was confirmed.
  void commit();
  /// SP-7: the write failed. A lock that expired meanwhile lets the record go: `given_back` says where to.
  void roll_back(RecordState given_back);
  /// Whether the delivery that is pending was the last one allowed when it was acknowledged (SP-7).
  bool rollback_exhausted() const { return delivery_count_ >= rollback_limit_; }
  /// An available record without a delivery left ends as `to`, archived or archiving (profile `ideal`).
  void give_up(RecordState to) { state_ = to; }
  /// SP-8: archived whatever it was; never rolled back.
  void archive();

  void hold(const HeldLock& lock) { lock_ = lock; }
  void drop_lock() { lock_ = HeldLock{}; }
  void mark_lock_expired() { lock_.expired = true; }
  /// The member that the pending transition took it from left: a failed write does not give it back (profile `ideal`).
  void forget_member() { lock_ = HeldLock{.expired = true}; }
  /// The fired lock of a pending transition counts as gone without a trace (mutant KD-02).
  void forget_expiry() {
    if (lock_.exists() && lock_.expired) drop_lock();
  }
  /// Takes back a delivery (mutants KD-04, KD-11).
  void forget_delivery() { --delivery_count_; }
  void mark_unwritten(bool unwritten) { unwritten_ = unwritten; }
  /// Takes over pending transition and stickiness of the state of a whole batch that is being split.
  void inherit_transition(const InFlightState& whole);

  template <class Coder, class Self>
  static void code(Self& self, Coder& coder, TimedLocks& timed);

  friend bool operator==(const InFlightState&, const InFlightState&) = default;

 private:
  HeldLock lock_{};
  std::int32_t delivery_count_ = 0;
  MemberId owner_{};
  MemberId rollback_owner_{};
  std::int32_t rollback_limit_ = 0;
  RecordState state_ = RecordState::available;
  bool pending_ = false;
  bool sticky_ = false;
  bool unwritten_ = false;
};
static_assert(sizeof(InFlightState) <= 48);

}  // namespace sharelock
