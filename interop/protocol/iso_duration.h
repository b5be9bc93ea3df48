// Durations as `share.auto.offset.reset=by_duration:PT1H30M` writes them.
#pragma once

#include <string_view>

namespace sharelock::interop {

/// Whether Kafka takes this text for a duration: what Java's Duration.parse accepts, not negative, within its range.
bool is_iso_duration(std::string_view text);

}  // namespace sharelock::interop
