// The JSON Schemas that Sharelock prints, checked by a validator that knows nothing of it.
#include "scenarios/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "cli/campaign.h"
#include "cli/check_scenario.h"
#include "cli/fuzz_scenario.h"
#include "cli/report_file.h"
#include "reports/result_schema.h"
#include "scenarios/bad_scenarios.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

class Schema {
 public:
  explicit Schema(std::string_view text) : text_(Json::parse(text)) {  // Braces would make it a list of one.
    valijson::SchemaParser{}.populateSchema(Adapter{text_}, schema_);
  }

  /// What is wrong with it; empty if it is valid.
  std::string complaint(const Json& value) const {
    valijson::ValidationResults results;
    if (valijson::Validator{}.validate(schema_, Adapter{value}, &results)) return "";
    std::string text = "not valid:";
    for (valijson::ValidationResults::Error error; results.popError(error);) {
      for (const std::string& part : error.context) text.append(" ").append(part);
      text.append(": ").append(error.description).append("\n");
    }
    return text;
  }

 private:
  Json text_;
  valijson::Schema schema_;
};

/// As an editor reads YAML: words that look like numbers are numbers.
Json json_of(const Yaml& yaml) {
  switch (yaml.kind) {
    case Yaml::Kind::null:
      return nullptr;
    case Yaml::Kind::sequence: {
      Json list = Json::array();
      for (const Yaml& item : yaml.items) list.push_back(json_of(item));
      return list;
    }
    case Yaml::Kind::map: {
      Json map = Json::object();
      for (const auto& [key, value] : yaml.entries) map[key.text] = json_of(value);
      return map;
    }
    case Yaml::Kind::scalar:
      break;
  }
  if (yaml.text == "true" || yaml.text == "false") return yaml.text == "true";
  const char* const end = yaml.text.data() + yaml.text.size();
  std::int64_t number = 0;
  if (std::from_chars(yaml.text.data(), end, number).ptr == end && !yaml.text.empty()) return number;
  double real = 0;
  if (std::from_chars(yaml.text.data(), end, real).ptr == end && !yaml.text.empty()) return real;
  return yaml.text;
}

TEST(ScenarioSchema, EveryShippedScenarioIsValid) {
  const Schema schema{scenario_schema()};
  for (const auto& entry : std::filesystem::directory_iterator{SHARELOCK_SOURCE_DIR "/scenarios"}) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string path = entry.path().string();
    EXPECT_EQ(schema.complaint(json_of(parse_yaml(read_text(path), path))), "") << path;
  }
}

TEST(ScenarioSchema, WhatTheReaderRefusesTheSchemaRefusesAsFarAsASchemaCan) {
  const Schema schema{scenario_schema()};
  for (const BadScenario& bad : bad_scenarios) {
    if (!bad.schema_can_tell) continue;
    EXPECT_NE(schema.complaint(json_of(parse_yaml(std::string{bad.text}, "bad"))), "") << bad.text;
  }
}

TEST(ScenarioSchema, TheSectionsOfTheManualAreValid) {
  const Schema schema{scenario_schema()};
  const std::string manual = read_text(SHARELOCK_SOURCE_DIR "/docs/scenarios.md");
  const std::string fence = "```yaml\n";
  std::size_t examples = 0;
  for (std::size_t at = manual.find(fence); at != std::string::npos; at = manual.find(fence, at)) {
    at += fence.size();
    const std::string example = manual.substr(at, manual.find("```", at) - at);
    EXPECT_EQ(schema.complaint(json_of(parse_yaml(example, "manual"))), "") << example;
    ++examples;
  }
  EXPECT_GE(examples, 2U);
}

class ResultSchema : public testing::Test {
 protected:
  static RunRequest storm(const std::string& profile) {
    return {.file = "storm.yaml", .profile = profile, .switches = {}, .seed = 4, .text = {}};
  }
  Scenario scenario(const RunRequest& request) const {
    return read_scenario(SHARELOCK_SOURCE_DIR "/scenarios/storm.yaml", profile_of(request.profile, request.switches),
                         scenario_words());
  }
  Schema schema_{result_schema()};
};

TEST_F(ResultSchema, RunsAreValidWhateverTheyFound) {
  for (const std::string profile : {"4.2", "4.4", "ideal"}) {
    const RunRequest request = storm(profile);
    Plan plan;
    EXPECT_EQ(schema_.complaint(Json::parse(run_as_json(explain(scenario(request), request, plan)))), "");
  }
}

TEST_F(ResultSchema, CampaignsAreValid) {
  CampaignRequest request{.run = storm("4.4"), .seeds = 5, .file = {}, .watch = {}};
  EXPECT_EQ(schema_.complaint(Json::parse(campaign_as_json(run_campaign(scenario(request.run), request)))), "");
  request.run.profile = "ideal";
  request.run.switches = {"limit-dynamic=off"};
  EXPECT_EQ(schema_.complaint(Json::parse(campaign_as_json(run_campaign(scenario(request.run), request)))), "");
}

TEST_F(ResultSchema, ChecksAreValidWhateverTheyFound) {
  const std::string text = R"(scenario: small
members: [m1]
bounds: off
group: { share.auto.offset.reset: earliest, share.delivery.count.limit: 1 }
check: { acknowledge: accept, faults: 0 }
)";
  for (const std::string profile : {"4.4", "ideal"}) {
    const CheckRequest request{
        .run = {.file = "small.yaml", .profile = profile, .switches = {}}, .search = {}, .symmetry = {}};
    Plan plan;
    const Scenario scenario = parse_scenario(text, "small.yaml", profile_of(profile, {}), scenario_words());
    EXPECT_EQ(schema_.complaint(Json::parse(check_as_json(check_scenario(scenario, request, plan)))), "");
  }
}

TEST_F(ResultSchema, FuzzingIsValidWhateverItFound) {
  for (const std::string profile : {"4.4", "ideal"}) {
    const FuzzRequest request{.run = storm(profile), .options = {.cases = 50, .past = {}}};
    EXPECT_EQ(schema_.complaint(Json::parse(fuzz_as_json(fuzz_scenario(scenario(request.run), request).result))), "");
  }
}

TEST_F(ResultSchema, AnythingElseIsNot) {
  const RunRequest request = storm("ideal");
  const Json good = Json::parse(run_as_json(run_scenario(scenario(request), request)));
  for (const auto& [key, value] : good.items()) {
    Json without = good;
    without.erase(key);
    EXPECT_NE(schema_.complaint(without), "") << "without " << key;
  }
  Json other = good;
  other["digest"] = "1234";
  EXPECT_NE(schema_.complaint(other), "");
  other = good;
  other["surprise"] = 1;
  EXPECT_NE(schema_.complaint(other), "");
}

TEST(ReportSchema, WhatIsReportedIsValidAndAnythingElseIsNot) {
  const Schema schema{report_schema()};
  Plan plan;
  const RunRequest request{.file = "storm.yaml", .profile = "4.4", .switches = {}, .seed = 4};
  const Scenario scenario =
      read_scenario(SHARELOCK_SOURCE_DIR "/scenarios/storm.yaml", profile_of("4.4", {}), scenario_words());
  const ReportSection section = section_of(explain(scenario, request, plan), claims_judged());
  ASSERT_FALSE(section.stories.empty());
  const Json good = Json::parse(report_as_json({"run", "sharelock 0.1.0", {section}}));
  EXPECT_EQ(schema.complaint(good), "");
  EXPECT_EQ(Schema{result_schema()}.complaint(good["sections"][0]["stories"][0]), "");
  for (const auto& [key, value] : good.items()) {
    Json without = good;
    without.erase(key);
    EXPECT_NE(schema.complaint(without), "") << "without " << key;
  }
}

}  // namespace
}  // namespace sharelock::cli
