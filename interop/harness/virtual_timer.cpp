#include "interop/harness/virtual_timer.h"

#include <algorithm>

namespace sharelock::interop {

struct VirtualTimer::Later {
  bool operator()(const AcquisitionLock& a, const AcquisitionLock& b) const {
    return a.expires_at != b.expires_at ? b.expires_at < a.expires_at : b.id < a.id;
  }
};

void VirtualTimer::start(const AcquisitionLock& lock) {
  if (states_.size() <= lock.id.value()) states_.resize(std::max<std::size_t>(lock.id.value() + 1, states_.size() * 2));
  states_[lock.id.value()] = State::alive;
  heap_.push_back(lock);
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

void VirtualTimer::cancel(LockId lock) {
  State& state = states_[lock.value()];
  if (state == State::alive) ++dead_;
  state = State::cancelled;
  if (dead_ > 32 && dead_ > heap_.size() / 2) drop_dead();
}

std::optional<AcquisitionLock> VirtualTimer::take_due(TimeMs limit) {
  while (!heap_.empty() && heap_.front().expires_at <= limit) {
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    const AcquisitionLock lock = heap_.back();
    heap_.pop_back();
    State& state = states_[lock.id.value()];
    if (state == State::alive) {
      state = State::fired;
      return lock;
    }
    --dead_;
  }
  return std::nullopt;
}

void VirtualTimer::take(LockId lock) {
  states_[lock.value()] = State::fired;
  ++dead_;
}

const std::vector<AcquisitionLock>& VirtualTimer::alive() {
  drop_dead();
  sorted_ = heap_;
  std::ranges::sort(sorted_, [](const auto& a, const auto& b) { return Later{}(b, a); });
  return sorted_;
}

void VirtualTimer::drop_dead() {
  if (dead_ == 0) return;
  std::erase_if(heap_, [&](const AcquisitionLock& lock) { return state_of(lock.id) != State::alive; });
  std::make_heap(heap_.begin(), heap_.end(), Later{});
  dead_ = 0;
}

}  // namespace sharelock::interop
