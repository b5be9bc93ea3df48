// What a run found, ready to be told: words and numbers, no model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sharelock {

/// One thing that happened.
struct StoryLine {
  std::int64_t at_ms = 0;
  std::string who;
  std::string what;
};

struct ClaimBroken {
  std::string id;
  std::string sentence;
  std::string group;  ///< Empty where there is one group only.
  std::string what;
};

/// One run of one scenario with one seed.
struct RunResult {
  enum class Verdict : std::uint8_t { held, violated, never_seen };

  std::string scenario;
  std::string why;
  std::string profile;
  std::vector<std::string> switches{};  ///< Set on the command line, as NAME=VALUE.
  std::uint64_t seed = 0;
  Verdict verdict = Verdict::held;
  std::optional<ClaimBroken> broken{};
  bool expected = false;  ///< The scenario says that it breaks this claim on this profile.
  std::vector<StoryLine> story{};
  std::uint64_t story_left_out = 0;  ///< So many lines came before those of `story`.
  std::uint64_t claims = 0;          ///< How many were judged at every step.
  std::uint64_t steps = 0;
  std::int64_t simulated_ms = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts{};  ///< What happened how often.
  std::vector<std::pair<std::string, std::string>> weather{};   ///< Faults and their odds, where there are any.
  std::vector<std::pair<std::string, std::uint64_t>> met{};     ///< Situations, and how often.
  std::vector<std::string> never_met{};                         ///< Situations that the scenario asks for.
  std::uint64_t shrunk_from = 0;  ///< Steps of the plan before it was shortened; 0: it was not.
  std::uint64_t shrunk_to = 0;
  std::vector<std::vector<std::string>> repaired_by{};  ///< Sets of switches whose repair lets the plan pass.
  std::string digest{};
  std::string replay{};  ///< The command that plays it again.
};

/// For people: at most 80 columns, the verdict first, the command to type next last.
std::string run_as_text(const RunResult& result);
/// One JSON object in one line, with a newline.
std::string run_as_json(const RunResult& result);

}  // namespace sharelock
