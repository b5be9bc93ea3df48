// The scenarios that come with Sharelock, as a user runs them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cli/campaign.h"
#include "scenarios/schema.h"

namespace sharelock::cli {
namespace {

const std::string folder = SHARELOCK_SOURCE_DIR "/scenarios/";

std::vector<std::string> all_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().filename().string());
  std::ranges::sort(files);
  return files;
}

Scenario read(const std::string& file, const RunRequest& request) {
  return read_scenario(folder + file, profile_of(request.profile, request.switches), scenario_words());
}

TEST(Scenarios, EndAsTheySayOnEveryProfile) {
  for (const std::string& file : all_files())
    for (const std::string profile : {"4.2", "4.3", "4.4", "ideal"}) {
      const RunRequest request{.file = file, .profile = profile, .switches = {}};
      const Scenario scenario = read(file, request);
      // What a storm finds in a release is no promise of the scenario's.
      if (scenario.weather.kind != Weather::Kind::calm && profile != "ideal") continue;
      const RunResult result = run_scenario(scenario, request);
      EXPECT_TRUE(as_expected(result)) << file << " on " << profile << "\n" << run_as_text(result);
    }
}

TEST(Scenarios, TheirDigestsAreThePinnedOnes) {
  // The same numbers under every compiler. A change that is meant to change them: .ci/digests --pin
  std::ifstream pinned{folder + "digests.txt"};
  std::size_t lines = 0;
  for (std::string line; std::getline(pinned, line);) {
    std::string name;
    CampaignRequest request{.run = {}, .seeds = 3, .file = {}, .watch = {}};
    std::string digest;
    if (line.starts_with('#') || !(std::istringstream{line} >> name >> request.run.profile >> digest)) continue;
    request.run.file = name + ".yaml";
    EXPECT_EQ(run_campaign(read(request.run.file, request.run), request).digest, digest) << line;
    ++lines;
  }
  EXPECT_EQ(lines, all_files().size() * 4);
}

TEST(Scenarios, TheSchemaIsJsonAndNamesTheKeysOfTheReader) {
  const nlohmann::json schema = nlohmann::json::parse(scenario_schema());
  EXPECT_EQ(schema["properties"]["group"]["properties"]["share.delivery.count.limit"]["maximum"], 25);
  EXPECT_TRUE(schema["properties"]["plot"]["items"]["properties"].contains("crash"));
  EXPECT_FALSE(schema["additionalProperties"].get<bool>());
}

/// Explains the first violation of each claim that a storm finds on a release.
class Stories : public testing::TestWithParam<const char*> {};

TEST_P(Stories, AreShortAndReplayedTheyBreakTheSameClaim) {
  // As released, waiting fetches sleep beside records in most seeds: that comes first and hides the rest.
  RunRequest request{.file = "storm.yaml", .profile = GetParam(), .switches = {"silent-availability=off"}};
  const Scenario scenario = read("storm.yaml", request);
  std::set<std::string> told;
  for (request.seed = 1; request.seed <= 130; ++request.seed) {
    const RunResult run = run_scenario(scenario, request);
    constexpr std::uint64_t steps_max = 20'000;  // Some stand still at a great speed; others show the same.
    if (!run.broken || run.steps > steps_max || !told.insert(run.broken->id).second) continue;
    Plan plan;
    const RunResult result = explain(scenario, request, plan);
    ASSERT_EQ(result.broken->id, run.broken->id);
    EXPECT_LT(result.shrunk_to, 50U) << request.seed << run_as_text(result);
    EXPECT_LE(result.story.size(), 20U) << request.seed << run_as_text(result);
    EXPECT_EQ(result.story_left_out, 0U);
    EXPECT_FALSE(result.repaired_by.empty());
    EXPECT_EQ(tell_plan(scenario, request, plan, result.broken->id).broken->id, run.broken->id);
  }
  EXPECT_TRUE(told.contains("OWN"));
}

INSTANTIATE_TEST_SUITE_P(Releases, Stories, testing::Values("4.2", "4.3", "4.4"));

}  // namespace
}  // namespace sharelock::cli
