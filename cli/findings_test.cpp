// What was found in the releases (docs/findings.md): each plan breaks its claim there, and not on `ideal`; and what the
// released class answered when it was asked is what is asked and answered today.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <filesystem>

#include "cli/replay_on.h"
#include "cli/run_program.h"
#include "cli/run_scenario.h"
#include "interop/trace/trace_file.h"

namespace sharelock::cli {
namespace {

const std::filesystem::path root{SHARELOCK_SOURCE_DIR};

std::vector<std::string> names_in(const std::filesystem::path& folder, std::string_view extension) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{root / folder})
    if (const std::string name = entry.path().filename(); name.ends_with(extension))
      names.push_back(name.substr(0, name.size() - extension.size()));
  std::ranges::sort(names);
  return names;
}

std::string plan_named(const std::string& name) {
  return root / "scenarios/findings" / (name + ".plan");
}

std::string broken_claim(const Planned& planned, const std::string& profile) {
  const RunResult told =
      tell_plan(planned.scenario, {planned.file.scenario_name, profile, {}, 0}, planned.plan, planned.file.claim);
  return told.broken ? told.broken->id : "nothing";
}

class Finding : public testing::TestWithParam<std::string> {};

TEST_P(Finding, BreaksItsClaimOnTheReleaseAndNothingOnIdeal) {
  const std::string path = plan_named(GetParam());
  const Planned planned = read_planned(path);
  EXPECT_TRUE(planned.file.switches.empty());
  EXPECT_EQ(broken_claim(planned, planned.file.profile), planned.file.claim);
  EXPECT_EQ(broken_claim(read_planned(path, Profile{ProfileName::ideal}), "ideal"), "nothing");
}

TEST_P(Finding, PassesWithTheSwitchThatItIsNamedAfter) {
  Planned planned = read_planned(plan_named(GetParam()));
  ASSERT_EQ(set_switch(planned.scenario.world.profile, GetParam() + "=off"), "");
  EXPECT_NE(broken_claim(planned, planned.file.profile), planned.file.claim);
}

INSTANTIATE_TEST_SUITE_P(All, Finding, testing::ValuesIn(names_in("scenarios/findings", ".plan")),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// The released class, as it answered when it was asked.
class RecordedAnswers final : public interop::Answerer {
 public:
  explicit RecordedAnswers(const std::string& path) {
    LineSource lines{path};
    interop::TraceFile file{lines};
    for (interop::TraceEntry entry; file.next(entry);)
      recorded_.emplace_back(std::string{entry.request} + "\n", std::string{entry.answer});
  }

  void send(std::string_view lines) override { asked_ += lines; }
  std::string_view receive() override {
    const std::size_t end = asked_.find('\n') + 1;
    EXPECT_FALSE(recorded_.empty());
    if (recorded_.empty()) return "{}";
    EXPECT_EQ(asked_.substr(0, end), recorded_.front().first);
    asked_.erase(0, end);
    answer_ = recorded_.front().second;
    recorded_.pop_front();
    return answer_;
  }
  bool all_was_asked() const { return recorded_.empty() && asked_.empty(); }

 private:
  std::deque<std::pair<std::string, std::string>> recorded_;  ///< Request and answer.
  std::string asked_;
  std::string answer_;
};

class Recorded : public testing::TestWithParam<std::string> {};

TEST_P(Recorded, IsWhatTheReleasedClassDoes) {
  RecordedAnswers kafka{root / "interop/golden/findings" / (GetParam() + ".jsonl.zst")};
  const std::string path = plan_named(GetParam());
  const std::string release = read_plan(path).profile;
  interop::NameTable names;
  const ReplayedOn replayed =
      replayed_on(read_planned(path, profile_of(release, {})), *interop::line_named(release), kafka, names);
  EXPECT_EQ(replayed.verdict(), GetParam() == "fired-lock-outlives-rollback" ? ExitCode::budget_spent : ExitCode::held);
  EXPECT_TRUE(replayed.model.broken);
  EXPECT_TRUE(kafka.all_was_asked());
}

INSTANTIATE_TEST_SUITE_P(All, Recorded, testing::ValuesIn(names_in("interop/golden/findings", ".jsonl.zst")),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// How often a plan, played on `ideal`, takes a step of that kind; a violation fails the test.
std::size_t taken_in_peace(const std::string& text, StepKind kind) {
  const TemporaryFile file{"peace.plan", text};
  const Planned planned = read_planned(file.path());
  std::size_t taken = 0;
  tell_plan(planned.scenario, {planned.file.scenario_name, "ideal", {}, 0}, planned.plan, "LOSS",
            [&](const Replayed& replayed) { taken += replayed.step.kind == kind; });
  EXPECT_EQ(broken_claim(planned, "ideal"), "nothing");
  return taken;
}

/// A member rejects a record, the store takes it, and the member is told that it failed. The next leader reads the
/// record as archiving and hands it on: it was rejected after all, so nothing is lost.
TEST(Claims, WhatWasRejectedAndStoredMayGoToTheDeadLetterQueueLater) {
  EXPECT_EQ(taken_in_peace(R"(sharelock plan 1
profile ideal
at 0 append range=0-0
at 0 fetch member=2
at 0 request-arrives member=2
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 check-fetch member=2
at 0 response-arrives member=2
at 0 acknowledge member=2 range=0-0 type=reject
at 0 commit member=2
at 0 request-arrives member=2
at 0 store-applies group=1 member=2 cause=acknowledgement range=0-0
at 0 leader-moves
at 0 broker-learns broker=leader
at 0 broker-learns broker=other
at 0 response-arrives member=2
at 0 member-learns member=2
at 0 fetch member=2
at 0 request-arrives member=2
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 dead-letter-answers group=1 range=0-0
scenario resumed.yaml
scenario: resumed
group: { share.auto.offset.reset: earliest, errors.deadletterqueue.topic.name: dead }
members: [m1, m2]
)",
                           StepKind::dead_letter_answers),
            1u);
}

/// A former leader that does not know it yet stores an accept, and the new one reads it: that is its reason.
TEST(Claims, WhatAFormerLeaderStoredIsNotLost) {
  EXPECT_EQ(taken_in_peace(R"(sharelock plan 1
profile ideal
at 0 fetch member=1
at 0 request-arrives member=1
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 append range=0-1
at 0 leader-moves
at 0 member-learns member=2
at 0 fetch member=2
at 0 broker-learns broker=leader
at 0 request-arrives member=2
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 check-fetch member=1
at 0 response-arrives member=1
at 0 acknowledge member=1 range=1-1 type=accept
at 0 fetch member=1
at 0 request-arrives member=1
at 0 store-applies group=1 member=1 cause=acknowledgement range=1-1
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 check-fetch member=2
at 30000 lock-fires group=1 member=2 range=0-0
at 30000 lock-handled group=1 member=2 range=0-0
at 30000 store-applies group=1 member=2 cause=lock-expiry range=0-0
at 30000 store-answers group=1 member=2 cause=lock-expiry range=0-0
scenario former.yaml
scenario: former
bounds: off
group: { share.auto.offset.reset: earliest, share.delivery.count.limit: 1 }
members: [m1, m2]
)",
                           StepKind::lock_handled),
            1u);
}

}  // namespace
}  // namespace sharelock::cli
