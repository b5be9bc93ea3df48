// The bounds of a world in words, for reports.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/world/settings.h"

namespace sharelock::cli {

/// What may happen at most, for whoever reads the verdict: name and words.
std::vector<std::pair<std::string, std::string>> words_for_bounds(const WorldSettings& world);

}  // namespace sharelock::cli
