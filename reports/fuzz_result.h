// What fuzzing a scenario found, ready to be told: words and numbers, no model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/run_result.h"

namespace sharelock {

struct FuzzResult {
  std::string scenario;
  std::string why;
  std::string profile;
  std::vector<std::string> switches;  ///< Set on the command line, as NAME=VALUE.
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> bounds;  ///< What may happen at most, in words.
  std::uint64_t past = 0;                                   ///< Cases of a corpus that were played first.
  std::uint64_t cases = 0;                                  ///< With those.
  std::uint64_t steps = 0;
  std::uint64_t kept = 0;         ///< Cases that showed something new.
  std::uint64_t traits = 0;       ///< What they showed: kinds of steps, effects, abstract states, pairs of them.
  std::uint64_t case_number = 0;  ///< Of the violation, from 1.
  std::vector<std::pair<std::string, std::uint64_t>> met;  ///< Every situation, and in how many cases it was met.
  std::vector<std::string> never_taken;                    ///< Kinds of steps, and faults that the bounds allow.
  std::string digest;                                      ///< Of all that was played.
  std::optional<RunResult> story{};                        ///< How a claim is broken.
  std::string again{};                                     ///< The command that does it again.

  std::vector<std::string> never_met() const;
};

/// For people: at most 80 columns, the verdict first, the command to type next last.
std::string fuzz_as_text(const FuzzResult& result);
/// One JSON object in one line, with a newline.
std::string fuzz_as_json(const FuzzResult& result);

}  // namespace sharelock
