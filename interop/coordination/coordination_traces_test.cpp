// The model gives the answers of the real combiner and share coordinator: recorded traces, replayed.
#include "interop/coordination/coordination_traces.h"

#include <fstream>

#include "base/input_error.h"
#include "base/line_source.h"

namespace sharelock::interop {
namespace {

const std::string golden = SHARELOCK_SOURCE_DIR "/interop/golden/coordination/";

CoordinationTraceCounts replayed_without_difference(const std::string& path) {
  LineSource lines{path};
  return replay_coordination_traces(lines, std::nullopt, nullptr, [](const CoordinationTraceDifference& difference) {
    ADD_FAILURE() << difference.file << ':' << difference.line << " step " << difference.step << "\n  "
                  << difference.request << "\n  " << difference.what.path << "\n  expected " << difference.what.expected
                  << "\n  actual   " << difference.what.actual;
  });
}

TEST(CoordinationTraces, OfTheCombinerAreAnsweredAsTheClassDoes) {
  for (const char* release : {"4.2.1", "4.4.0"})
    EXPECT_EQ(replayed_without_difference(golden + "combiner-" + release + ".jsonl.zst").operations, 2000u);
}

TEST(CoordinationTraces, OfTheShardAreAnsweredAsTheClassDoes) {
  for (const char* release : {"4.2.1", "4.3.1", "4.4.0"})
    EXPECT_EQ(replayed_without_difference(golden + "shard-" + release + ".jsonl.zst").operations, 12'400u);
}

std::uint64_t differences(const std::string& file, const Profile& profile) {
  LineSource lines{golden + file};
  return replay_coordination_traces(lines, profile, nullptr, [](const auto&) {}).differences;
}

std::uint64_t differences(const std::string& file, ProfileName profile) {
  return differences(file, Profile{profile});
}

TEST(CoordinationTraces, OfTheAssignorAreAnsweredAsTheClassDoes) {
  EXPECT_EQ(replayed_without_difference(golden + "assignor-all.jsonl.zst").operations, 1500u);
}

TEST(CoordinationTraces, OfShareSessionsAreAnsweredAsTheClassDoes) {
  EXPECT_EQ(replayed_without_difference(golden + "session-all.jsonl.zst").traces, 100u);
}

TEST(CoordinationTraces, OfThePersisterAreAnsweredAsTheClassDoes) {
  EXPECT_EQ(replayed_without_difference(golden + "persister-all.jsonl.zst").operations, 150u * 61u);
}

TEST(CoordinationTraces, OfGroupsAreAnsweredAsTheClassDoes) {
  for (const char* release : {"4.2.1", "4.3.1", "4.4.0"})
    EXPECT_EQ(replayed_without_difference(golden + "group-" + release + ".jsonl.zst").traces, 60u);
}

TEST(CoordinationTraces, OfOneReleaseAreNotThoseOfAnother) {
  EXPECT_GT(differences("shard-4.4.0.jsonl.zst", ProfileName::v4_3), 100u);
  EXPECT_GT(differences("shard-4.3.1.jsonl.zst", ProfileName::v4_2), 0u);
  EXPECT_GT(differences("shard-4.2.1.jsonl.zst", ProfileName::v4_3), 0u);
  EXPECT_GT(differences("shard-4.4.0.jsonl.zst", ProfileName::ideal), 100u);
  EXPECT_GT(differences("group-4.4.0.jsonl.zst", ProfileName::v4_3), 10u);
  EXPECT_GT(differences("group-4.3.1.jsonl.zst", ProfileName::v4_2), 10u);
}

TEST(CoordinationTraces, DifferWhenAnySwitchOfTheStoreIsTurned) {
  // Each switch of the store's rules that these traces can reach is noticed by them.
  const auto turned = [](std::string_view assignment) {
    Profile profile{ProfileName::v4_4};
    EXPECT_EQ(set_switch(profile, assignment), "");
    return differences("shard-4.4.0.jsonl.zst", profile);
  };
  for (const char* assignment :
       {"stored-start-regresses=on", "stored-count-as-written=on", "negative-epochs=unfenced-writes",
        "negative-epochs=unfenced", "repeated-initialise=ignored", "repeated-initialise=ignored-when-equal",
        "initialise-forgets-leader=off", "higher-epochs-pass=off", "duplicates-share-answer=off",
        "empty-request-unanswered=off", "parallel-jobs=on", "missed-clean-up-stays=off"})
    EXPECT_GT(turned(assignment), 0u) << assignment;
}

TEST(CoordinationTraces, AreTakenForWhatTheyHoldAndForNothingElse) {
  EXPECT_EQ(coordination_kind_of(R"({"seed":1,"q":{"existing":[],"incoming":[],"startOffset":-1},"a":{}})"),
            CoordinationTraceKind::requests);
  EXPECT_EQ(coordination_kind_of(R"({"seed":1,"steps":[{"q":{"op":"shard.new"},"a":{}}]})"),
            CoordinationTraceKind::lives);
  EXPECT_EQ(coordination_kind_of(R"({"seed":1,"steps":[{"q":{"op":"persister.new"},"a":{}}]})"),
            CoordinationTraceKind::lives);
  EXPECT_EQ(coordination_kind_of(R"({"seed":1,"steps":[{"q":{"op":"other.new"},"a":{}}]})"), std::nullopt);
  EXPECT_EQ(coordination_kind_of(R"({"in":{"op":"reset"},"out":{}})"), std::nullopt);
  EXPECT_EQ(coordination_kind_of("nonsense"), std::nullopt);
  EXPECT_EQ(release_in_file_name("/a-4.2.1/shard-4.3.1.jsonl.gz"), ProfileName::v4_3);
  EXPECT_EQ(release_in_file_name("shard.jsonl"), std::nullopt);
}

TEST(CoordinationTraces, ThatAreBrokenAreInputErrorsWithTheirLine) {
  const std::string path = ::testing::TempDir() + "combiner-4.4.0.jsonl";
  std::ofstream{path} << R"({"q":{"existing":[],"incoming":[],"startOffset":-1},"a":{"result":[]}})"
                      << "\n"
                      << R"({"q":{"existing":[[1]],"incoming":[],"startOffset":-1},"a":{"result":[]}})"
                      << "\n";
  try {
    replayed_without_difference(path);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.at.line, 2u);
  }
}

TEST(CoordinationTraces, ThatAskForWhatNobodyKnowsAreInputErrors) {
  const std::string path = ::testing::TempDir() + "shard-4.4.0.jsonl";
  for (const char* op : {"shabd.read", "shard.reed", "group.heartbeat", ""}) {
    std::ofstream{path}
        << R"({"steps":[{"q":{"op":"shard.new","numPartitions":1,"recordsPerSnapshot":1,"coldMs":1,)"
        << R"("pruneMs":1,"now":1,"topicIds":{},"metadata":{"create":{},"shareVersion":1},"loaded":true},)"
        << R"("a":{"shards":[[true,0,0,null]]}},{"q":{"op":")" << op << R"("},"a":{}}]})" << '\n';
    EXPECT_THROW(replayed_without_difference(path), InputError) << op;
  }
}

TEST(CoordinationTraces, ThatNameAShardThatThereIsNotAreInputErrors) {
  const std::string path = ::testing::TempDir() + "shard-4.4.0.jsonl";
  const auto refuses = [&](const char* partitions, const char* shard) {
    std::ofstream{path} << R"({"steps":[{"q":{"op":"shard.new","numPartitions":)" << partitions
                        << R"(,"recordsPerSnapshot":1,"coldMs":1,"pruneMs":1,"now":1,"topicIds":{},)"
                        << R"("metadata":{"create":{},"shareVersion":1},"loaded":true},)"
                        << R"("a":{"shards":[[true,0,0,null]]}},{"q":{"op":"shard.load","shard":)" << shard
                        << R"(},"a":{}}]})" << '\n';
    EXPECT_THROW(replayed_without_difference(path), InputError) << partitions << ", " << shard;
  };
  refuses("1", "1");
  refuses("1", "-1");
  refuses("0", "0");
  refuses("-5", "0");
  refuses("100000000000", "0");
}

TEST(AnswerComparison, NamesTheFirstPlaceThatDiffers) {
  const auto difference = compare_answers(R"({"shards":[[true,0,5,null]],"to":1})",
                                          R"({"shards":[[true,0,5,4]],"to":1})", BatchLists::exactly);
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->path, "/shards/0/3");
  EXPECT_EQ(difference->expected, "null");
  EXPECT_EQ(difference->actual, "4");
}

TEST(AnswerComparison, ShowsWhatOneListHasBehindTheEndOfTheOther) {
  const auto difference = compare_answers(R"({"events":[1]})", R"({"events":[1,2]})", BatchLists::exactly);
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->path, "/events/1");
  EXPECT_EQ(difference->expected, "(absent)");
  EXPECT_EQ(difference->actual, "2");
}

TEST(AnswerComparison, MergesNeighboursOnlyWhereTheClassMayLeaveThem) {
  constexpr auto apart = R"({"result":[[1,2,0,1],[3,4,0,1]]})";
  constexpr auto merged = R"({"result":[[1,4,0,1]]})";
  EXPECT_TRUE(compare_answers(apart, merged, BatchLists::exactly).has_value());
  EXPECT_FALSE(compare_answers(apart, merged, BatchLists::merged).has_value());
}

}  // namespace
}  // namespace sharelock::interop
