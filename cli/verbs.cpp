#include "cli/verbs.h"

#include <array>

namespace sharelock::cli {

std::span<const Verb> all_verbs() {
  static const std::array verbs{check_verb, conform_verb};
  return verbs;
}

}  // namespace sharelock::cli
