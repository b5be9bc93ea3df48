// A yardstick: defects that Kafka once had, put into the profile `ideal`, are found by scenarios that know nothing of
// them; without one the same scenarios find nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/mutant_table.h"
#include "cli/run_program.h"
#include "model/profile/profile.h"

namespace sharelock::cli {
namespace {

Ran narrow(const std::string& arguments) {
  return run_program("run " SHARELOCK_SOURCE_DIR "/scenarios/narrow.yaml --seeds 250 --jobs 2 --profile ideal " +
                     arguments);
}

std::vector<std::string> switches_of_mutants() {
  // To see that a store is not fenced takes a claim about the store; in this scenario log reads take no time, and
  // nobody joins.
  constexpr std::array elsewhere{"KD-13", "KD-15", "KD-20", "KD-21 GC-45"};
  std::vector<std::string> names;
  for (const SwitchInfo& info : all_switches())
    if (info.rules.starts_with("KD-") && std::ranges::find(elsewhere, info.rules) == elsewhere.end())
      names.emplace_back(info.name);
  return names;
}

struct KnownDefect : ::testing::TestWithParam<std::string> {};

TEST_P(KnownDefect, IsFoundInAScenarioThatDoesNotKnowIt) {
  const Ran ran = narrow("--set " + GetParam() + "=on");
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, testing::HasSubstr("passes    with " + GetParam()));
}

std::string name_of_mutant(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '.' || c == '-') c = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Known, KnownDefect, ::testing::ValuesIn(switches_of_mutants()), name_of_mutant);

TEST(Mutants, AreFifteenAndWithoutOneTheIdealHolds) {
  EXPECT_EQ(switches_of_mutants().size(), 15u);
  EXPECT_EQ(narrow("").code, 0);
}

TEST(Mutants, OfFetchesThatReadForAWhileAreFoundWhereLogReadsTakeTime) {
  const auto slow_log = [](const std::string& arguments) {
    return run_program("run " SHARELOCK_SOURCE_DIR "/scenarios/slow-log.yaml --seeds 50 --jobs 2 --profile ideal " +
                       arguments);
  };
  EXPECT_EQ(slow_log("").code, 0);
  for (const std::string name : {"fetchlock.leak-late-attempt", "fetchlock.stale-held-set"}) {
    const Ran ran = slow_log("--set " + name + "=on");
    EXPECT_EQ(ran.code, 1) << ran.out;
    EXPECT_THAT(ran.out, testing::HasSubstr("VIOLATED  LOCK"));
    EXPECT_THAT(ran.out, testing::HasSubstr("passes    with " + name));
  }
}

const std::string worlds = " --scenarios " SHARELOCK_SOURCE_DIR "/scenarios/mutants";

TEST(MutantsVerb, FindsInBothWaysAndTellsHowLongTheStoryIs) {
  const Ran ran = run_program("mutants --for 30s --jobs 2 --only KD-05 --only KD-17 --format json" + worlds);
  EXPECT_EQ(ran.code, 0) << ran.out;
  const nlohmann::json result = nlohmann::json::parse(ran.out);
  ASSERT_EQ(result["mutants"].size(), 2U);
  const nlohmann::json& first = result["mutants"][0];
  EXPECT_EQ(first["id"], "KD-05");
  EXPECT_EQ(first["found"], true);
  for (const char* const way : {"check", "fuzz"}) {
    EXPECT_EQ(first[way]["found"], true);
    EXPECT_EQ(first[way]["claim"], "SPSO");
    EXPECT_GT(first[way]["seconds"], 0);
    EXPECT_LE(first[way]["story"], 15);
    EXPECT_LE(result["mutants"][1][way]["story"], 5);
  }
}

TEST(MutantsVerb, WhatIsNotFoundInTimeIsExitCode2) {
  const Ran ran = run_program("mutants --for 1ms --only KD-08 --format json" + worlds);
  EXPECT_EQ(ran.code, 2) << ran.out;
  const nlohmann::json mutant = nlohmann::json::parse(ran.out)["mutants"][0];
  EXPECT_EQ(mutant["found"], false);
  EXPECT_EQ(mutant["check"]["claim"], nullptr);
  EXPECT_EQ(mutant["fuzz"]["story"], nullptr);
}

TEST(MutantsVerb, WhatIsCutShortIsNoVerdict) {
  // The second request to end, should it come, ends the program at once.
  const Ran ran = run_program("--version; timeout -s INT 1 " SHARELOCK_PROGRAM " mutants --for 60s --format json" +
                              worlds + "; echo code $?");
  EXPECT_THAT(ran.out, testing::HasSubstr(R"("ideal":[])")) << ran.out;
  EXPECT_THAT(ran.out, testing::Not(testing::HasSubstr(R"("id":"KD-20")")));
}

TEST(MutantsVerb, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(run_program("mutants --only KD-99" + worlds).out, testing::HasSubstr("no mutant is called 'KD-99'"));
  EXPECT_EQ(run_program("mutants --only KD-05 --scenarios /no/such/folder").code, 64);
  EXPECT_EQ(run_program("mutants --only KD-05 --for 1ms > /dev/full" + worlds).code, 74);
}

TEST(MutantsVerb, EverySwitchOfTheTableExists) {
  for (const Mutant& mutant : mutants) {
    Profile profile{ProfileName::ideal};
    EXPECT_EQ(set_switch(profile, mutant.assignment), "") << mutant.id;
  }
}

}  // namespace
}  // namespace sharelock::cli
