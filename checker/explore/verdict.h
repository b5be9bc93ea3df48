// What a search is told, and what it says in the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/model.h"
#include "checker/explore/state_store.h"

namespace sharelock::explore {

enum class Order : std::uint8_t {
  breadth_first,  ///< The first counterexample is a shortest one.
  depth_first,    ///< Goes deep at once; one thread; a counterexample may be far longer than need be.
};

/// How far a search has come; told now and then to whoever watches.
struct Progress {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t level = 0;     ///< Steps from the beginning; in depth-first order, the length of the path at hand.
  std::uint64_t frontier = 0;  ///< States that wait to be expanded.
  double table_load = 0;       ///< Used slots of the table over all slots.
};

struct SearchOptions {
  Order order = Order::breadth_first;
  Storage storage = Storage::exact;
  bool symmetry = false;  ///< Keeps one state of each orbit; needs a model that has interchangeable members.
  bool reduce = false;    ///< Takes only the independent step where the model names one.
  unsigned jobs = 1;      ///< Threads of a breadth-first search; the outcome does not depend on it.
  /// Memory that the search may use, in bytes, whatever it is used for; at least memory_min.
  std::uint64_t memory_max = std::uint64_t{4} << 30;
  std::string checkpoint;                              ///< A file to go on from and to save to; none if empty.
  std::chrono::milliseconds checkpoint_every{30'000};  ///< Time between two savings.
  std::function<bool()> interrupted = {};              ///< True: save, stop, and say that the search is truncated.
  std::function<void(const Progress&)> progress = {};  ///< Called now and then, from the thread that searches.

  static constexpr std::uint64_t memory_min = std::uint64_t{64} << 20;
};

/// One step of a story: what happened, and what it changed.
struct ToldStep {
  std::string step;
  std::vector<std::string> changes;  ///< "field: before -> after", in the order in which the model tells its fields.
};

/// How something wrong comes about, from an initial state on.
struct Counterexample {
  Violation violation;
  std::vector<std::string> beginning;  ///< The fields of the initial state.
  std::vector<ToldStep> steps;
};

/// How often the steps of one class were taken.
struct StepCount {
  std::string name;
  std::uint64_t taken = 0;
};

enum class Ending : std::uint8_t {
  complete,  ///< Every reachable state was found.
  violated,  ///< A violation ended the search.
  out_of_memory,
  interrupted,
};

struct Verdict {
  Ending ending = Ending::complete;
  std::uint64_t states = 0;
  /// Fired action instances; with symmetry those of the canonical states, with reduction those that were taken.
  std::uint64_t transitions = 0;
  std::uint64_t enabled = 0;  ///< What `transitions` would be without reduction, counted over the states found.
  /// Steps to the farthest states found; in a truncated search of the last level that is complete. In depth-first order
  /// the length of the longest path that was followed.
  std::uint64_t diameter = 0;
  std::uint64_t dead_ends = 0;  ///< Expanded states in which nothing can happen.
  std::uint64_t expanded = 0;   ///< States whose successors were all found.
  std::uint64_t out_degree_min = 0;
  std::uint64_t out_degree_max = 0;
  std::vector<StepCount> steps;
  std::optional<Counterexample> counterexample;
  /// Expected number of states that were taken for others; 0 with exact storage.
  double expected_omissions = 0;
  double seconds = 0;                ///< Including those before the checkpoint that the search went on from.
  std::uint64_t memory_bytes = 0;    ///< What table, states and parents take in the end.
  std::uint64_t peak_rss_bytes = 0;  ///< Largest resident memory of the whole process.

  bool is_complete() const { return ending == Ending::complete; }
  double bytes_per_state() const {
    return states == 0 ? 0 : static_cast<double>(peak_rss_bytes) / static_cast<double>(states);
  }
};

/// The largest resident memory that this process had so far, in bytes.
std::uint64_t peak_rss_bytes();

/// Three quarters of the memory that this machine, or the container that we are in, has.
std::uint64_t usable_memory();

/// Expected number of pairs among `states` random numbers of 64 bits that are equal.
double expected_omissions(std::uint64_t states);

}  // namespace sharelock::explore
