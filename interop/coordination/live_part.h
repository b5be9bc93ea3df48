// Compares a part of the coordination side with the real classes, live: the same drawn requests to both, every answer
// compared, a difference shortened.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "interop/coordination/answer_comparison.h"
#include "interop/coordination/model_answers.h"
#include "interop/coordination/part.h"
#include "interop/oracle/answerer.h"

namespace sharelock::interop {

/// The first difference in a life.
struct PartDifference {
  Life life;  ///< Its last request is the one that is answered differently.
  CoordinationDifference what;
};

/// What was compared without difference.
struct PartCounts {
  std::uint64_t lives = 0;
  std::uint64_t operations = 0;  ///< Requests, those that begin a life included.
  std::map<std::string, std::uint64_t, std::less<>> per_operation;
  std::map<std::string, std::uint64_t, std::less<>> per_error;  ///< NONE included.
  std::vector<std::uint64_t> situations;                        ///< In the order of the part's.
};

struct PartComparison {
  PartCounts counts;
  std::optional<PartDifference> difference;  ///< Shortened as far as the same request still differs.
};

/// Draws lives until `go_on` says no or the first difference is found.
/// @param profile   The switches of the release that `kafka` is of.
/// @param go_on     Asked before each life with the number of requests drawn so far.
/// @param progress  Called now and then with the counts so far.
PartComparison compare_part(Answerer& kafka, const Part& part, const Profile& profile, std::uint64_t seed,
                            const std::function<bool(std::uint64_t)>& go_on,
                            const std::function<void(const PartCounts&)>& progress);

/// The first difference of one life, which is cut off behind it; none if every answer is equal.
std::optional<PartDifference> compare_life(Answerer& kafka, const Profile& profile, const Life& life);

/// A shorter life in which the same kind of request is answered differently at the same place of the answer's form.
PartDifference shortened(Answerer& kafka, const Profile& profile, PartDifference difference);

}  // namespace sharelock::interop
