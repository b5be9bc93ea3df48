// A chunk: a few dozen states that one thread expands at a time, and what it found that may be new.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/explore/bytes.h"
#include "checker/explore/counters.h"
#include "checker/explore/model.h"
#include "checker/explore/state_table.h"

namespace sharelock::explore {

/// A step of a chunk: the place of its state in the chunk, and its own position among the actions of that state.
class StepAt {
 public:
  static constexpr std::size_t actions_max = std::size_t{1} << 24;

  StepAt() = default;
  StepAt(std::size_t place, std::size_t step) : packed_{static_cast<std::uint32_t>(step << 8 | place)} {}
  std::uint8_t place() const { return static_cast<std::uint8_t>(packed_); }
  std::uint32_t step() const { return packed_ >> 8; }

 private:
  std::uint32_t packed_ = 0;
};

/// A successor that was not known when its chunk was expanded.
struct Candidate {
  /// Instead of an entry: it is new, but the table is full and cannot grow.
  static constexpr StateTable::Slot lost = StateTable::no_slot - 1;

  std::uint64_t hash;
  StateTable::Slot slot = StateTable::no_slot;  ///< Its entry in the table; none if it turned out to be known.
  std::uint32_t begin;                          ///< Of its encoding in the bytes of the chunk.
  StepAt at;
};

/// Something wrong: found by taking a step, or in the state that it led to.
struct Finding {
  StateIndex parent;
  std::uint32_t step;
  bool in_step;  ///< The step breaks the claim; otherwise the state after it does.
  Violation violation;

  /// Before the other in step order?
  bool before(const Finding& other) const {
    if (parent != other.parent) return parent < other.parent;
    return step != other.step ? step < other.step : in_step && !other.in_step;
  }
};

inline void keep_least(std::optional<Finding>& least, Finding found) {
  if (!least || found.before(*least)) least = std::move(found);
}

struct Chunk {
  StateIndex first = 0;
  StateIndex count = 0;
  std::vector<Candidate> candidates;
  std::vector<std::vector<std::uint32_t>> by_owner;  ///< For each thread, the candidates in its shards of the table.
  ByteBuffer bytes;
  std::uint64_t ordinal = 0;      ///< Of its first candidate among those of the round.
  std::uint64_t first_found = 0;  ///< The index of its first new state,
  std::uint64_t begin_found = 0;  ///< and where its encoding will begin.

  Bytes encoding(std::size_t candidate) const {
    const std::size_t begin = candidates[candidate].begin;
    const std::size_t end = candidate + 1 < candidates.size() ? candidates[candidate + 1].begin : bytes.size();
    return bytes.part(begin, end - begin);
  }
  void reset(StateIndex first_state, StateIndex states) {
    first = first_state;
    count = states;
    candidates.clear();
    for (auto& owned : by_owner) owned.clear();
    bytes.clear();
  }
  void add(const Candidate& candidate, Bytes encoding) {
    // No branch that depends on the hash: nobody could predict it.
    by_owner[StateTable::shard_of(candidate.hash) % by_owner.size()].push_back(
        static_cast<std::uint32_t>(candidates.size()));
    candidates.push_back(candidate);
    bytes.append(encoding);
  }
};

}  // namespace sharelock::explore
