// Generator, comparison and shrinker without Java: the model with a flipped switch stands in for the class.
#include "interop/compare/live_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "interop/compare/run_pair.h"
#include "interop/compare/shrink.h"
#include "interop/compare/story.h"
#include "interop/oracle/error_wording.h"
#include "interop/oracle/model_answerer.h"
#include "interop/protocol/request_parser.h"
#include "interop/protocol/request_writer.h"

namespace sharelock::interop {
namespace {

constexpr auto line = KafkaLine::v4_4;

Profile released_with(std::string_view flipped = {}) {
  Profile profile{ProfileName::v4_4};
  if (!flipped.empty()) {
    EXPECT_EQ(set_switch(profile, flipped), "");
  }
  return profile;
}

struct Compared {
  std::optional<DifferingRun> different;
  ComparisonCounts counts;
};

Compared compare(Answerer& reference, NameTable& names, std::uint64_t operations, std::uint64_t seed = 1) {
  LiveComparison comparison{line, released_with(), seed, reference, names};
  auto different = comparison.compare([&](std::uint64_t done) { return done < operations; }, [](const auto&) {});
  return {std::move(different), comparison.counts()};
}

TEST(LiveComparison, FindsNoDifferenceBetweenEqualSides) {
  ModelAnswerer reference{line, released_with()};
  NameTable names;
  const auto [different, counts] = compare(reference, names, 20'000);
  EXPECT_FALSE(different);
  EXPECT_GE(counts.operations, 20'000u);
}

TEST(LiveComparison, MeetsNearlyEverySituationWithinSomeThousandOperations) {
  ModelAnswerer reference{line, released_with()};
  NameTable names;
  const auto counts = compare(reference, names, 60'000).counts;
  std::size_t never = 0;
  for (const auto& situation : all_situations()) never += counts.situations[situation.id] == 0;
  EXPECT_LE(never, 3u);
  for (std::size_t i = 0; i < all_operation_names().size(); ++i)
    EXPECT_GT(counts.per_operation[i], 0u) << all_operation_names()[i];
}

TEST(LiveComparison, DrawsTheSameOperationsForTheSameSeed) {
  NameTable names;
  ModelAnswerer first{line, released_with()};
  ModelAnswerer second{line, released_with()};
  EXPECT_EQ(compare(first, names, 5000, 3).counts.per_operation, compare(second, names, 5000, 3).counts.per_operation);
}

/// The switches whose flip the comparison must notice, and how long a shortest story may be at most.
struct Flip {
  std::string_view assignment;
  std::size_t operations_max;
};

struct FlippedSwitch : ::testing::TestWithParam<Flip> {};

TEST_P(FlippedSwitch, IsFoundAndShrunkToAShortStory) {
  ModelAnswerer reference{line, released_with(GetParam().assignment)};
  NameTable names;
  const auto different = compare(reference, names, 200'000).different;
  ASSERT_TRUE(different);

  RunPair pair{line, released_with(), reference, names};
  const auto find = [&](std::span<const Request> operations) -> std::optional<std::size_t> {
    const auto answers = pair.run(operations);
    return answers.difference ? std::optional{answers.difference->index} : std::nullopt;
  };
  const Shrunk shrunk = shrink(different->operations, find);
  EXPECT_LE(shrunk.operations.size(), GetParam().operations_max);
  EXPECT_EQ(find(shrunk.operations), shrunk.operations.size() - 1) << "the last operation is the one that differs";
  for (std::size_t i = 1; i < shrunk.operations.size(); ++i) {
    auto without = shrunk.operations;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(find(without)) << "operation " << i << " is not needed";
  }

  const auto shown = with_states(shrunk.operations, "t");
  const auto answers = pair.run(shown);
  EXPECT_THAT(tell(shown, answers, names, "other"), ::testing::HasSubstr("They differ at $."));
  EXPECT_THAT(as_trace(shown, answers, names), ::testing::StartsWith(R"({"in":{"op":"reset")"));
}

std::string name_of_flip(const ::testing::TestParamInfo<Flip>& info) {
  std::string name;
  for (const char c : info.param.assignment) name += c == '-' || c == '=' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, FlippedSwitch,
                         ::testing::Values(Flip{"start-moves-back=off", 12}, Flip{"archiving-decode=load", 4},
                                           Flip{"aborted-range-unclipped=off", 6},
                                           Flip{"available-below-start=off", 14}),
                         name_of_flip);

// What the generator draws survives being written and read back.
TEST(RequestWriter, WritesWhatTheParserReads) {
  NameTable names;
  RequestParser parser{line, names};
  ScriptedPartition scripted{line, released_with()};
  const Chance chance{11, "writer"};
  for (std::uint64_t run = 0; run < 60; ++run) {
    RunGenerator generator{line, all_themes()[run % all_themes().size()], chance.fork(run), names};
    for (std::size_t i = 0; i < generator.length(); ++i) {
      const Request request = generator.next(scripted);
      scripted.execute(request);
      std::string text;
      append_request(text, request, names);
      std::string again;
      append_request(again, parser.parse(text), names);
      ASSERT_EQ(text, again);
    }
  }
}

TEST(ErrorWording, IsTakenOutOfErrorsOnly) {
  std::string space;
  EXPECT_EQ(without_wording(R"({"op":"x","result":{}})", space), R"({"op":"x","result":{}})");
  EXPECT_EQ(
      without_wording(R"({"error":{"class":"A","name":"B","code":1,"message":"say \"}\"","abort":true},"e":1})", space),
      R"({"error":{"name":"B","code":1,"abort":true},"e":1})");
  EXPECT_EQ(without_wording(R"({"error":{"class":"A","name":"B","code":1,"message":null}})", space),
            R"({"error":{"name":"B","code":1}})");
  const std::string_view refused = R"({"op":"x","error":{"class":"BadInput","message":"m"}})";
  EXPECT_EQ(without_wording(refused, space), refused);
}

}  // namespace
}  // namespace sharelock::interop
