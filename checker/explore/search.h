// A search of all that can happen in a model: from its beginnings to a verdict.
//
//   Search search{model, options};
//   const Verdict verdict = search.run();
//
// This is the part that is the same for every order and storage: begin or go on from a checkpoint, expand, notice what
// ends the search, tell the story.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/breadth_first.h"
#include "checker/explore/checkpoint_file.h"
#include "checker/explore/depth_first.h"
#include "checker/explore/known_states.h"
#include "checker/explore/model.h"
#include "checker/explore/path.h"
#include "checker/explore/standing.h"
#include "checker/explore/verdict.h"

namespace sharelock::explore {

/// The options as they are. Throws InputError when they contradict each other or the model: symmetry without
/// interchangeable members, a memory limit below the least.
const SearchOptions& checked(const SearchOptions& options, bool symmetric);

/// All of `options` that decides about the outcome, as a text.
std::string outcome_options(const SearchOptions& options);

/// Bytes for states, table and parents: what the memory limit leaves after the program itself and the buffers.
std::uint64_t budget_of(const SearchOptions& options);
/// Bytes for the path of a depth-first search.
std::uint64_t path_budget_of(const SearchOptions& options);

template <Model M>
class Search {
 public:
  Search(const M& model, const SearchOptions& options)
      : model_{&model},
        options_{checked(options, Symmetric<M>)},
        known_{options.storage, encoded_size(model), budget_of(options)} {
    standing_.counters = standing_.counters_at_level = Counters{model.step_classes().size()};
  }

  /// Searches until everything is found, a claim is broken, memory is used up, or it is interrupted.
  Verdict run() {
    begun_ = last_saved_ = last_told_ = Clock::now();
    if (options_.order == Order::breadth_first)
      run_breadth_first();
    else
      run_depth_first();
    return verdict();
  }

  const KnownStates& known() const { return known_; }
  /// How many initial states there are; they have the least indices.
  StateIndex initial_states() const { return standing_.initial_states; }

 private:
  using Clock = std::chrono::steady_clock;

  void run_breadth_first() {
    BreadthFirst<M> engine{*model_, options_, known_};
    open_checkpoint(nullptr);
    if (known_.size() == 0) {
      add_initial_states();
      if (ending_ == Ending::complete) look_around(nullptr, true);
    } else {
      engine.go_on_from(standing_.counters, standing_.least);
    }
    while (ending_ == Ending::complete && standing_.next < standing_.level_end) {
      standing_.next = engine.advance(standing_.next, standing_.level_end);
      standing_.counters = engine.counters();
      standing_.least = engine.least();
      if (engine.full()) ending_ = Ending::out_of_memory;
      // How far beyond that parent it came depends on the number of threads.
      if (engine.full() && standing_.least && standing_.least->parent > *engine.full()) standing_.least.reset();
      const bool level_done = ending_ == Ending::complete && standing_.next == standing_.level_end;
      if (standing_.least && (level_done || engine.full())) ending_ = Ending::violated;
      if (level_done && ending_ == Ending::complete) begin_level();
      if (ending_ == Ending::complete) look_around(nullptr, level_done && options_.storage == Storage::compact);
    }
    full_ = engine.full().has_value();
    if (ending_ == Ending::violated && standing_.least)
      path_ = path_to(known_.parents(), standing_.least->parent, standing_.initial_states);
  }

  void run_depth_first() {
    // A checkpoint holds a copy of the path.
    const std::uint64_t path_bytes_max = path_budget_of(options_) / (options_.checkpoint.empty() ? 1 : 3);
    DepthFirst<M> engine{*model_, options_, known_, path_bytes_max};
    open_checkpoint(&engine.path());
    if (known_.size() == 0)
      add_initial_states();
    else
      engine.go_on_from(standing_.counters, standing_.level);
    // `next` counts the initial states that were begun at.
    while (ending_ == Ending::complete) {
      if (engine.path().frames.empty()) {
        if (standing_.next == standing_.initial_states) break;
        begin_at(engine, standing_.next++);
      }
      for (int steps = 0; steps < 1024 && engine.step(); ++steps) continue;
      standing_.counters = engine.counters();
      standing_.level = engine.longest();
      standing_.least = engine.least();
      if (engine.full()) ending_ = Ending::out_of_memory;
      if (standing_.least) ending_ = Ending::violated;
      if (ending_ == Ending::complete) look_around(&engine.path(), false);
    }
    if (standing_.least)
      for (const Frame& frame : engine.path().frames) path_.push_back(frame.state);
  }

  void begin_at(DepthFirst<M>& engine, StateIndex index) {
    ByteBuffer bytes;
    CanonicalEncoder<M> encoder{*model_, options_.symmetry};
    PathFinder<M> finder{*model_, known_, options_.symmetry};
    encoder.encode(finder.beginning(index), bytes);
    engine.begin_at(index, bytes.from(0));
  }

  void add_initial_states() {
    CanonicalEncoder<M> encoder{*model_, options_.symmetry};
    ByteBuffer bytes;
    for (const auto& state : model_->initial_states()) {
      bytes.clear();
      encoder.encode(state, bytes);
      const std::uint64_t hash = hash_of(bytes.from(0));
      if (known_.find(hash, bytes.from(0)) != no_state) continue;
      known_.add(hash, bytes.from(0));
      if (auto violation = model_->violation(state); violation && !broken_from_the_start_) {
        broken_from_the_start_ = std::move(violation);
        path_ = {static_cast<StateIndex>(known_.size() - 1)};
        ending_ = Ending::violated;
      }
    }
    standing_.initial_states = static_cast<StateIndex>(known_.size());
    standing_.level_end = standing_.initial_states;
    known_.store().begin_level();
  }

  void begin_level() {
    standing_.level_end = static_cast<StateIndex>(known_.size());
    if (standing_.next == standing_.level_end) return;
    ++standing_.level;
    standing_.counters_at_level = standing_.counters;
    known_.store().begin_level();
  }

  void open_checkpoint(DepthPath* path) {
    if (options_.checkpoint.empty()) return;
    const Digest digest = digest_of(model_->identity() + "\n" + outcome_options(options_));
    checkpoint_ = std::make_unique<CheckpointFile>(
        options_.checkpoint, digest, [&](Bytes record) { writer_.restore(record, known_, standing_, path); });
    seconds_before_ = standing_.seconds;
    if (known_.size() > 0) known_.make_room(known_.size(), [] {}), known_.fill_table([](std::size_t) { return true; });
  }

  /// Between rounds: save if it is time to, tell how far it is, stop if asked to.
  void look_around(const DepthPath* path, bool must_save) {
    constexpr std::uint64_t unwritten_max = std::uint64_t{16} << 20;
    constexpr auto tell_every = std::chrono::milliseconds{200};
    const auto now = Clock::now();
    const bool stop = options_.interrupted && options_.interrupted();
    if (stop) ending_ = Ending::interrupted;
    if (checkpoint_ && (must_save || stop || now - last_saved_ >= options_.checkpoint_every ||
                        writer_.unwritten_bytes(known_) > unwritten_max)) {
      standing_.seconds = seconds();
      checkpoint_->append(writer_.record(known_, standing_, path));
      last_saved_ = Clock::now();
    }
    if (options_.progress && now - last_told_ >= tell_every) {
      const std::uint64_t frontier = path == nullptr ? known_.size() - standing_.next : path->frames.size();
      const double load = static_cast<double>(known_.size()) / static_cast<double>(known_.table().capacity());
      options_.progress({known_.size(), standing_.counters.transitions, standing_.level, frontier, load});
      last_told_ = now;
    }
  }

  double seconds() const { return seconds_before_ + std::chrono::duration<double>(Clock::now() - begun_).count(); }

  Verdict verdict() {
    // A search that stopped inside a level answers for the levels that are complete, so that the answer is the same
    // wherever in the level it stopped.
    const bool inside = options_.order == Order::breadth_first &&
                        (full_ || ending_ == Ending::out_of_memory || ending_ == Ending::interrupted);
    const Counters& counters = inside ? standing_.counters_at_level : standing_.counters;
    Verdict verdict;
    verdict.ending = ending_;
    verdict.states = inside ? standing_.level_end : known_.size();
    verdict.transitions = counters.transitions;
    verdict.enabled = counters.enabled;
    verdict.diameter = standing_.level + (ending_ == Ending::violated && !inside && found_beyond_level() ? 1 : 0);
    verdict.dead_ends = counters.dead_ends;
    verdict.expanded = counters.expanded;
    verdict.out_degree_min = counters.expanded == 0 ? 0 : counters.out_degree_min;
    verdict.out_degree_max = counters.out_degree_max;
    const std::vector<StepClass> classes = model_->step_classes();
    for (std::size_t i = 0; i < classes.size(); ++i) verdict.steps.push_back({classes[i].name, counters.taken[i]});
    if (options_.storage == Storage::compact) verdict.expected_omissions = expected_omissions(known_.size());
    if (!path_.empty()) {
      verdict.counterexample = PathFinder<M>{*model_, known_, options_.symmetry}.tell(path_, standing_.least);
      if (broken_from_the_start_) verdict.counterexample->violation = *broken_from_the_start_;
    }
    verdict.memory_bytes = known_.memory();
    verdict.seconds = seconds();
    verdict.peak_rss_bytes = peak_rss_bytes();
    return verdict;
  }

  bool found_beyond_level() const {
    return options_.order == Order::breadth_first && known_.size() > standing_.level_end;
  }

  const M* model_;
  SearchOptions options_;
  KnownStates known_;
  Standing standing_;
  Ending ending_ = Ending::complete;
  bool full_ = false;
  std::optional<Violation> broken_from_the_start_;
  std::vector<StateIndex> path_;  ///< To what breaks a claim.
  std::unique_ptr<CheckpointFile> checkpoint_;
  CheckpointWriter writer_;
  Clock::time_point begun_, last_saved_, last_told_;
  double seconds_before_ = 0;
};

/// Searches `model` and says what was found.
template <Model M>
Verdict search(const M& model, const SearchOptions& options = {}) {
  return Search<M>{model, options}.run();
}

}  // namespace sharelock::explore
