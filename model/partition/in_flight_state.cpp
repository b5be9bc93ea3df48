#include "model/partition/in_flight_state.h"

namespace sharelock {

bool InFlightState::update(RecordState to, std::int32_t delivery_delta, const DeliveryRule& rule, MemberId owner) {
  if (pending_) return false;
  if (to == RecordState::available && delivery_count_ >= rule.limit) to = rule.exhausted();
  const bool legal =
      to != state_ && !is_terminal(state_) && (state_ != RecordState::available || to == RecordState::acquired);
  if (!legal) return false;
  state_ = to;
  if (to != RecordState::archived) delivery_count_ += delivery_delta;
  owner_ = owner;
  return true;
}

bool InFlightState::begin(RecordState to, const DeliveryRule& rule) {
  // What is remembered is always ACQUIRED with the present count: only an acquired record is acknowledged (SP-81).
  const MemberId owner = owner_;
  if (!update(to, 0, rule, nobody)) return false;
  pending_ = true;
  rollback_owner_ = owner;
  rollback_limit_ = rule.limit;
  return true;
}

void InFlightState::commit() {
  drop_lock();
  pending_ = false;
  rollback_owner_ = {};
  rollback_limit_ = 0;
}

void InFlightState::roll_back(RecordState given_back) {
  if (sticky_) return commit();
  if (lock_.expired) {
    state_ = given_back;
    owner_ = nobody;
    drop_lock();
  } else {
    state_ = RecordState::acquired;
    owner_ = rollback_owner_;
  }
  pending_ = false;
  rollback_owner_ = {};
  rollback_limit_ = 0;
}

void InFlightState::archive() {
  sticky_ = true;
  state_ = RecordState::archived;
  owner_ = nobody;
  drop_lock();
}

void InFlightState::inherit_transition(const InFlightState& whole) {
  pending_ = whole.pending_;
  rollback_owner_ = whole.rollback_owner_;
  rollback_limit_ = whole.rollback_limit_;
  sticky_ = whole.sticky_;
  unwritten_ = whole.unwritten_;
  lock_.expired = whole.lock_.expired;
}

}  // namespace sharelock
