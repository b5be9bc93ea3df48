// The model gives the answers of the real class: recorded traces of all three lines, replayed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "interop/trace/replay.h"

namespace sharelock::interop {
namespace {

namespace fs = std::filesystem;

fs::path golden() {
  return fs::path{SHARELOCK_SOURCE_DIR} / "interop/golden/share-partition";
}

Profile released(KafkaLine line) {
  return Profile{*profile_named(name_of(line))};
}

/// What a test shows of a difference.
std::string describe(const TraceDifference& difference) {
  return difference.file + ":" + std::to_string(difference.line) + " trace " + difference.trace + "\n  " +
         difference.request + "\n  " + difference.what.path + "\n  expected " + difference.what.expected +
         "\n  actual   " + difference.what.actual;
}

ReplayCounts replay_without_difference(const fs::path& file) {
  Replay replay{released, [](const TraceDifference& difference) { ADD_FAILURE() << describe(difference); }};
  replay.file(file.string());
  return replay.counts();
}

struct GoldenTraces : ::testing::TestWithParam<KafkaLine> {};

TEST_P(GoldenTraces, OfEveryThemeAreAnsweredAsTheClassDoes) {
  const ReplayCounts counts = replay_without_difference(golden() / name_of(GetParam()) / "traces.jsonl.zst");
  EXPECT_GT(counts.traces, 900u);
  EXPECT_GT(counts.operations, 55'000u);
}

TEST_P(GoldenTraces, WithErrorsLookUpsAndManualFiringAreAnsweredAsTheClassDoes) {
  replay_without_difference(golden() / "examples" / ("tour-" + std::string{name_of(GetParam())} + ".jsonl"));
}

TEST_P(GoldenTraces, WithRequestsThatTheOracleRefusesAreRefusedInTheSamePlaces) {
  const auto counts =
      replay_without_difference(golden() / "examples" / ("refusals-" + std::string{name_of(GetParam())} + ".jsonl"));
  EXPECT_GT(counts.operations, 1000u);
}

TEST(FoundTraces, ThatOnceShowedADifferenceAreAnsweredAsTheClassDoes) {
  std::size_t files = 0;
  for (const auto& found : fs::directory_iterator{golden() / "found"}) {
    EXPECT_GT(replay_without_difference(found.path()).operations, 0u) << found.path();
    ++files;
  }
  EXPECT_GT(files, 0u);
}

std::string name_of_line(const ::testing::TestParamInfo<KafkaLine>& info) {
  return "Kafka_" + std::string{name_of(info.param).substr(0, 1)} + "_" + std::string{name_of(info.param).substr(2)};
}
INSTANTIATE_TEST_SUITE_P(All, GoldenTraces, ::testing::ValuesIn(all_lines), name_of_line);

/// A worked example of the specification, as the class of 4.4 answered it.
struct Example {
  fs::path file;
  int number = 0;
  std::string title;
};

std::vector<Example> worked_examples() {
  std::vector<Example> examples;
  for (const auto& entry : fs::directory_iterator{golden() / "examples"}) {
    const std::string name = entry.path().stem().string();
    if (!name.starts_with("WE-")) continue;
    std::ifstream in{entry.path()};
    std::string note;
    std::getline(in, note);
    examples.push_back({entry.path(), std::stoi(name.substr(3)), nlohmann::json::parse(note).at("title")});
  }
  std::ranges::sort(examples, {}, &Example::number);
  return examples;
}

struct WorkedExample : ::testing::TestWithParam<Example> {};

TEST_P(WorkedExample, IsAnsweredAsTheClassDoes) {
  EXPECT_GT(replay_without_difference(GetParam().file).operations, 0u);
}

std::string name_of_example(const ::testing::TestParamInfo<Example>& info) {
  std::string name = "WE_" + std::to_string(info.param.number) + "_";
  for (const char c : info.param.title)
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += c;
    else if (name.back() != '_')
      name += '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Specification, WorkedExample, ::testing::ValuesIn(worked_examples()), name_of_example);

TEST(WorkedExamples, AreAllThere) {
  EXPECT_EQ(worked_examples().size(), 103u);
}

}  // namespace
}  // namespace sharelock::interop
