#include "checker/explore/crew.h"

#include <utility>

namespace sharelock::explore {
namespace {

// The pauses between two pieces of work are a few microseconds: shorter than it takes to sleep and be woken.
constexpr int spins_max = 4000;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Waits until `value` is no longer `old`; a little while awake, then asleep.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  for (int spin = 0; spin < spins_max; ++spin) {
    if (const std::uint32_t now = value.load(std::memory_order_acquire); now != old) return now;
    relax();
  }
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

}  // namespace

Crew::Crew(unsigned jobs) {
  for (unsigned job = 1; job < jobs; ++job) threads_.emplace_back([this, job] { serve(job); });
}

Crew::~Crew() {
  closing_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Crew::run_all(std::function<void(unsigned)> work) {
  work_ = std::move(work);
  busy_.store(static_cast<std::uint32_t>(threads_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  do_job(0);
  for (std::uint32_t busy = busy_.load(std::memory_order_acquire); busy > 0;) busy = wait_for_change(busy_, busy);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Crew::serve(unsigned job) {
  for (std::uint32_t seen = 0;;) {
    seen = wait_for_change(round_, seen);
    if (closing_) return;
    do_job(job);
    busy_.fetch_sub(1, std::memory_order_release);
    busy_.notify_all();
  }
}

void Crew::do_job(unsigned job) {
  try {
    work_(job);
  } catch (...) {
    const std::lock_guard lock{failure_mutex_};
    failure_ = std::current_exception();
  }
}

}  // namespace sharelock::explore
