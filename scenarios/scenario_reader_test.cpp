#include "scenarios/scenario_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "base/input_error.h"
#include "scenarios/bad_scenarios.h"
#include "scenarios/yaml.h"

namespace sharelock {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::HasSubstr;

constexpr std::array claims{"OWN"sv, "SPSO"sv};
constexpr std::array situations{"redelivery"sv};

Scenario read(const std::string& text, ProfileName profile = ProfileName::v4_4) {
  return parse_scenario(text, "x.yaml", Profile{profile}, {claims, situations});
}

/// What a person would see.
std::string error_of(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return describe(error);
  }
  return "no error";
}

const std::string least = "scenario: least\nmembers: [m1]\n";

TEST(ScenarioReader, TheLeastScenarioHasKafkasDefaults) {
  const Scenario scenario = read(least);
  ASSERT_EQ(scenario.world.groups.size(), 1U);
  EXPECT_EQ(scenario.world.groups[0].configuration.lock_duration_ms, 30'000);
  EXPECT_EQ(scenario.world.groups[0].configuration.delivery_count_limit, 5);
  EXPECT_EQ(scenario.world.members[0].max_poll_records, 500);
}

TEST(ScenarioReader, AMisspeltKeyIsShownWithACaretAndTheNearestName) {
  EXPECT_EQ(error_of("scenario: x\nmembrs: [m1]\n"),
            "x.yaml:2:1: error: unknown key 'membrs'\n"
            "    membrs: [m1]\n"
            "    ^\n"
            "    hint: did you mean 'members'?\n");
}

TEST(ScenarioReader, ValuesOutsideOfKafkasBoundsAreRefusedUnlessBoundsAreOff) {
  const std::string small = "group: { share.delivery.count.limit: 1, share.partition.max.record.locks: 3 }\n";
  EXPECT_THAT(error_of(least + small), HasSubstr("1 is out of bounds for 'share.delivery.count.limit'"));
  EXPECT_THAT(error_of(least + small), HasSubstr("'bounds: off' allows less"));
  EXPECT_EQ(read(least + small + "bounds: off\n").world.groups[0].configuration.delivery_count_limit, 1);
  EXPECT_THAT(error_of(least + "group: { share.record.lock.duration.ms: 5000 }\n"),
              HasSubstr("outside of what the broker allows"));
  EXPECT_THAT(error_of(least + "broker: { group.share.record.lock.duration.ms: 99000 }\n"),
              HasSubstr("must lie between its own minimum and maximum"));
}

TEST(ScenarioReader, AGroupsLimitsAreTheBrokersIn42) {
  const std::string text = least + "group: { share.delivery.count.limit: 3 }\n";
  EXPECT_EQ(read(text).world.groups[0].configuration.delivery_count_limit, 3);
  EXPECT_EQ(read(text, ProfileName::v4_2).world.groups[0].configuration.delivery_count_limit, 5);
}

TEST(ScenarioReader, TheDeadLetterQueueIsTakenAwayUnderWay) {
  const Scenario scenario = read(least +
                                 "group: { errors.deadletterqueue.topic.name: dead }\nplot:\n"
                                 "  - { at: 1 s, configure: { errors.deadletterqueue.topic.name: \"\" } }\n");
  EXPECT_TRUE(scenario.world.groups[0].configuration.dead_letter_queue_enabled);
  ASSERT_EQ(scenario.world.groups[0].changes.size(), 1U);
  EXPECT_FALSE(scenario.world.groups[0].changes[0].dead_letter_queue_enabled);
}

TEST(ScenarioReader, ARemainderOfRecordsIsABatchOfItsOwn) {
  const Scenario scenario = read(least + "plot:\n  - { at: 1 s, produce: { records: 10, batch: 4 } }\n");
  ASSERT_EQ(scenario.plot.size(), 3U);
  EXPECT_EQ(scenario.plot[2].step.last, 1);
}

TEST(ScenarioReader, WithoutACheckSectionASearchSeesTwoRecordsAndOneFaultOfAnyKind) {
  const Bounds bounds = read(least).world.bounds;
  EXPECT_EQ(bounds.records_max, 2);
  EXPECT_EQ(bounds.faults_max, 1U);
  for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
    EXPECT_EQ(bounds.faults[kind], kind < first_fault_of_administration ? 1U : 0U);
  for (const std::uint32_t most : read(least + "administration: on\n").world.bounds.faults) EXPECT_EQ(most, 1U);
}

TEST(ScenarioReader, ACheckSectionBoundsASearch) {
  const Bounds bounds = read(least + R"(check:
  records: 4
  batch: [2, 1]
  producers: 1
  acknowledge: [accept, renew]
  ranges: contiguous
  commits: false
  closes: false
  locks expire: false
  timers: any-order
  store errors: [NETWORK_EXCEPTION, FENCED_STATE_EPOCH]
  faults: 3
  fault kinds: { crash: 2, store-failure: 1 }
)")
                            .world.bounds;
  EXPECT_EQ(bounds.records_max, 4);
  EXPECT_EQ(bounds.batch_sizes, (std::vector<std::int32_t>{1, 2}));
  EXPECT_EQ(bounds.producers, 1U);
  EXPECT_EQ(bounds.acknowledge, (std::vector{AcknowledgeType::accept, AcknowledgeType::renew}));
  EXPECT_EQ(bounds.grain, AcknowledgeGrain::contiguous);
  EXPECT_FALSE(bounds.commits || bounds.closes || bounds.locks_expire);
  EXPECT_EQ(bounds.timers, TimerOrder::any);
  EXPECT_EQ(bounds.store_errors, (std::vector{KafkaError::network_exception, KafkaError::fenced_state_epoch}));
  EXPECT_EQ(bounds.faults_max, 3U);
  EXPECT_EQ(bounds.faults, (std::array<std::uint32_t, fault_kind_count>{2, 0, 0, 1, 0, 0, 0, 0}));
}

TEST(ScenarioReader, WhatIsWrongIsRefusedAndSaid) {
  for (const BadScenario& bad : bad_scenarios)
    EXPECT_THAT(error_of(std::string{bad.text}), HasSubstr(std::string{bad.complaint})) << bad.text;
}

TEST(ScenarioReader, NoPieceOfAScenarioMakesItCrash) {
  // Every prefix of a rich file, and the file with any one byte changed: an error, or another scenario.
  const std::string whole = read_text(SHARELOCK_SOURCE_DIR "/scenarios/several-groups.yaml");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    error_of(whole.substr(0, at));
    std::string changed = whole;
    for (const char c : {'\0', ':', '9'}) {
      changed[at] = c;
      error_of(changed);
    }
  }
}

TEST(ScenarioReader, AliasesCannotExplode) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'k'; ++c) {
    bomb += c;
    bomb += ": &" + std::string{c} + " [";
    for (int i = 0; i < 10; ++i) bomb += std::string{i > 0 ? ", *" : "*"} + static_cast<char>(c - 1);
    bomb += "]\n";
  }
  EXPECT_THAT(error_of(bomb), HasSubstr("anchors are not supported"));
}

TEST(ScenarioReader, FilesThatAreNoScenarioAreErrorsAndNoCrashes) {
  EXPECT_THAT(error_of(""), HasSubstr("error:"));
  EXPECT_THAT(error_of("\0\1\2"s), HasSubstr("binary"));
  EXPECT_THAT(error_of("scenario: [x\n"), HasSubstr("no valid YAML"));
  EXPECT_THAT(error_of("a: &x [1]\nb: *x\n"), HasSubstr("anchors are not supported"));
  EXPECT_THAT(error_of(std::string(1000, '[')), HasSubstr("error:"));
  std::string deep = "x: ";
  deep.append(40, '[').append(40, ']');
  EXPECT_THAT(error_of(deep), HasSubstr("32 levels"));
  EXPECT_THAT(error_of("---\na: 1\n---\nb: 2\n"), HasSubstr("more than one document"));
}

TEST(ScenarioReader, UnreadablePathsAndHugeFilesAreErrors) {
  const auto error_of_file = [](const std::string& path) -> std::string {
    try {
      read_scenario(path, Profile{ProfileName::v4_4}, {claims, situations});
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(error_of_file("/no/such/file.yaml"), HasSubstr("cannot be opened"));
  EXPECT_THAT(error_of_file("/"), HasSubstr("cannot be read"));
  const std::string huge = testing::TempDir() + "huge.yaml";
  std::ofstream{huge} << std::string(10 << 20, 'x');
  EXPECT_THAT(error_of_file(huge), HasSubstr("larger than 1 MiB"));
  std::remove(huge.c_str());
}

}  // namespace
}  // namespace sharelock
