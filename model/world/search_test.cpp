// What a search asks of a world: steps that can be taken, encodings that keep what matters and nothing else.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/world/testing/small_worlds.h"

namespace sharelock {
namespace {

using testing::pick;
using testing::small_settings;

Encoding encoded(const PartitionWorld& world, const MemberNames& names = {}) {
  Encoding bytes;
  world.encode(bytes, names);
  return bytes;
}

PartitionWorld decoded(const PartitionWorld& world) {
  PartitionWorld copy{world.settings()};
  copy.decode(encoded(world));
  return copy;
}

std::vector<Step> steps_of(const PartitionWorld& world) {
  std::vector<Step> steps;
  world.enabled(steps);
  return steps;
}

PartitionWorld after(PartitionWorld world, const Step& step, TimeMs later = 0) {
  Observations seen;
  EXPECT_TRUE(world.apply(step, world.later() + later, seen)) << to_text(step);
  return world;
}

/// What a world can become, in order of encodings, and by which step.
std::vector<std::pair<Encoding, Step>> futures(const PartitionWorld& world) {
  std::vector<std::pair<Encoding, Step>> all;
  for (const Step& step : steps_of(world)) all.emplace_back(encoded(after(world, step)), step);
  std::ranges::sort(all);
  return all;
}

std::string text_of(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) text += to_text(step) + "; ";
  return text;
}
std::string text_of(const Encoding& bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += ' ' + std::to_string(std::to_integer<int>(byte));
  return text;
}

/// Walks at random and calls `visit(world, next step)` at every stop.
void walk(std::uint32_t seed, const std::vector<std::uint32_t>& choices, auto&& visit) {
  const WorldSettings settings = small_settings(seed);
  PartitionWorld world{settings};
  for (const std::uint32_t choice : choices) {
    const std::vector<Step> steps = steps_of(world);
    if (steps.empty()) return;
    const Step step = pick(steps, choice);
    visit(world, step);
    world = after(world, step);
  }
}

rc::Gen<std::uint32_t> any_number() {
  return rc::gen::resize(1000, rc::gen::inRange<std::uint32_t>(0, 1'000'000));
}
rc::Gen<std::vector<std::uint32_t>> choices(int length = 120) {
  return rc::gen::resize(length, rc::gen::container<std::vector<std::uint32_t>>(any_number()));
}
RC_GTEST_PROP(Search, EveryStepThatIsOfferedCanBeTaken, ()) {
  walk(*any_number(), *choices(), [](const PartitionWorld& world, const Step&) {
    for (const Step& step : steps_of(world)) {
      PartitionWorld copy = world;
      Observations seen;
      if (!copy.apply(step, world.later(), seen)) RC_FAIL("not possible: " + to_text(step));
    }
  });
}

RC_GTEST_PROP(Search, StepsAreOfferedInOrderAndOnce, ()) {
  walk(*any_number(), *choices(), [](const PartitionWorld& world, const Step&) {
    const std::vector<Step> steps = steps_of(world);
    RC_ASSERT(std::ranges::adjacent_find(steps, std::ranges::greater_equal{}) == steps.end());
  });
}

RC_GTEST_PROP(Search, SomethingIsUnderWayWhileAStepGoesOn, ()) {
  walk(*any_number(), *choices(), [](const PartitionWorld& world, const Step&) {
    const std::vector<Step> steps = steps_of(world);
    RC_ASSERT(world.is_under_way() ==
              std::ranges::any_of(steps, [](const Step& step) { return goes_on(step) && !fault_of(step); }));
  });
}

RC_GTEST_PROP(Search, AWorldThatIsReadIsEncodedEqually, ()) {
  walk(*any_number(), *choices(), [](const PartitionWorld& world, const Step&) {
    if (encoded(decoded(world)) != encoded(world)) RC_FAIL(text_of(encoded(world)));
  });
}

RC_GTEST_PROP(Search, EqualEncodingsHaveEqualFutures, ()) {
  walk(*any_number(), *choices(60), [](const PartitionWorld& world, const Step&) {
    const PartitionWorld same = decoded(world);
    const auto one = futures(world);
    const auto other = futures(same);
    if (one.size() != other.size()) RC_FAIL(text_of(steps_of(world)) + "\n" + text_of(steps_of(same)));
    for (std::size_t i = 0; i < one.size(); ++i)
      if (one[i].first != other[i].first)
        RC_FAIL(to_text(one[i].second) + text_of(one[i].first) + "\n" + to_text(other[i].second) +
                text_of(other[i].first) + "\nafter" + text_of(encoded(world)));
  });
}

RC_GTEST_PROP(Search, MembersWithOtherNamesAreEncodedEqually, ()) {
  const std::uint32_t seed = *any_number();
  const WorldSettings settings = small_settings(seed);
  PartitionWorld world{settings};
  PartitionWorld renamed{settings};
  RC_PRE(!world.interchangeable().empty());
  const std::size_t a = world.interchangeable().front()[0];
  const std::size_t b = world.interchangeable().front()[1];
  MemberNames names;
  names.rename(a, b);
  names.rename(b, a);
  for (const std::uint32_t choice : *choices()) {
    const std::vector<Step> steps = steps_of(world);
    if (steps.empty()) return;
    Step step = pick(steps, choice);
    world = after(world, step);
    const StepForm& form = form_of(step.kind);
    if (form.member && !form.producer) step.member = names.name_of(step.member);
    renamed = after(renamed, step);
    if (encoded(world) != encoded(renamed, names)) RC_FAIL(to_text(step));
    if (encoded(world, names) != encoded(renamed)) RC_FAIL(to_text(step));
  }
}

RC_GTEST_PROP(Search, HowLongThingsTakeIsNotKept, ()) {
  const std::uint32_t seed = *any_number();
  const WorldSettings settings = small_settings(seed);
  PartitionWorld world{settings};
  PartitionWorld slow{settings};
  TimeMs late = 0;
  for (const std::uint32_t choice : *choices()) {
    const std::vector<Step> steps = steps_of(world);
    if (steps.empty()) return;
    const Step step = pick(steps, choice);
    world = after(world, step);
    slow = after(slow, step, late += choice % 1000);
    if (encoded(world) != encoded(slow)) RC_FAIL(to_text(step));
  }
}

/// One member, and how many records are written.
WorldSettings one_member(std::int64_t records) {
  WorldSettings settings;
  settings.profile = Profile{ProfileName::ideal};
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  settings.members.push_back({.name = "m1"});
  settings.bounds.records_max = records;
  return settings;
}

/// Takes the first step of each kind that is possible, until there are no more.
void take(PartitionWorld& world, std::initializer_list<StepKind> kinds) {
  for (const StepKind kind : kinds) {
    const std::vector<Step> steps = steps_of(world);
    const auto step = std::ranges::find(steps, kind, &Step::kind);
    ASSERT_NE(step, steps.end()) << form_of(kind).name;
    world = after(world, *step);
  }
}

TEST(Search, ARecordThatIsOverLeavesNoTrace) {
  using enum StepKind;
  // Each round finishes one record and fetches the next: the same world but for its offsets, epochs and ids.
  const auto played = [](int rounds) {
    const WorldSettings settings = one_member(rounds + 3);
    PartitionWorld world{settings};
    take(world, {append, fetch, request_arrives, store_applies, store_answers, check_fetch, response_arrives});
    for (int i = 0; i < rounds; ++i)
      take(world, {acknowledge, append, fetch, request_arrives, store_applies, store_answers, response_arrives});
    return text_of(encoded(world));
  };
  EXPECT_NE(played(0), played(1));  // The store does not know yet that the first record is over.
  EXPECT_EQ(played(1), played(2));
  EXPECT_EQ(played(1), played(200));
}

TEST(Search, OnlyMembersWithEqualSettingsAreInterchangeable) {
  WorldSettings settings = one_member(1);
  settings.members.push_back({.name = "m2", .max_poll_records = 1});
  settings.members.push_back({.name = "m3"});
  EXPECT_EQ(PartitionWorld{settings}.interchangeable(), (std::vector<std::vector<std::size_t>>{{0, 2}}));
}

TEST(Search, FaultsStrikeAsOftenAsTheirBudgetAllows) {
  WorldSettings settings = one_member(0);
  settings.bounds.faults_max = 1;
  settings.bounds.faults[static_cast<std::size_t>(FaultKind::crash)] = 2;
  PartitionWorld world{settings};
  take(world, {StepKind::crash, StepKind::disconnect_noticed, StepKind::restart});
  EXPECT_EQ(std::ranges::count(steps_of(world), StepKind::crash, &Step::kind), 0);
}

}  // namespace
}  // namespace sharelock
