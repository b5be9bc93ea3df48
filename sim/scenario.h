// A deployment and its story: what is simulated. The readers fill it; nothing here is validated.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/chance.h"
#include "model/world/settings.h"
#include "model/world/step.h"

namespace sharelock {

/// A duration that is drawn anew each time, both ends included.
struct Durations {
  TimeMs min = 0;
  TimeMs max = 0;

  TimeMs draw(Chance& chance) const { return min == max ? min : chance.between(min, max); }
};

/// What an application does with its records.
struct Behaviour {
  enum class Decision : std::uint8_t { accept, release, reject, forget };
  static constexpr std::size_t decision_count = 4;

  TimeMs starts_at = 0;
  Durations processing{1, 1};  ///< Per record.
  /// How often a record is accepted, released, rejected, or forgotten, in proportion.
  std::array<std::uint32_t, decision_count> acknowledge{1, 0, 0, 0};
  TimeMs renew_every = 0;    ///< It renews its locks this often while it processes; 0: never.
  bool commit_each = false;  ///< It sends each acknowledgement at once, not with the next fetch.
};

/// A step of the plot: once, or again and again.
struct PlotStep {
  TimeMs at = 0;
  TimeMs every = 0;  ///< 0: once.
  std::uint64_t times = 1;
  Step step;
};

/// How often faults strike. Odds are per opportunity: a store request, or a second of virtual time.
struct Weather {
  enum class Kind : std::uint8_t { calm, drawn, listed } kind = Kind::calm;
  TimeMs until = 60'000;                            ///< Then everything is healed.
  std::vector<std::pair<std::size_t, Ratio>> odds;  ///< By index into all_faults(); when listed.
};

/// What a scenario says must come true.
struct Expectation {
  TimeMs within = 300'000;             ///< After the plot and the storm every record is finished in this time.
  std::vector<std::string> violated;   ///< Claims that are meant to be broken,
  std::vector<ProfileName> on;         ///< on these profiles; empty: on all.
  std::vector<std::string> sometimes;  ///< Situations that must be met.
};

struct Scenario {
  std::string name;
  std::string why;
  WorldSettings world;
  std::vector<Behaviour> behaviours;  ///< Of each member.
  std::vector<PlotStep> plot;
  Durations network{1, 2};  ///< One way between member and leader.
  Durations store{2, 6};    ///< One way between leader and store.
  /// Requests to the store go Kafka's way (StorePath): persisters gather them and try again, the coordinator's log is
  /// replicated late. Otherwise each goes for itself, and what a fault does to it is final.
  bool persisters = false;
  Durations log_read{0, 0};  ///< Of a fetch attempt, where log reads end later.
  Durations handler{0, 0};   ///< From a lock's firing to its handling.
  Weather weather;
  Expectation expect;
};

}  // namespace sharelock
