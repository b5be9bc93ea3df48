// The timer of the oracle: acquisition locks in the order in which they fire, which is by deadline and then by start.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/partition/outbox.h"

namespace sharelock::interop {

/// Fires nothing on its own. Cancelled locks are forgotten lazily.
class VirtualTimer {
 public:
  void start(const AcquisitionLock& lock);
  void cancel(LockId lock);
  /// True if the lock was cancelled, before or after it fired.
  bool is_cancelled(LockId lock) const { return state_of(lock) == State::cancelled; }

  /// Removes the first live lock with a deadline not after `limit`.
  std::optional<AcquisitionLock> take_due(TimeMs limit);
  /// Removes a live lock that is to fire out of its turn.
  void take(LockId lock);
  /// The live locks in firing order, valid until the next change.
  const std::vector<AcquisitionLock>& alive();

 private:
  enum class State : std::uint8_t { none, alive, fired, cancelled };
  struct Later;

  // Lock ids are given in the order of start and without gaps, so they are the order of equal deadlines, too.
  State state_of(LockId lock) const { return lock.value() < states_.size() ? states_[lock.value()] : State::none; }
  void drop_dead();

  std::vector<AcquisitionLock> heap_;  ///< Earliest on top; also dead ones.
  std::size_t dead_ = 0;               ///< How many of heap_ are no longer alive.
  std::vector<State> states_;          ///< By lock id.
  std::vector<AcquisitionLock> sorted_;
};

}  // namespace sharelock::interop
