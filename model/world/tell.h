// What was seen, in a few words for people who know Kafka: the lines of a story.
#pragma once

#include <optional>
#include <string>

#include "model/world/observation.h"
#include "model/world/settings.h"

namespace sharelock {

/// One line: who did it, and what. No more than about 60 characters together.
struct Told {
  std::string who;
  std::string what;
};

/// Nothing for what does not help to follow a story: messages under way, locks that come and go with their records.
std::optional<Told> tell(const Observation& seen, const WorldSettings& settings);

/// `5` or `5-9`.
std::string range_text(Offset first, Offset last);

}  // namespace sharelock
