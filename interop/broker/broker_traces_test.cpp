#include "interop/broker/broker_traces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/line_source.h"

namespace sharelock::interop {
namespace {

const std::filesystem::path golden = std::filesystem::path{SHARELOCK_SOURCE_DIR} / "interop" / "golden" / "broker";

/// Replays a file and counts the traces that differ.
CoordinationTraceCounts replay(const std::filesystem::path& path, const std::function<Profile(KafkaLine)>& profile) {
  LineSource lines{path.string()};
  return replay_broker_traces(lines, profile, nullptr, std::nullopt, [](const CoordinationTraceDifference&) {});
}

Profile released(KafkaLine line) {
  return Profile{*profile_named(name_of(line))};
}

TEST(BrokerTraces, OfAllReleasesAreReproduced) {
  for (const KafkaLine line : all_lines) {
    const auto path = golden / ("broker-" + std::string{release_of(line)} + ".jsonl.zst");
    const CoordinationTraceCounts counts = replay(path, released);
    EXPECT_EQ(counts.differences, 0u) << path;
    EXPECT_GE(counts.traces, 48u);
    EXPECT_GE(counts.operations, 48u * 40u);
  }
}

TEST(BrokerTraces, TheWorkedExamplesOfTheFetchPathAreReproduced) {
  std::uint32_t examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator{golden / "examples"}) {
    LineSource lines{entry.path().string()};
    replay_broker_traces(lines, released, nullptr, std::nullopt, [](const CoordinationTraceDifference& difference) {
      ADD_FAILURE() << difference.file << " request " << difference.step << " " << difference.request << "\nexpected "
                    << difference.what.expected << "\nactual   " << difference.what.actual;
    });
    ++examples;
  }
  EXPECT_EQ(examples, 77u);
}

TEST(BrokerTraces, DifferWhenASwitchOfTheFetchPathIsTurned) {
  const auto differences = [](std::string_view assignment) {
    return replay(golden / "broker-4.4.0.jsonl.zst",
                  [&](KafkaLine line) {
                    Profile profile = released(line);
                    EXPECT_EQ(set_switch(profile, assignment), "");
                    return profile;
                  })
        .differences;
  };
  for (const char* assignment : {"async-log-reads=off", "wake-all-held=on"})
    EXPECT_GT(differences(assignment), 0u) << assignment;
}

TEST(BrokerTraces, ShowWhatAFetchIsCompletedWithWhenItsReadFailsAtOnce) {
  const auto unlocked = [](KafkaLine line) {
    Profile profile = released(line);
    EXPECT_EQ(set_switch(profile, "failed-read-keeps-held=off"), "");
    return profile;
  };
  EXPECT_EQ(replay(golden / "examples" / "SP-163f.jsonl", unlocked).differences, 0u);
  EXPECT_EQ(replay(golden / "examples" / "SP-163g.jsonl", unlocked).differences, 1u);
}

TEST(BrokerTraces, AreTakenForWhatTheyHoldAndForNothingElse) {
  EXPECT_TRUE(is_broker_trace(R"({"steps":[{"q":{"op":"reset"},"a":{"op":"reset"}}]})"));
  EXPECT_TRUE(is_broker_trace(R"({"example":"SP-150a","title":"","line":"4.4","sameOn":["4.4"]})"));
  EXPECT_FALSE(is_broker_trace(R"({"steps":[{"q":{"op":"shard.new"},"a":{}}]})"));
  EXPECT_FALSE(is_broker_trace(R"({"in":{"op":"reset"},"out":{}})"));
  EXPECT_FALSE(is_broker_trace("nonsense"));
}

}  // namespace
}  // namespace sharelock::interop
