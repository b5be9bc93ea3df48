// Claims on random walks: what they find step by step is what a look at the whole world finds, and what they remember
// can be written and read.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "checker/claims/all_claims.h"
#include "model/world/testing/small_worlds.h"

namespace sharelock {
namespace {

rc::Gen<std::uint32_t> any_number() {
  return rc::gen::resize(1000, rc::gen::inRange<std::uint32_t>(0, 1'000'000));
}
rc::Gen<std::vector<std::uint32_t>> choices() {
  return rc::gen::resize(150, rc::gen::container<std::vector<std::uint32_t>>(any_number()));
}

/// A world with its judges.
struct Judged {
  PartitionWorld world;
  ClaimSet claims{world.group_count()};

  std::optional<Violation> take(const Step& step) {
    Observations seen;
    const TimeMs at = world.later();
    EXPECT_TRUE(world.apply(step, at, seen)) << to_text(step);
    return claims.judge(world, at, seen);
  }
  Encoding encoded(const MemberNames& names = {}) const {
    Encoding bytes;
    Survey survey;
    world.survey(survey);
    claims.survey(world, survey);
    {
      Writer writer{survey, world.base(survey), names, bytes};
      world.write(writer);
      claims.write(world, writer);
    }
    return bytes;
  }
  Judged decoded() const {
    Judged copy{PartitionWorld{world.settings()}};
    const Encoding bytes = encoded();
    Reader reader{bytes};
    copy.world.read(reader);
    copy.claims.read(copy.world, reader);
    EXPECT_TRUE(reader.at_end());
    return copy;
  }
};

/// Walks up to the first violation and calls `visit(judged, last step, violation)` after each step.
void walk(std::uint32_t seed, const std::vector<std::uint32_t>& choices, auto&& visit) {
  const WorldSettings settings = testing::small_settings(seed);
  Judged judged{PartitionWorld{settings}};
  std::vector<Step> steps;
  for (const std::uint32_t choice : choices) {
    steps.clear();
    judged.world.enabled(steps);
    if (steps.empty()) return;
    const Step step = testing::pick(steps, choice);
    const std::optional<Violation> violation = judged.take(step);
    visit(judged, step, violation);
    if (violation) return;
  }
}

RC_GTEST_PROP(ClaimsWalk, NothingIsWrongWithAWorldThatTheStepsDidNotShow, ()) {
  walk(*any_number(), *choices(), [](const Judged& judged, const Step& step, const std::optional<Violation>& found) {
    if (found) return;
    const std::optional<Violation> scanned = judged.claims.scan(judged.world, 0);
    if (scanned) RC_FAIL(to_text(step) + ": " + std::string{scanned->claim} + " " + scanned->what);
  });
}

RC_GTEST_PROP(ClaimsWalk, WhatAStepShowsCanBeSeenInTheWorld, ()) {
  walk(*any_number(), *choices(), [](const Judged& judged, const Step& step, const std::optional<Violation>& found) {
    // That records are of an earlier session is seen in the step in which the next one begins, and no more.
    if (found && found->claim == "SESS" && step.kind == StepKind::request_arrives) return;
    if (!found || (found->claim != "TMR" && found->claim != "SESS" && found->claim != "DCC")) return;
    if (!judged.claims.scan(judged.world, 0)) RC_FAIL(to_text(step) + ": " + found->what);
  });
}

RC_GTEST_PROP(ClaimsWalk, IdealBreaksNothing, ()) {
  WorldSettings settings = testing::small_settings(*any_number());
  settings.profile = Profile{ProfileName::ideal};
  Judged judged{PartitionWorld{settings}};
  std::string plan;
  for (const std::uint32_t choice : *choices()) {
    std::vector<Step> steps;
    judged.world.enabled(steps);
    if (steps.empty()) return;
    const Step step = testing::pick(steps, choice);
    plan += to_text(step) + "\n";
    if (const auto violation = judged.take(step)) RC_FAIL(plan + std::string{violation->claim} + " " + violation->what);
  }
}

RC_GTEST_PROP(ClaimsWalk, MembersWithOtherNamesAreRememberedEqually, ()) {
  const WorldSettings settings = testing::small_settings(*any_number());
  Judged judged{PartitionWorld{settings}};
  Judged renamed{PartitionWorld{settings}};
  const auto sets = judged.world.interchangeable();
  RC_PRE(!sets.empty());
  MemberNames names;
  names.rename(sets[0][0], sets[0][1]);
  names.rename(sets[0][1], sets[0][0]);
  for (const std::uint32_t choice : *choices()) {
    std::vector<Step> steps;
    judged.world.enabled(steps);
    if (steps.empty()) return;
    Step step = testing::pick(steps, choice);
    const bool broken = judged.take(step).has_value();
    if (form_of(step.kind).member && !form_of(step.kind).producer) step.member = names.name_of(step.member);
    if (renamed.take(step).has_value() != broken) RC_FAIL("judged differently: " + to_text(step));
    if (broken) return;
    if (judged.encoded(names) != renamed.encoded()) RC_FAIL(to_text(step));
  }
}

RC_GTEST_PROP(ClaimsWalk, EqualEncodingsHaveEqualFuturesAndVerdicts, ()) {
  walk(*any_number(), *choices(), [](const Judged& judged, const Step& step, const std::optional<Violation>& found) {
    if (found) return;
    const Judged same = judged.decoded();
    if (same.encoded() != judged.encoded()) RC_FAIL("read differently after " + to_text(step));
    const auto futures = [](const Judged& from) {
      std::vector<std::pair<Encoding, std::string>> all;
      std::vector<Step> steps;
      from.world.enabled(steps);
      for (const Step& next : steps) {
        Judged after = from;
        const auto violation = after.take(next);
        if (violation)
          all.emplace_back(Encoding{}, violation->claim);
        else
          all.emplace_back(after.encoded(), "");
      }
      std::ranges::sort(all);
      return all;
    };
    if (futures(judged) != futures(same)) RC_FAIL("another future after " + to_text(step));
  });
}

}  // namespace
}  // namespace sharelock
