// The specification's notation of state batches, for tests: "100-109:A1 120:K2".
#pragma once

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/store/state_batches.h"

namespace sharelock::testing_notation {

/// A available, K acknowledged, G archiving, R archived; the number behind it is the delivery count.
inline StateBatches batches(std::string_view text) {
  constexpr std::string_view letters = "A KGR";
  StateBatches result;
  std::istringstream words{std::string{text}};
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos || colon + 2 >= word.size()) throw std::invalid_argument{word};
    const std::size_t dash = word.find('-');
    const Offset first = std::stoll(word);
    const Offset last = dash < colon ? std::stoll(word.substr(dash + 1)) : first;
    const std::size_t state = letters.find(word[colon + 1]);
    if (state == std::string_view::npos) throw std::invalid_argument{word};
    result.push_back({first, last, static_cast<RecordState>(state), std::stoi(word.substr(colon + 2))});
  }
  return result;
}

}  // namespace sharelock::testing_notation
