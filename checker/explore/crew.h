// The threads of a search: they all do one thing, and when all are done the next thing begins.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sharelock::explore {

class Crew {
 public:
  /// @param jobs  How many work at once, the caller included; at least one.
  explicit Crew(unsigned jobs);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  unsigned jobs() const { return static_cast<unsigned>(threads_.size()) + 1; }

  /// Calls `work(job)` for every job from 0 to jobs() - 1, each in its own thread, and returns when all are done.
  /// What was written before is seen by all, and what they wrote is seen after. Throws what one of them threw.
  template <class Work>
  void run(const Work& work) {
    if (threads_.empty()) return work(0U);
    run_all(std::cref(work));
  }

 private:
  void run_all(std::function<void(unsigned)> work);
  void serve(unsigned job);
  void do_job(unsigned job);

  std::function<void(unsigned)> work_;
  std::atomic<std::uint32_t> round_ = 0;
  std::atomic<std::uint32_t> busy_ = 0;
  bool closing_ = false;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace sharelock::explore
