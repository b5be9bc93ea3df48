// What an exhaustive search of a scenario found, ready to be told: words and numbers, no model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/run_result.h"

namespace sharelock {

/// One search: everything that can happen with so many records, faults and deviations.
struct CheckRound {
  std::uint64_t faults = 0;
  std::uint64_t records = 0;
  std::optional<std::uint64_t> deviations{};  ///< How often something may begin while something is under way; any.
  enum class Ending : std::uint8_t { complete, violated, out_of_memory, interrupted } ending = Ending::complete;
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t depth = 0;  ///< Steps to the farthest state of the last complete level.
  double seconds = 0;
  std::uint64_t memory_bytes = 0;  ///< For all states, with tables.
  double expected_omissions = 0;  ///< States that were taken for others; 0 with exact storage.

  /// Whether all that can happen in `other` can happen here.
  bool covers(const CheckRound& other) const;
};

struct CheckResult {
  enum class Verdict : std::uint8_t { held, violated, truncated };

  std::string scenario;
  std::string why;
  std::string profile;
  std::vector<std::string> switches;  ///< Set on the command line, as NAME=VALUE.
  Verdict verdict = Verdict::held;
  std::vector<std::pair<std::string, std::string>> bounds;  ///< What may happen at most, in words.
  std::string method{};                                     ///< How it was searched, in words.
  std::vector<CheckRound> rounds{};                         ///< In order; all but the last are complete.
  std::vector<std::string> never_taken{};                   ///< Steps that the last round never took.
  std::uint64_t peak_rss_bytes = 0;                         ///< Largest resident memory of the process.
  std::optional<RunResult> story{};                         ///< How a claim is broken.
  std::string again{};                                      ///< The command that does it again.

  /// The rounds that are complete, without those that another one covers.
  std::vector<CheckRound> complete() const;
};

/// Their bounds: `2 records and no fault, or 1 record and 1 fault`; `nothing` if there are none.
std::string round_words(const std::vector<CheckRound>& rounds);

/// For people: at most 80 columns, the verdict first, the command to type next last.
std::string check_as_text(const CheckResult& result);
/// One JSON object in one line, with a newline.
std::string check_as_json(const CheckResult& result);

}  // namespace sharelock
