// The scenarios that come with Sharelock, as a user runs them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/run_scenario.h"
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
      const RunResult result = run_scenario(read(file, request), request);
      EXPECT_TRUE(as_expected(result)) << file << " on " << profile << "\n" << run_as_text(result);
    }
}

TEST(Scenarios, TheFirstRunIsTheSameUnderEveryCompiler) {
  const RunRequest request{.file = "first.yaml", .switches = {}};
  const RunResult result = run_scenario(read("first.yaml", request), request);
  EXPECT_EQ(result.digest, "1b7fa343df4cb2ba");
  EXPECT_EQ(result.steps, 148U);
}

TEST(Scenarios, TheSchemaIsJsonAndNamesTheKeysOfTheReader) {
  const nlohmann::json schema = nlohmann::json::parse(scenario_schema());
  EXPECT_EQ(schema["properties"]["group"]["properties"]["share.delivery.count.limit"]["maximum"], 25);
  EXPECT_TRUE(schema["properties"]["plot"]["items"]["properties"].contains("crash"));
  EXPECT_FALSE(schema["additionalProperties"].get<bool>());
}

TEST(Scenarios, AViolationIsShortenedAndItsSwitchIsNamed) {
  // SP-90 as released: the write of a session's end fails, and the records go back to a member that is gone.
  RunRequest request{.file = "storm.yaml", .profile = "4.4", .switches = {}};
  const Scenario scenario = read("storm.yaml", request);
  for (request.seed = 1; request.seed < 100; ++request.seed) {
    Plan plan;
    const RunResult result = explain(scenario, request, plan);
    if (!result.broken || result.broken->id != "SESS") continue;
    EXPECT_LT(result.shrunk_to, result.shrunk_from / 2);
    EXPECT_EQ(tell_plan(scenario, request, plan).broken->id, "SESS");
    return;
  }
  FAIL() << "no seed breaks SESS";
}

}  // namespace
}  // namespace sharelock::cli
