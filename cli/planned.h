// A plan file, read and checked: what is played and what it is played in.
#pragma once

#include <string>

#include "checker/plan.h"
#include "scenarios/plan_file.h"
#include "scenarios/scenario_reader.h"

namespace sharelock::cli {

struct Planned {
  PlanFile file;
  Scenario scenario;
  Plan plan;
};

/// Reads a plan, its scenario for the profile that the file names.
/// @throws InputError  for what is no plan, and for steps that cannot be meant.
Planned read_planned(const std::string& path);
/// The same for another profile, without the switches of the file.
Planned read_planned(const std::string& path, const Profile& profile);

}  // namespace sharelock::cli
