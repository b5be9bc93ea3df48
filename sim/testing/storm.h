// For tests: a scenario in which much happens.
#pragma once

#include "sim/scenario.h"

namespace sharelock {

/// Two members work off forty records in a storm.
inline Scenario storm() {
  Scenario scenario;
  scenario.world.profile = Profile{ProfileName::ideal};
  scenario.world.groups.push_back({.name = "g"});
  scenario.world.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  for (const char* name : {"m1", "m2"}) {
    scenario.world.members.push_back({.name = name});
    scenario.behaviours.push_back({.processing = {10, 200}, .acknowledge = {8, 1, 1, 0}});
  }
  for (TimeMs at = 0; at < 8'000; at += 1'000)
    scenario.plot.push_back({.at = at, .step = {.kind = StepKind::append, .first = 0, .last = 4}});
  scenario.weather.kind = Weather::Kind::drawn;
  return scenario;
}

/// The same, where the two members join a group first, and the partition is added after a second.
inline Scenario administered_storm() {
  Scenario scenario = storm();
  scenario.world.administration = scenario.world.partition_added = true;
  scenario.plot.push_back({.at = 1'000, .step = {.kind = StepKind::partition_created}});
  return scenario;
}

}  // namespace sharelock
