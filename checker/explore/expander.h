// Expanding states: every step of every state of a chunk, and of the successors those that are not known yet.
//
// This is where a search spends its time, nearly all of it waiting for memory. So the successors of a whole chunk are
// made first, each asking for the memory that it will need; then each is looked up.
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

/// What one thread needs to expand chunks. Lends its buffers from chunk to chunk.
template <Model M>
class Expander {
 public:
  using State = typename M::State;
  using Action = typename M::Action;

  Expander(const M& model, const SearchOptions& options)
      : model_{&model},
        encoder_{model, options.symmetry},
        reduce_{options.reduce},
        counters_{model.step_classes().size()} {}

  /// Fills `chunk.candidates` with the successors of its states that `known` does not hold. `known` is only read.
  /// @param level_end  The first state that is not of this level or an earlier one.
  /// @param stretch    Another number for each set of chunks that this thread takes in step order, and that are claimed
  ///                   together.
  void expand(Chunk& chunk, const KnownStates& known, StateIndex level_end, std::uint64_t stretch) {
    successors_.clear();
    bytes_.clear();
    for (StateIndex place = 0; place < chunk.count; ++place) take_steps(known, chunk.first + place, place, level_end);
    for (Successor& successor : successors_) {
      successor.likely = known.table().likely(successor.hash);
      prefetch(known.store().address(successor.likely));
    }
    for (std::size_t i = 0; i < successors_.size(); ++i) {
      const Successor& successor = successors_[i];
      const Bytes encoding = encoding_of(i);
      if (is_known(known, successor, encoding) || is_recent(successor.hash, encoding, chunk, stretch)) continue;
      const auto begin = static_cast<std::uint32_t>(chunk.bytes.size());
      chunk.add({successor.hash, StateTable::no_slot, begin, successor.at}, encoding);
    }
  }

  /// Looks at a state that was just given its number.
  void judge(StateIndex parent, std::uint32_t step, Bytes encoding) {
    if constexpr (TellsWhatToJudge<M>)
      if (!model_->needs_judging(encoding)) return;
    model_->decode(encoding, state_);
    if (auto violation = model_->violation(state_)) keep_least(least_, {parent, step, false, std::move(*violation)});
  }

  Counters& counters() { return counters_; }
  std::optional<Finding>& least() { return least_; }
  CanonicalEncoder<M>& encoder() { return encoder_; }

 private:
  struct Successor {
    std::uint64_t hash;
    std::uint32_t begin;
    StateIndex likely;  ///< The state that it probably is.
    StepAt at;
  };

  Bytes encoding_of(std::size_t i) const {
    const std::size_t end = i + 1 < successors_.size() ? successors_[i + 1].begin : bytes_.size();
    return bytes_.part(successors_[i].begin, end - successors_[i].begin);
  }

  void take_steps(const KnownStates& known, StateIndex index, StateIndex place, StateIndex level_end) {
    model_->decode(known.store().encoding(index), state_);
    actions_.clear();
    model_->actions(state_, actions_);
    if constexpr (NamesIndependentSteps<M>)
      if (reduce_ && take_independent(known, index, place, level_end)) return;
    std::uint64_t taken = 0;
    for (std::size_t step = 0; step < actions_.size(); ++step)
      if (take(known, index, place, step)) ++taken;
    counters_.enabled += taken;
    counters_.count_state(taken);
  }

  bool take(const KnownStates& known, StateIndex index, StateIndex place, std::size_t step) {
    if (!model_->next(state_, actions_[step], after_)) return false;
    ++counters_.taken[model_->step_class(actions_[step])];
    if constexpr (JudgesSteps<M>) {
      if (auto violation = model_->step_violation(state_, actions_[step], after_))
        keep_least(least_, {index, static_cast<std::uint32_t>(step), true, std::move(*violation)});
    }
    const std::size_t begin = bytes_.size();
    encoder_.encode(after_, bytes_);
    const std::uint64_t hash = hash_of(bytes_.from(begin));
    prefetch(known.table().home_address(hash));
    successors_.push_back({hash, static_cast<std::uint32_t>(begin), 0, {place, step}});
    return true;
  }

  /// Takes the independent step alone, if there is one and it leads on to a level not yet begun. That keeps every other
  /// step from being put off for ever: along independent steps the level rises, and it cannot rise for ever.
  bool take_independent(const KnownStates& known, StateIndex index, StateIndex place, StateIndex level_end)
    requires NamesIndependentSteps<M>
  {
    const std::optional<std::size_t> step = model_->independent(state_, actions_);
    if (!step || actions_.size() < 2 || !model_->next(state_, actions_[*step], after_)) return false;
    const std::size_t begin = bytes_.size();
    encoder_.encode(after_, bytes_);
    const StateIndex target = known.find(hash_of(bytes_.from(begin)), bytes_.from(begin));
    bytes_.shrink(begin);
    if (target < level_end) return false;
    for (const Action& action : actions_)
      if (model_->next(state_, action, after_)) ++counters_.enabled;
    take(known, index, place, *step);
    counters_.count_state(1);
    return true;
  }

  static bool is_known(const KnownStates& known, const Successor& successor, Bytes encoding) {
    return known.store().same(successor.likely, successor.hash, encoding) ||
           known.find(successor.hash, encoding) != no_state;
  }

  /// Whether this thread found the same in this stretch already; if not, it has now. Most of what is found twice is
  /// found twice within a short time. Chunks are taken in step order, so the first of equals is the one that counts.
  bool is_recent(std::uint64_t hash, Bytes encoding, const Chunk& chunk, std::uint64_t stretch) {
    Recent& recent = recent_[hash % recent_.size()];
    if (recent.hash == hash && recent.stretch == stretch &&
        same_bytes(recent.chunk->encoding(recent.candidate), encoding))
      return true;
    recent = {hash, stretch, &chunk, chunk.candidates.size()};
    return false;
  }

  static constexpr std::size_t recent_size = 4096;
  struct Recent {
    std::uint64_t hash = 0;
    std::uint64_t stretch = ~std::uint64_t{0};
    const Chunk* chunk = nullptr;
    std::size_t candidate = 0;
  };

  const M* model_;
  CanonicalEncoder<M> encoder_;
  bool reduce_;
  std::vector<Recent> recent_ = std::vector<Recent>(recent_size);
  Counters counters_;
  State state_{};
  State after_{};
  std::vector<Action> actions_;
  std::vector<Successor> successors_;
  ByteBuffer bytes_;
  std::optional<Finding> least_;
};

}  // namespace sharelock::explore
