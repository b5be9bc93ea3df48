// What is worth telling of a run, collected while it runs.
#pragma once

#include <deque>
#include <vector>

#include "model/interval_set.h"
#include "model/world/partition_world.h"
#include "reports/run_result.h"

namespace sharelock::cli {

/// The last lines of what happened.
class Storyteller {
 public:
  explicit Storyteller(const WorldSettings& settings) : settings_{settings} {}

  void listen(TimeMs at, const Observations& observations);
  /// Everything that was under way had its time, and nothing changed for the better.
  void end(TimeMs at);
  void write(RunResult& result) const;

 private:
  const WorldSettings& settings_;
  std::deque<StoryLine> lines_;
  std::uint64_t left_out_ = 0;
};

/// How much of what there was.
class Counter {
 public:
  explicit Counter(std::size_t groups) : delivered_first_(groups) {}

  void count(const Observations& observations);
  void write(RunResult& result) const;

 private:
  void deliver(const seen::Delivered& delivered);

  std::uint64_t written_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t again_ = 0;
  std::uint64_t inversions_ = 0;
  std::uint64_t expired_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t moves_ = 0;
  std::vector<IntervalSet> delivered_first_;  ///< Per group: what was delivered at least once.
};

}  // namespace sharelock::cli
