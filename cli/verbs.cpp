#include "cli/verbs.h"

#include <array>

namespace sharelock::cli {

std::span<const Verb> all_verbs() {
  static const std::array verbs{run_verb, replay_verb, list_verb, check_verb, fuzz_verb, mutants_verb, conform_verb};
  return verbs;
}

}  // namespace sharelock::cli
