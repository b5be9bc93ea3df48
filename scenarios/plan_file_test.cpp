#include "scenarios/plan_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "base/input_error.h"
#include "base/output_error.h"

namespace sharelock {
namespace {

std::string temporary(const std::string& name) {
  return testing::TempDir() + name;
}

TEST(PlanFile, IsReadBackAsItWasWritten) {
  const PlanFile plan{.profile = "4.2",
                      .switches = {"start-moves-back=off"},
                      .claim = "SPSO",
                      .scenario_name = "x.yaml",
                      .scenario = "scenario: x\nmembers: [m1]\n",
                      .steps = {{0, {.kind = StepKind::append, .first = 0, .last = 3}},
                                {15, {.kind = StepKind::crash, .member = MemberId{1}}}}};
  const std::string path = temporary("plan");
  write_plan(path, plan);
  const PlanFile read = read_plan(path);
  EXPECT_EQ(read.profile, plan.profile);
  EXPECT_EQ(read.switches, plan.switches);
  EXPECT_EQ(read.claim, plan.claim);
  EXPECT_EQ(read.scenario, plan.scenario);
  EXPECT_EQ(read.steps, plan.steps);
  std::remove(path.c_str());
}

TEST(PlanFile, WhatIsNoPlanIsAnErrorWithItsLine) {
  const std::string path = temporary("no-plan");
  for (const std::string text :
       {"", "hello", "sharelock plan 1\nat x fetch member=1\n", "sharelock plan 1\nat 5 eat\n",
        "sharelock plan 1\nat -5 fetch member=1\nscenario x\n", "sharelock plan 1\nprofile 4.4\n"}) {
    std::ofstream{path} << text;
    EXPECT_THROW(read_plan(path), InputError) << text;
  }
  std::remove(path.c_str());
}

TEST(PlanFile, AFullDiskIsAnError) {
  EXPECT_THROW(write_plan("/dev/full", PlanFile{}), OutputError);
  EXPECT_THROW(write_plan("/no/such/folder/plan", PlanFile{}), OutputError);
}

}  // namespace
}  // namespace sharelock
