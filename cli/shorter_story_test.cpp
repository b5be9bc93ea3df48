#include "cli/shorter_story.h"

#include <gtest/gtest.h>

#include "checker/plan_events.h"
#include "cli/planned.h"
#include "cli/run_program.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

/// m2 dies while m1 loads the share partition: the end of its session releases nothing (KD-17).
constexpr const char* roundabout =
    "sharelock plan 1\n"
    "profile ideal\n"
    "set session.close-order=on\n"
    "breaks SESS\n"
    "at 0 fetch member=1\n"
    "at 0 request-arrives member=1\n"
    "at 0 append range=0-0\n"
    "at 0 fetch member=2\n"
    "at 0 crash member=2\n"
    "at 0 store-applies group=1 member=0 cause=load range=0--1\n"
    "at 0 store-answers group=1 member=0 cause=load range=0--1\n"
    "at 0 request-arrives member=2\n"
    "at 0 disconnect-noticed member=2\n"
    "scenario scenarios/mutants/failures.yaml\n";

class ShorterStoryTest : public testing::Test {
 protected:
  ShorterStoryTest() {
    const std::string file = SHARELOCK_SOURCE_DIR "/scenarios/mutants/failures.yaml";
    planned_ = read_planned(TemporaryFile{"roundabout.plan", roundabout + read_text(file)}.path());
  }
  std::optional<ShorterStory> shorter(const std::string& claim) const {
    return shorter_story(planned_.scenario, {"failures.yaml", "ideal", {"session.close-order=on"}, 0}, planned_.plan,
                         claim);
  }

  Planned planned_;
};

TEST_F(ShorterStoryTest, IsTheShortestThatASearchFinds) {
  const auto found = shorter("SESS");
  ASSERT_TRUE(found);
  EXPECT_EQ(event_count(planned_.plan), 4U);
  EXPECT_EQ(event_count(found->plan), 3U);
  EXPECT_EQ(found->story.broken->id, "SESS");
  EXPECT_EQ(shorter("SESS")->plan, found->plan);
}

TEST_F(ShorterStoryTest, BreaksNoOtherClaim) {
  EXPECT_FALSE(shorter("TMR"));
}

}  // namespace
}  // namespace sharelock::cli
