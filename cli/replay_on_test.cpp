// Plans on the released class, without Java: the model stands in for the class, or what the class answered is read
// back.
#include "cli/replay_on.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "cli/run_scenario.h"
#include "interop/oracle/model_answerer.h"

namespace sharelock::cli {
namespace {

using interop::KafkaLine;

/// A member acquires below the start offset: the log start moved into the middle of a batch (D-14).
const std::string acquires_below_start = R"(sharelock plan 1
profile 4.4
breaks OWN
at 0 fetch member=2
at 0 request-arrives member=2
at 0 append range=0-0
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 check-fetch member=2
at 0 fetch member=1
at 0 append range=0-2
at 0 log-start-moves range=3-3
at 0 request-arrives member=1
at 0 response-arrives member=1
at 0 fetch member=1
at 0 request-arrives member=1
scenario below.yaml
scenario: below
group: { share.auto.offset.reset: earliest }
members: [m1, m2]
)";

/// The first record of a batch of three is rejected; the write of that fails between the firing of the lock and its
/// handling.
const std::string fails_in_between = R"(sharelock plan 1
profile 4.4
at 0 append range=0-2
at 0 fetch member=1
at 0 request-arrives member=1
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 check-fetch member=1
at 0 response-arrives member=1
at 0 acknowledge member=1 range=0-2 type=reject
at 0 commit member=1
at 0 request-arrives member=1
at 30000 lock-fires group=1 member=1 range=0-2
at 30001 store-answers group=1 member=1 cause=acknowledgement range=0-2 error=COORDINATOR_NOT_AVAILABLE
scenario between.yaml
scenario: between
group: { share.auto.offset.reset: earliest }
members: [m1]
)";

ReplayedOn on_model(const std::string& plan, std::string_view flipped = {}) {
  const TemporaryFile file{"replay_on.plan", plan};
  const Profile profile{ProfileName::v4_4};
  Profile other = profile;
  if (!flipped.empty()) {
    EXPECT_EQ(set_switch(other, flipped), "");
  }
  interop::ModelAnswerer reference{KafkaLine::v4_4, other};
  interop::NameTable names;
  return replayed_on(read_planned(file.path(), profile), KafkaLine::v4_4, reference, names);
}

TEST(ReplayOn, AClassThatDoesWhatTheModelDoesConfirmsTheViolation) {
  const ReplayedOn replayed = on_model(acquires_below_start);
  EXPECT_EQ(replayed.verdict(), ExitCode::held);
  ASSERT_TRUE(replayed.model.broken);
  EXPECT_EQ(replayed.model.broken->id, "OWN");
  ASSERT_EQ(replayed.confirmation.objects.size(), 1u);
  EXPECT_THAT(replayed.confirmation.objects[0].answers.reference.back(), testing::HasSubstr("S=3 E=3"));
  EXPECT_EQ(replayed.confirmation.operations, 20u);
}

TEST(ReplayOn, AClassThatDoesNotIsFoundToDifferAtTheOperationThatMatters) {
  const ReplayedOn replayed = on_model(acquires_below_start, "acquires-below-start=off");
  EXPECT_EQ(replayed.verdict(), ExitCode::violated);
  const interop::ConfirmedObject& object = replayed.confirmation.objects.back();
  ASSERT_TRUE(object.answers.difference);
  EXPECT_TRUE(
      std::holds_alternative<interop::op::Acquire>(object.operations[object.answers.difference->index].operation));
}

TEST(ReplayOn, AWriteThatFailsBetweenFiringAndHandlingIsNotExpressibleThere) {
  const ReplayedOn replayed = on_model(fails_in_between);
  EXPECT_EQ(replayed.verdict(), ExitCode::budget_spent);
  ASSERT_TRUE(replayed.obstacle);
  EXPECT_THAT(replayed.obstacle->why, testing::HasSubstr("between the firing of a lock and its handling"));
  EXPECT_THAT(replayed.obstacle->step, testing::StartsWith("at 30001 store-answers"));
}

TEST(ReplayOn, AnUnknownLineOfKafkaIsBadInput) {
  const TemporaryFile file{"unknown_line.plan", acquires_below_start};
  const Ran ran = run_program("replay " + file.path() + " --on 4.5");
  EXPECT_EQ(ran.code, 64) << ran.out;
  EXPECT_THAT(ran.out, testing::HasSubstr("no such line of Kafka"));
}

/// Whatever a simulation does, the operations written down lead to the states that its share partitions are in: the
/// recorder itself compares them at every call.
TEST(PlanRecorder, WritesDownWhateverASimulationAsksOfItsSharePartitions) {
  for (const std::string name : {"storm", "narrow", "several-groups"}) {
    std::size_t operations = 0;
    for (const KafkaLine line : interop::all_lines) {
      Scenario scenario = read_scenario(fmt::format("{}/scenarios/{}.yaml", SHARELOCK_SOURCE_DIR, name),
                                        profile_of(std::string{interop::name_of(line)}, {}), scenario_words());
      interop::NameTable names;
      interop::PlanRecorder recorder{line, scenario.world, names};
      scenario.world.listener = &recorder;
      Simulation{scenario, 3}.run([](const Taken&) { return true; });
      interop::ModelAnswerer reference{line, scenario.world.profile};
      const auto confirmation = confirm(recorder, line, scenario.world.profile, reference, names, name);
      EXPECT_FALSE(confirmation.differs());
      operations += confirmation.operations;
    }
    EXPECT_GT(operations, 300u) << name;
  }
}

}  // namespace
}  // namespace sharelock::cli
