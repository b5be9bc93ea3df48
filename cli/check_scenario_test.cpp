// What `sharelock check FILE` finds, tells and returns, on worlds that are searched in a moment.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/run_program.h"

namespace sharelock::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string scenarios = SHARELOCK_SOURCE_DIR "/scenarios/";

/// Two members, each record delivered once at most, only accepted, nothing closed.
std::string small(const std::string& check) {
  return R"(scenario: small
bounds: off
group: { share.auto.offset.reset: earliest, share.delivery.count.limit: 1 }
members: [m1, m2]
check: { acknowledge: accept, commits: false, closes: false, )" +
         check + " }\n";
}

Ran check(const std::string& text, const std::string& arguments = "") {
  const TemporaryFile file{"check.yaml", text};
  return run_program("check " + file.path() + " " + arguments);
}

TEST(CheckScenario, IdealIsCleanUpToItsBoundAndSaysTheBound) {
  const Ran ran = check(small("records: 2, faults: 0"), "--profile ideal");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("small  HELD\n"));
  EXPECT_THAT(ran.out, HasSubstr("With 2 records and no fault every state"));
  EXPECT_THAT(ran.out, HasSubstr("delivery limit 1 (Kafka's least is 2)"));
}

TEST(CheckScenario, ADefectOfAReleaseIsToldAsAStoryWithWhatRepairsIt) {
  const Ran ran = check(small("records: 2, faults: 1"));
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("small  VIOLATED  SPSO\n"));
  EXPECT_THAT(ran.out, HasSubstr("has expired"));
  EXPECT_THAT(ran.out, HasSubstr("passes    with unwritten-archive-passes\n"));
}

TEST(CheckScenario, ASwitchThatIsRepairedMakesTheSameWorldClean) {
  const Ran ran = check(small("records: 2, faults: 0"), "--set unwritten-archive-passes=off");
  EXPECT_THAT(ran.out, Not(HasSubstr("VIOLATED  SPSO"))) << ran.out;
}

TEST(CheckScenario, WithAllItGoesOnWithWhatCausedAViolationRepaired) {
  const TemporaryFile plan{"all.plan", ""};
  const std::string second = plan.path().substr(0, plan.path().size() - 5) + "-2.plan";
  const std::string text = small("records: 2, faults: 0");
  const std::string mutants = "--profile ideal --set expiry.ignore-cancel=on --set unwritten-archive-passes=on ";
  const Ran ran = check(text, mutants + "--all --plan " + plan.path());
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("small  VIOLATED  SPSO\n"));
  EXPECT_THAT(ran.out, HasSubstr("small  VIOLATED  TMR\n"));
  EXPECT_THAT(ran.out, HasSubstr("small  HELD\n"));
  EXPECT_THAT(ran.out, HasSubstr("SPSO, passes with unwritten-archive-passes\n"));
  EXPECT_THAT(ran.out, HasSubstr("TMR, passes with expiry.ignore-cancel\n"));
  EXPECT_EQ(run_program("replay " + plan.path()).code, 1);
  EXPECT_EQ(run_program("replay " + second).code, 1);
  std::filesystem::remove(second);
}

TEST(CheckScenario, ATimeThatIsOverIsExitCode3) {
  EXPECT_EQ(check(small("records: 2, faults: 1"), "--profile ideal --for 1ms").code, 3);
}

TEST(CheckScenario, ThePlanOfAViolationIsPlayedByReplay) {
  const TemporaryFile plan{"check.plan", ""};
  EXPECT_EQ(check(small("records: 2, faults: 0"), "--plan " + plan.path()).code, 1);
  EXPECT_THAT(plan.content(), HasSubstr("breaks SPSO\n"));
  const Ran again = run_program("replay " + plan.path());
  EXPECT_EQ(again.code, 1) << again.out;
  EXPECT_THAT(again.out, HasSubstr("small  VIOLATED  SPSO"));
}

TEST(CheckScenario, RoundsGrowByRecordsThenByFaultsAndHalfBatchesMakeNoRound) {
  const Ran ran = check(small("records: 2, batch: 2, faults: 1, fault kinds: { crash: 1 }, locks expire: false"),
                        "--profile ideal --format json");
  ASSERT_EQ(ran.code, 0) << ran.out;
  const nlohmann::json result = nlohmann::json::parse(ran.out);
  EXPECT_EQ(result["verdict"], "held");
  EXPECT_EQ(result["complete_to"], nlohmann::json::parse(R"([{"records": 2, "faults": 1, "deviations": null}])"));
  ASSERT_EQ(result["rounds"].size(), 2U);
  EXPECT_EQ(result["rounds"][0]["faults"], 0);
  EXPECT_EQ(result["rounds"][1]["faults"], 1);
  EXPECT_LT(result["rounds"][0]["states"], result["rounds"][1]["states"]);
}

TEST(CheckScenario, RoundsGrowByFaultsAndByDeviations) {
  const Ran ran =
      check(small("records: 1, faults: 1, deviations: 1, fault kinds: { crash: 1 }"), "--profile ideal --format json");
  ASSERT_EQ(ran.code, 0) << ran.out;
  const nlohmann::json result = nlohmann::json::parse(ran.out);
  EXPECT_EQ(result["complete_to"], nlohmann::json::parse(R"([{"records": 1, "faults": 1, "deviations": 1}])"));
  std::vector<std::pair<int, int>> rounds;
  for (const auto& round : result["rounds"]) rounds.emplace_back(round["faults"], round["deviations"]);
  EXPECT_THAT(rounds,
              testing::UnorderedElementsAre(std::pair{0, 0}, std::pair{0, 1}, std::pair{1, 0}, std::pair{1, 1}));
  EXPECT_EQ(rounds.front(), (std::pair{0, 0}));
  EXPECT_EQ(rounds.back(), (std::pair{1, 1}));
}

TEST(CheckScenario, WhatPromisesEventuallyIsJudgedWhereNothingIsUnderWay) {
  const Ran ran =
      run_program("check " + scenarios + "mutants/reload.yaml --profile ideal --set acquire.keep-compacted=on");
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("reload  VIOLATED  PROG\n"));
  EXPECT_THAT(ran.out, HasSubstr("passes    with acquire.keep-compacted\n"));
}

TEST(CheckScenario, SymmetryAndThreadsDoNotChangeTheStory) {
  const std::string text = small("records: 2, faults: 0");
  const auto story = [&](const std::string& options) {
    const nlohmann::json result = nlohmann::json::parse(check(text, "--format json " + options).out);
    return result["story"]["story"];
  };
  const nlohmann::json told = story("");
  EXPECT_FALSE(told.empty());
  EXPECT_EQ(story("--jobs 2"), told);
  EXPECT_EQ(story("--no-symmetry"), told);
}

TEST(CheckScenario, WhatMemoryCutsShortIsExitCode3AndSaysHowFarItCame) {
  const Ran ran = check("scenario: large\nmembers: [m1, m2, m3]\ngroup: { share.auto.offset.reset: earliest }\n",
                        "--profile ideal --memory 64MiB");
  EXPECT_EQ(ran.code, 3) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("large  TRUNCATED  out of memory\n"));
  EXPECT_THAT(ran.out, HasSubstr("every claim held in all that"));
}

TEST(CheckScenario, TheShippedWorldsFindDefectsOf44) {
  const Ran two = run_program("check " + scenarios + "two-records.yaml");
  EXPECT_EQ(two.code, 1);
  EXPECT_THAT(two.out, HasSubstr("two-records  VIOLATED  SPSO"));
  const Ran released = run_program("check " + scenarios + "narrow-window.yaml");
  EXPECT_EQ(released.code, 1);
  EXPECT_THAT(released.out, HasSubstr("narrow-window  VIOLATED  WAKE"));
  const Ran narrow = run_program("check " + scenarios + "narrow-window.yaml --set silent-availability=off");
  EXPECT_EQ(narrow.code, 1);
  EXPECT_THAT(narrow.out, HasSubstr("narrow-window  VIOLATED  TMR"));
}

TEST(CheckScenario, OptionsThatMakeNoSenseAreRefused) {
  const auto refused = [](const std::string& arguments, const std::string& complaint) {
    const Ran ran = run_program("check " + arguments);
    EXPECT_EQ(ran.code, 64) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(complaint));
  };
  const std::string file = scenarios + "two-records.yaml";
  refused("", "nothing to check");
  refused(file + " --benchmark 1,1,1,1,1", "either a scenario or --benchmark");
  refused(file + " --liveness", "are for --benchmark");
  refused(file + " --profile 4.5", "unknown profile '4.5'");
  refused(file + " --memory 1MiB", "too low");
  refused("--benchmark 1,1,1,1,1 --plan x.plan", "are for scenarios");
  refused("/no/such/file.yaml", "cannot be opened");
  const Ran misspelt = check(small("recods: 2"));
  EXPECT_EQ(misspelt.code, 64);
  EXPECT_THAT(misspelt.out, HasSubstr("did you mean 'records'?"));
}

}  // namespace
}  // namespace sharelock::cli
