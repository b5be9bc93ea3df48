// A yardstick: defects that Kafka once had, put into the profile `ideal`, are found by scenarios that know nothing of
// them; without one the same scenarios find nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "cli/run_program.h"
#include "model/profile/profile.h"

namespace sharelock::cli {
namespace {

Ran narrow(const std::string& arguments) {
  return run_program("run " SHARELOCK_SOURCE_DIR "/scenarios/narrow.yaml --seeds 250 --jobs 2 --profile ideal " +
                     arguments);
}

std::vector<std::string> mutants() {
  // The share partition's and the session's; to see that a store is not fenced takes a claim about the store.
  std::vector<std::string> names;
  for (const SwitchInfo& info : all_switches())
    if (info.rules.starts_with("KD-") && info.rules != "KD-20") names.emplace_back(info.name);
  return names;
}

struct Mutant : ::testing::TestWithParam<std::string> {};

TEST_P(Mutant, IsFoundInAScenarioThatDoesNotKnowIt) {
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
INSTANTIATE_TEST_SUITE_P(Known, Mutant, ::testing::ValuesIn(mutants()), name_of_mutant);

TEST(Mutants, AreFourteenAndWithoutOneTheIdealHolds) {
  EXPECT_EQ(mutants().size(), 14u);
  EXPECT_EQ(narrow("").code, 0);
}

}  // namespace
}  // namespace sharelock::cli
