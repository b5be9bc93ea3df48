#include "checker/plan_events.h"

#include <gtest/gtest.h>

namespace sharelock {
namespace {

Plan plan_of(std::initializer_list<std::string_view> steps) {
  Plan plan;
  for (const std::string_view text : steps) plan.push_back({0, step_of(text).value()});
  return plan;
}

TEST(PlanEvents, ARequestWithAllThatFollowsIsOneEvent) {
  EXPECT_EQ(event_count(plan_of({"append range=0-1", "append range=0-0", "fetch member=1", "request-arrives member=1",
                                 "store-applies group=1 member=0 cause=load range=0--1",
                                 "store-answers group=1 member=0 cause=load range=0--1", "response-arrives member=1"})),
            2U);
  EXPECT_EQ(
      event_count(plan_of({"acknowledge member=1 range=0-0 type=accept", "acknowledge member=1 range=1-1 type=accept",
                           "commit member=1", "request-arrives member=1",
                           "store-applies group=1 member=1 cause=acknowledgement range=0-1"})),
      1U);
  EXPECT_EQ(event_count({}), 0U);
}

TEST(PlanEvents, WhatComesBetweenMakesTwoOfIt) {
  EXPECT_EQ(event_count(plan_of({"fetch member=1", "fetch member=2", "request-arrives member=1",
                                 "request-arrives member=2", "response-arrives member=2"})),
            4U);
  EXPECT_EQ(event_count(plan_of({"lock-fires group=1 member=1 range=0-0", "lock-handled group=1 member=1 range=0-0"})),
            1U);
  EXPECT_EQ(event_count(plan_of(
                {"lock-fires group=1 member=1 range=0-0", "leader-moves", "lock-handled group=1 member=1 range=0-0"})),
            3U);
}

TEST(PlanEvents, AFaultIsAnEventOfItsOwn) {
  EXPECT_EQ(event_count(plan_of({"commit member=1", "request-arrives member=1",
                                 "store-answers group=1 member=1 cause=acknowledgement range=0-0 "
                                 "error=COORDINATOR_NOT_AVAILABLE"})),
            2U);
}

}  // namespace
}  // namespace sharelock
