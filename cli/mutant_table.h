// The mutants: defects that Kafka had or has, as one switch each on the profile `ideal`. A yardstick for the checker,
// which must find them without being told what to look for.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sharelock::cli {

struct Mutant {
  std::string_view id;
  std::string_view assignment;  ///< The switch, as for --set.
  std::uint32_t events_min;     ///< Of the shortest story that is known; a request counts as one event.
};

// clang-format off: a line for each.
inline constexpr std::array mutants{
    Mutant{"KD-01", "load.skip-holes=on", 6},
    Mutant{"KD-02", "expiry.lost-on-rollback=on", 5},
    Mutant{"KD-03", "expiry.ignore-cancel=on", 4},
    Mutant{"KD-04", "expiry.limit-bypass=on", 6},
    Mutant{"KD-05", "advance.over-pending=on", 6},
    Mutant{"KD-06", "logstart.archive-first-only=on", 4},
    Mutant{"KD-07", "release.stop-at-foreign=on", 4},
    Mutant{"KD-08", "acquire.round-over-entry=on", 5},
    Mutant{"KD-09", "acquire.no-capacity=on", 3},
    Mutant{"KD-10", "acquire.keep-compacted=on", 4},
    Mutant{"KD-11", "release.count-down=on", 2},
    Mutant{"KD-12", "load.ignore-error=on", 4},
    Mutant{"KD-13", "fetchlock.leak-late-attempt=on", 4},
    Mutant{"KD-14", "wake.not-on-advance=on", 5},
    Mutant{"KD-15", "fetchlock.stale-held-set=on", 6},
    Mutant{"KD-16", "leader.keep-instance=on", 8},
    Mutant{"KD-17", "session.close-order=on", 2},
    Mutant{"KD-18", "stored-start-regresses=on", 7},
    Mutant{"KD-19", "repeated-initialise=overwrites", 7},
    Mutant{"KD-20", "store.sentinel-unfenced=on", 4},
    Mutant{"KD-21", "init.no-retry=on", 4},
    Mutant{"KD-22", "alter-bumps-epoch=off", 6},
    Mutant{"KD-23", "added-partitions=undecided", 6},
};
// clang-format on

}  // namespace sharelock::cli
