// The comparison fires: traces that were tampered with are found out, at the right place.
#include "interop/trace/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/input_error.h"

namespace sharelock::interop {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view reset_in_4_4 =
    R"({"in":{"op":"reset","id":"t1","state":"ACTIVE","dump":"full"},"out":{"op":"reset","id":"t1","result":{"line":"4.4","kafka":"4.4.0"},"events":[],"state":{"st":"ACTIVE","now":0,"S":0,"E":0,"N":0,"D":0,"F":false,"epoch":0,"leader":0,"gap":null,"fetchLock":null,"meta":null,"units":[],"timers":[],"reads":[],"writes":[],"dlq":[]}}})";
constexpr std::string_view next_offset =
    R"({"in":{"op":"nextFetchOffset","show":"none"},"out":{"op":"nextFetchOffset","result":{"N":0},"events":[]}})";
constexpr std::string_view unknown =
    R"({"in":{"op":"nope"},"out":{"op":"nope","error":{"class":"BadInput","message":"other words"}}})";

struct Replayed {
  ReplayCounts counts;
  std::vector<TraceDifference> differences;
};

Replayed replay(std::initializer_list<std::string> lines, std::optional<Profile> profile = {}) {
  const auto path =
      std::filesystem::temp_directory_path() /
      (std::string{"sharelock-replay-"} + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  {
    std::ofstream out{path};
    for (const std::string& line : lines) out << line << '\n';
  }
  Replayed replayed;
  Replay replay{[&](KafkaLine line) { return profile ? *profile : Profile{*profile_named(name_of(line))}; },
                [&](const TraceDifference& difference) { replayed.differences.push_back(difference); }};
  replay.file(path.string());
  std::filesystem::remove(path);
  replayed.counts = replay.counts();
  return replayed;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string changed{text};
  changed.replace(changed.find(what), what.size(), with);
  return changed;
}

std::string first_path(std::initializer_list<std::string> lines) {
  const auto differences = replay(lines).differences;
  return differences.empty() ? "none" : differences.front().what.path;
}

TEST(Replay, TakesEqualAnswers) {
  const auto [counts, differences] =
      replay({std::string{reset_in_4_4}, std::string{next_offset}, std::string{unknown}});
  EXPECT_TRUE(differences.empty());
  EXPECT_EQ(counts.traces, 1u);
  EXPECT_EQ(counts.operations, 3u);
}

TEST(Replay, NamesTheFirstValueThatDiffers) {
  EXPECT_EQ(first_path({replaced(reset_in_4_4, "\"D\":0", "\"D\":1")}), "$.state.D");
  EXPECT_EQ(first_path({replaced(reset_in_4_4, "\"units\":[]", "\"units\":[{\"f\":0}]")}), "$.state.units[0]");
  EXPECT_EQ(first_path({replaced(reset_in_4_4, "\"events\":[]", "\"events\":[{\"e\":\"wake\"}]")}), "$.events[0]");
  EXPECT_EQ(first_path({replaced(reset_in_4_4, "\"meta\":null,", "")}), "$.state.meta");
  EXPECT_EQ(first_path({std::string{reset_in_4_4}, replaced(next_offset, "\"N\":0", "\"N\":7")}), "$.result.N");
}

TEST(Replay, SaysWhatWasExpectedAndWhere) {
  const auto difference =
      replay({"{\"note\":1}", std::string{reset_in_4_4}, replaced(next_offset, ":0}", ":7}")}).differences.at(0);
  EXPECT_EQ(difference.line, 3u);
  EXPECT_EQ(difference.trace, "t1");
  EXPECT_EQ(difference.what.expected, "7");
  EXPECT_EQ(difference.what.actual, "0");
}

TEST(Replay, PassesOverTheRestOfATraceThatDiffers) {
  const std::string wrong = replaced(next_offset, ":0}", ":7}");
  const std::string second = replaced(replaced(reset_in_4_4, "t1", "t2"), "t1", "t2");
  const auto [counts, differences] =
      replay({std::string{reset_in_4_4}, wrong, wrong, second, std::string{next_offset}});
  EXPECT_EQ(counts.traces, 2u);
  EXPECT_EQ(counts.operations, 4u);
  EXPECT_EQ(counts.differences, 1u);
}

TEST(Replay, MatchesARefusalOnlyWithARefusal) {
  EXPECT_EQ(first_path({std::string{reset_in_4_4}, replaced(unknown, "\"class\":\"BadInput\"", "\"name\":\"X\"")}),
            "$.error.name");
  EXPECT_EQ(
      first_path({std::string{reset_in_4_4},
                  R"({"in":{"op":"nextFetchOffset"},"out":{"op":"nextFetchOffset","error":{"class":"BadInput"}}})"}),
      "$.error");
}

TEST(Replay, DoesNotCompareTheWordingOfErrorsNorMetrics) {
  EXPECT_EQ(first_path({std::string{reset_in_4_4},
                        R"({"in":{"op":"acknowledge","member":"m1","batches":[[5,5,"A"]],"show":"none"},)"
                        R"("out":{"op":"acknowledge","result":{"req":0,"done":true},"error":{"class":"Whatever",)"
                        R"("name":"INVALID_RECORD_STATE","code":121,"message":"at 12:07"},"events":[)"
                        R"({"e":"metric","name":"lockTimeout","value":1},{"e":"done","req":0,"error":)"
                        R"({"name":"INVALID_RECORD_STATE","code":121}}]}})"}),
            "none");
}

TEST(Replay, FindsAModelWithAFlippedSwitch) {
  Profile profile{ProfileName::v4_4};
  const std::string rejects =
      R"({"in":{"op":"init","read":{"S":0,"batches":[[0,4,"AG",1]]},"show":"none"},)"
      R"("out":{"op":"init","result":{"req":0,"done":true},"events":[{"e":"read","id":0,)"
      R"("leader":0},{"e":"done","req":0},{"e":"dlq","id":1,"f":0,"l":4,"dc":1,"cause":"rejected"}]}})";
  const std::string reset = R"({"in":{"op":"reset","id":"t","dump":"none"},"out":{"op":"reset","id":"t","result":)"
                            R"({"line":"4.4","kafka":"4.4.0"},"events":[]}})";
  EXPECT_TRUE(replay({reset, rejects}, profile).differences.empty());
  ASSERT_EQ(set_switch(profile, "archiving-decode=load"), "");
  EXPECT_EQ(replay({reset, rejects}, profile).differences.at(0).what.path, "$.events[2]");
}

std::string refusal(std::initializer_list<std::string> lines) {
  try {
    replay(lines);
  } catch (const InputError& error) {
    return std::to_string(error.at.line) + ": " + error.what();
  }
  return "none";
}

TEST(Replay, RefusesFilesThatAreNoTraces) {
  EXPECT_THAT(refusal({}), HasSubstr("no recorded operation"));
  EXPECT_THAT(refusal({std::string{reset_in_4_4}, "rubbish"}), HasSubstr("2: a JSON object is expected"));
  EXPECT_THAT(refusal({R"({"in":{"op":"state"}})"}), HasSubstr("1: a request without an answer"));
  EXPECT_THAT(refusal({R"({"out":{"op":"state"}})"}), HasSubstr("1: an answer without a request"));
  EXPECT_THAT(refusal({R"({"in":{"op":state},"out":{}})"}), HasSubstr("1: the request is no JSON"));
  EXPECT_THAT(refusal({std::string{reset_in_4_4}, R"({"in":{"op":"state"},"out":{"op":st}})"}),
              HasSubstr("2: the answer is no JSON"));
  EXPECT_THAT(refusal({replaced(reset_in_4_4, "\"line\":\"4.4\"", "\"line\":\"9.9\"")}), HasSubstr("not known here"));
  EXPECT_THAT(refusal({R"({"in":{"op":"state"},"out":{"op":)"}), HasSubstr("not complete"));
}

}  // namespace
}  // namespace sharelock::interop
