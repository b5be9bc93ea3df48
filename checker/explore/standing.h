// How a search stands between two rounds: everything that it needs to go on, besides the states themselves; and how
// both are written into checkpoints.
#pragma once

#include <cstdint>
#include <optional>

#include "checker/explore/chunk.h"
#include "checker/explore/counters.h"
#include "checker/explore/depth_first.h"
#include "checker/explore/known_states.h"

namespace sharelock::explore {

struct Standing {
  StateIndex initial_states = 0;
  StateIndex next = 0;       ///< The first state that is not expanded yet.
  StateIndex level_end = 0;  ///< The first state that is not of the level at hand.
  std::uint64_t level = 0;   ///< In depth-first order: the longest path.
  Counters counters;
  Counters counters_at_level;  ///< As they were when the level began.
  std::optional<Finding> least;
  double seconds = 0;
};

/// Writes the search into records, each holding only the states that the one before did not. With hash compaction a
/// breadth-first search must write one at the beginning of every level, before the encodings are forgotten.
class CheckpointWriter {
 public:
  /// Bytes of encodings, about, that the next record will hold.
  std::uint64_t unwritten_bytes(const KnownStates& known) const;

  /// @param path  That of a depth-first search; null in breadth-first order.
  /// What is new since the last call, and how the search stands. The result lives until the next call.
  Bytes record(const KnownStates& known, const Standing& standing, const DepthPath* path);

  /// Takes up a record that record() wrote; those before it must have been taken up.
  void restore(Bytes record, KnownStates& known, Standing& standing, DepthPath* path);

 private:
  std::uint64_t states_written_ = 0;
  std::size_t chunks_written_ = 0;
  ByteBuffer bytes_;
};

}  // namespace sharelock::explore
