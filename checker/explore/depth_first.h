// Depth-first search: goes as deep as it can before it looks at anything else.
//
// Owns:      the path at hand, with the encoding of each state on it, so that it needs no parents and does not care how
//            states are stored.
// Therefore: it finds deep trouble early, with one thread; what it finds may lie far beyond the shortest way.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/explore/chunk.h"
#include "checker/explore/known_states.h"
#include "checker/explore/model.h"
#include "checker/explore/symmetry.h"
#include "checker/explore/verdict.h"

namespace sharelock::explore {

/// A state on the path: where its encoding begins, and its steps that may lead to something new.
struct Frame {
  StateIndex state = 0;
  std::uint32_t pending_begin = 0;
  std::uint64_t bytes_begin = 0;
};

/// The path of a depth-first search; a value that can be saved.
struct DepthPath {
  std::vector<Frame> frames;
  std::vector<std::uint32_t>
      pending;  ///< Positions of steps; those of the last frame come last, the next one at the end.
  ByteBuffer bytes;

  std::uint64_t memory() const {
    return frames.capacity() * sizeof(Frame) + pending.capacity() * sizeof(std::uint32_t) + bytes.size();
  }
};

template <Model M>
class DepthFirst {
 public:
  using State = typename M::State;
  using Action = typename M::Action;

  DepthFirst(const M& model, const SearchOptions& options, KnownStates& known, std::uint64_t path_bytes_max)
      : model_{&model},
        known_{&known},
        encoder_{model, options.symmetry},
        reduce_{options.reduce},
        path_bytes_max_{path_bytes_max},
        counters_{model.step_classes().size()} {}

  /// Begins at a state that has just become known.
  void begin_at(StateIndex index, Bytes encoding) { enter(index, encoding); }

  /// Takes one step forward or back. False: nothing is left on the path, or full() or least() is set.
  bool step() {
    if (path_.frames.empty() || least_ || full_) return false;
    const Frame frame = path_.frames.back();
    if (path_.pending.size() == frame.pending_begin) {
      path_.bytes.shrink(frame.bytes_begin);
      path_.frames.pop_back();
      return true;
    }
    const std::uint32_t step = path_.pending.back();
    path_.pending.pop_back();
    list_actions(path_.bytes.from(frame.bytes_begin));
    model_->next(state_, actions_[step], after_);
    follow(frame.state, step);
    return true;
  }

  Counters& counters() { return counters_; }
  DepthPath& path() { return path_; }
  const std::optional<Finding>& least() const { return least_; }
  bool full() const { return full_; }
  std::uint64_t longest() const { return longest_; }
  /// Takes over what was counted before a checkpoint.
  void go_on_from(const Counters& counters, std::uint64_t longest) {
    counters_ = counters;
    longest_ = longest;
  }

 private:
  void list_actions(Bytes encoding) {
    model_->decode(encoding, state_);
    actions_.clear();
    model_->actions(state_, actions_);
  }

  /// Goes on to `after_`, unless it is known.
  void follow(StateIndex parent, std::uint32_t step) {
    bytes_.clear();
    encoder_.encode(after_, bytes_);
    const Bytes encoding = bytes_.from(0);
    const std::uint64_t hash = hash_of(encoding);
    if (known_->find(hash, encoding) != no_state) return;
    if (!known_->fits(1, encoding.size()) || path_.memory() > path_bytes_max_) {
      full_ = true;
      return;
    }
    known_->add(hash, encoding);
    known_->store().begin_level();  // The path keeps the encodings that are still needed.
    if (auto violation = model_->violation(after_))
      least_ = Finding{parent, step, false, std::move(*violation)};
    else
      enter(static_cast<StateIndex>(known_->size() - 1), encoding);
  }

  void enter(StateIndex index, Bytes encoding) {
    path_.frames.push_back({index, static_cast<std::uint32_t>(path_.pending.size()), path_.bytes.size()});
    path_.bytes.append(encoding);
    longest_ = std::max<std::uint64_t>(longest_, path_.frames.size() - 1);
    list_actions(path_.bytes.from(path_.frames.back().bytes_begin));
    make_successors(index);
    // The first step in order is taken first, so it goes last.
    for (std::size_t i = successors_.size(); i-- > 0;) {
      const Successor& successor = successors_[i];
      if (known_->find(successor.hash, successors_bytes_.part(successor.begin, successor.size)) == no_state)
        path_.pending.push_back(successor.step);
    }
  }

  struct Successor {
    std::uint64_t hash;
    std::size_t begin;
    std::size_t size;
    std::uint32_t step;
  };

  void make_successors(StateIndex index) {
    successors_.clear();
    successors_bytes_.clear();
    for (std::size_t step = 0; step < actions_.size(); ++step) add_successor(index, step);
    counters_.enabled += successors_.size();
    if constexpr (NamesIndependentSteps<M>)
      if (reduce_) keep_independent();
    for (const Successor& successor : successors_) ++counters_.taken[model_->step_class(actions_[successor.step])];
    counters_.count_state(successors_.size());
  }

  void add_successor(StateIndex index, std::size_t step) {
    if (!model_->next(state_, actions_[step], after_)) return;
    if constexpr (JudgesSteps<M>) {
      if (auto violation = model_->step_violation(state_, actions_[step], after_); violation && !least_)
        least_ = Finding{index, static_cast<std::uint32_t>(step), true, std::move(*violation)};
    }
    const std::size_t begin = successors_bytes_.size();
    encoder_.encode(after_, successors_bytes_);
    const Bytes encoding = successors_bytes_.from(begin);
    const std::uint64_t hash = hash_of(encoding);
    prefetch(known_->table().home_address(hash));
    successors_.push_back({hash, begin, encoding.size(), static_cast<std::uint32_t>(step)});
  }

  /// Drops all successors but that of the independent step, if there is one and it leads to something new: so no step
  /// is put off around a cycle.
  void keep_independent()
    requires NamesIndependentSteps<M>
  {
    const std::optional<std::size_t> step = model_->independent(state_, actions_);
    if (!step) return;
    const auto kept = std::ranges::find(successors_, *step, &Successor::step);
    if (kept == successors_.end()) return;
    if (known_->find(kept->hash, successors_bytes_.part(kept->begin, kept->size)) != no_state) return;
    successors_ = {*kept};
  }

  const M* model_;
  KnownStates* known_;
  CanonicalEncoder<M> encoder_;
  bool reduce_;
  std::uint64_t path_bytes_max_;
  Counters counters_;
  DepthPath path_;
  std::uint64_t longest_ = 0;
  bool full_ = false;
  std::optional<Finding> least_;
  State state_{};
  State after_{};
  std::vector<Action> actions_;
  std::vector<Successor> successors_;
  ByteBuffer successors_bytes_;
  ByteBuffer bytes_;
};

}  // namespace sharelock::explore
