// Plans on disk: everything that is needed to play a run again, in lines that can be read and edited.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/strong.h"
#include "model/world/step.h"

namespace sharelock {

/// A plan with what it was made for.
struct PlanFile {
  std::string profile;
  std::vector<std::string> switches;  ///< NAME=VALUE
  std::string claim;                  ///< What it breaks; empty: nothing.
  std::string scenario_name;          ///< The file that the scenario was read from.
  std::string scenario;               ///< Its text.
  std::vector<std::pair<TimeMs, Step>> steps;
};

/// @throws OutputError  if the file cannot be written completely; what it held before is kept.
void write_plan(const std::string& path, const PlanFile& plan);
/// @throws InputError  with file and line.
PlanFile read_plan(const std::string& path);

}  // namespace sharelock
