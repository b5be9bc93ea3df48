// What a run ends with: exit codes, what was never met, and who waits for what.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/run_program.h"
#include "cli/run_scenario.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string calm = R"(scenario: calm
group: { share.auto.offset.reset: earliest }
members:
  m1: { processing: 5 ms }
plot:
  - { at: 0 s, produce: { records: 5 } }
)";

Ran run(const std::string& text, const std::string& arguments = "") {
  const TemporaryFile file{"verdict.yaml", text};
  return run_program("run " + file.path() + " " + arguments);
}

TEST(Verdict, ASituationThatNoSeedMetIsExitCode2AndSaidSo) {
  const std::string text = calm + "expect: { sometimes: [lock-expiry] }\n";
  const Ran one = run(text);
  EXPECT_EQ(one.code, 2);
  EXPECT_THAT(one.out, HasSubstr("calm  NOT SEEN"));
  EXPECT_THAT(one.out, HasSubstr("NEVER MET lock-expiry"));
  const Ran many = run(text, "--seeds 20 --jobs 2");
  EXPECT_EQ(many.code, 2);
  EXPECT_THAT(many.out, HasSubstr("NEVER MET lock-expiry"));
}

TEST(Verdict, ASituationThatOneSeedOfManyMetIsMet) {
  // One in ten: some of forty seeds have it, and some have not.
  const std::string text = R"(scenario: seldom
group: { share.auto.offset.reset: earliest }
members:
  m1: { processing: 5 ms, acknowledge: { accept: 19, release: 1 } }
plot:
  - { at: 0 s, produce: { records: 2 } }
expect: { sometimes: redelivery }
)";
  EXPECT_EQ(run(text, "--seeds 40 --profile ideal").code, 0);
  EXPECT_EQ(run(text, "--seeds 1 --profile ideal").code, 2);
}

TEST(Verdict, AViolationThatIsAskedForAndNotThereIsExitCode2) {
  const Ran ran = run(calm + "expect: { violated: SPSO }\n");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.out, HasSubstr("HELD, though a violation is expected"));
}

TEST(Verdict, AViolationMayBeAskedForOnOneProfileAlone) {
  const std::string text = calm + "expect: { violated: SPSO, on: [4.2] }\n";
  EXPECT_EQ(run(text, "--profile 4.2").code, 2);
  EXPECT_EQ(run(text, "--profile 4.4").code, 0);
}

TEST(Verdict, WhatIsUnfinishedInTheEndIsProgAndItIsToldWhoWaitsForWhat) {
  const std::string text = R"(scenario: endless
group: { share.auto.offset.reset: earliest }
members:
  m1: { processing: 1 h, renew every: 5 s }
plot:
  - { at: 0 s, produce: { records: 5 } }
expect: { finishes within: 20 s }
)";
  const Ran ran = run(text);
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("endless  VIOLATED  PROG"));
  EXPECT_THAT(ran.out, HasSubstr("the start offset stays at 0"));
  EXPECT_THAT(ran.out, HasSubstr("0 is acquired by m1"));
}

TEST(Verdict, TheDrawnFaultsArePrintedBeforeTheStory) {
  const Ran ran = run_program("run " SHARELOCK_SOURCE_DIR "/scenarios/storm.yaml --seed 4 --profile ideal");
  EXPECT_EQ(ran.code, 0);
  const std::size_t weather = ran.out.find("weather");
  ASSERT_NE(weather, std::string::npos);
  EXPECT_LT(weather, ran.out.find("leader"));
}

TEST(Verdict, ListsFitOnATerminal) {
  for (const std::string what : {"switches", "claims", "faults", "situations", "scenarios"}) {
    const Ran ran = run_program("list " + what);
    EXPECT_EQ(ran.code, 0);
    std::istringstream lines{ran.out};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Verdict, WhatTheReadmeShowsIsWhatIsPrinted) {
  const std::string readme = read_text(SHARELOCK_SOURCE_DIR "/README.md");
  std::string printed;
  for (const std::string arguments : {"run scenarios/first.yaml", "run scenarios/storm.yaml --seed 7"})
    printed +=
        run_program("list claims > /dev/null; cd " SHARELOCK_SOURCE_DIR "; exec " SHARELOCK_PROGRAM " " + arguments)
            .out;
  const std::string fence = "```text\n";
  std::size_t lines = 0;
  for (std::size_t at = readme.find(fence); at != std::string::npos; at = readme.find(fence, at)) {
    at += fence.size();
    std::istringstream shown{readme.substr(at, readme.find("```", at) - at)};
    for (std::string line; std::getline(shown, line); ++lines) EXPECT_THAT(printed, HasSubstr(line + "\n"));
  }
  EXPECT_GT(lines, 30U);
}

TEST(Verdict, AfterTheStormNoFaultStrikesAndEverybodyIsBack) {
  const std::string text = read_text(SHARELOCK_SOURCE_DIR "/scenarios/storm.yaml");
  const Scenario scenario = parse_scenario(text, "storm.yaml", Profile{ProfileName::ideal}, scenario_words());
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Simulation simulation{scenario, seed};
    const SimulationOutcome outcome = simulation.run([&](const Taken& taken) {
      const bool fault = taken.step.kind == StepKind::crash || taken.step.kind == StepKind::leader_moves ||
                         taken.step.kind == StepKind::disconnect || taken.step.kind == StepKind::log_start_moves;
      EXPECT_FALSE(fault && taken.at > scenario.weather.until) << "seed " << seed;
      return true;
    });
    if (outcome.ended_at == scenario.weather.until) continue;  // All was done when the storm ended.
    for (std::uint32_t id = 1; id <= scenario.world.members.size(); ++id)
      EXPECT_TRUE(simulation.world().member(MemberId{id}).alive) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sharelock::cli
