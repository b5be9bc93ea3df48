// What a story becomes when it is shortened.
#include <gtest/gtest.h>

#include "cli/planned.h"
#include "cli/run_program.h"
#include "cli/run_scenario.h"

namespace sharelock::cli {
namespace {

/// The leader moves before anybody did anything, and nobody learns of it for long.
constexpr const char* early = R"(sharelock plan 1
profile ideal
set load.skip-holes=on
breaks LOSS
at 0 fetch member=1
at 0 append range=0-1
at 0 leader-moves
at 0 request-arrives member=1
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
at 0 check-fetch member=1
at 0 response-arrives member=1
at 0 fetch member=1
at 0 request-arrives member=1
at 0 response-arrives member=1
at 0 acknowledge member=1 range=1-1 type=accept
at 0 fetch member=1
at 0 request-arrives member=1
at 0 broker-learns broker=other
at 0 broker-learns broker=leader
at 0 fetch-expires member=1
at 0 response-arrives member=1
at 0 member-learns member=1
at 0 fetch member=1
at 0 store-applies group=1 member=1 cause=acknowledgement range=1-1
at 0 request-arrives member=1
at 0 store-applies group=1 member=0 cause=load range=0--1
at 0 store-answers group=1 member=0 cause=load range=0--1
scenario early.yaml
scenario: early
group: { share.auto.offset.reset: earliest }
members: { m1: { share.acquire.mode: record_limit, max.poll.records: 1 } }
)";

TEST(Shorten, WhatGoesWrongGoesWrongWhereItTellsLeast) {
  const TemporaryFile file{"early.plan", early};
  Planned planned = read_planned(file.path());
  Plan plan = planned.plan;
  const RunResult told =
      explain_plan(planned.scenario, {planned.file.scenario_name, "ideal", planned.file.switches, 0}, plan, "LOSS");
  ASSERT_TRUE(told.broken);
  const auto place = [&](StepKind kind, StoreCause cause) {
    return std::ranges::find_if(
        plan, [&](const PlannedStep& each) { return each.step.kind == kind && each.step.cause == cause; });
  };
  const auto moves = place(StepKind::leader_moves, StoreCause::load);
  ASSERT_NE(moves, plan.end());
  EXPECT_LT(place(StepKind::store_answers, StoreCause::acknowledgement), moves);
}

}  // namespace
}  // namespace sharelock::cli
