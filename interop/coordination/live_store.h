// Compares the model of the share coordinator and the combiner with the real classes, live: the same drawn requests to
// both, every answer compared, a difference shortened.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "interop/coordination/answer_comparison.h"
#include "interop/coordination/model_answers.h"
#include "interop/oracle/answerer.h"

namespace sharelock::interop {

/// The first difference in a life.
struct StoreDifference {
  ShardLife life;  ///< Its last request is the one that is answered differently.
  CoordinationDifference what;
};

struct StoreComparisonCounts {
  std::uint64_t lives = 0;
  std::uint64_t operations = 0;    ///< Requests to the share coordinator that were compared, `shard.new` included.
  std::uint64_t combinations = 0;  ///< Combinations that were compared.
};

struct StoreComparison {
  StoreComparisonCounts counts;
  std::optional<StoreDifference> difference;  ///< Shortened as far as the same request still differs.
};

/// Draws lives, and combinations between them, until so many operations were compared or the first difference is found.
/// @param profile   The switches of the release that `kafka` is of.
/// @param progress  Called now and then with the counts so far.
StoreComparison compare_store(Answerer& kafka, const Profile& profile, std::uint64_t seed, std::uint64_t operations,
                              const std::function<void(const StoreComparisonCounts&)>& progress);

/// The first difference of one life, which is cut off behind it; none if every answer is equal.
std::optional<StoreDifference> compare_life(Answerer& kafka, const Profile& profile, const ShardLife& life);

/// A shorter life in which the same kind of request is answered differently at the same place of the answer's form.
StoreDifference shortened(Answerer& kafka, const Profile& profile, StoreDifference difference);

}  // namespace sharelock::interop
