// --report: what is written, in every format, by every verb.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "cli/report_file.h"
#include "cli/run_program.h"

namespace sharelock::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string scenarios = SHARELOCK_SOURCE_DIR "/scenarios/";
const std::string two_records = scenarios + "two-records.yaml";

/// One call of each verb that finds something, and one that does not.
const std::vector<std::string>& commands() {
  static const TemporaryFile plan{"report.plan", ""};
  static const std::vector<std::string> all{"run " + scenarios + "first.yaml",
                                            "run " + scenarios + "storm.yaml --seed 4",
                                            "run " + scenarios + "storm.yaml --seeds 5 --profile ideal",
                                            "check " + two_records,
                                            "fuzz " + two_records + " --cases 200 --plan " + plan.path(),
                                            "fuzz " + two_records + " --cases 200 --profile ideal",
                                            "mutants --for 1ms --only KD-08 --scenarios " + scenarios + "mutants"};
  return all;
}

std::string report_of(const std::string& command, const std::string& extension) {
  const TemporaryFile file{"report" + extension, ""};
  const Ran ran = run_program(command + " --report " + file.path());
  EXPECT_TRUE(ran.code >= 0 && ran.code <= 3) << command << ran.out;
  return file.content();
}

TEST(Report, JsonHasAVersionAVerdictPerClaimAndWhatWasNeverSeen) {
  const json report = json::parse(report_of("check " + two_records, ".json"));
  EXPECT_EQ(report["version"], 1);
  EXPECT_EQ(report["verb"], "check");
  EXPECT_EQ(report["violated"], true);
  const json& section = report["sections"][0];
  EXPECT_EQ(section["cases"].size(), claims_judged().size());
  for (const json& each : section["cases"])
    EXPECT_EQ(each["verdict"], each["name"] == "SPSO" ? "violated" : "held") << each;
  EXPECT_EQ(section["judged"]["profile"], "4.4");
  EXPECT_TRUE(section["thoroughness"].contains("states"));
  EXPECT_FALSE(section["never_seen"].empty());
  EXPECT_EQ(section["stories"][0]["violation"]["claim"], "SPSO");
}

/// What the schema of JUnit that build servers use asks for.
void expect_junit(const std::string& text) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str())) << text;
  const pugi::xml_node suites = document.child("testsuites");
  ASSERT_TRUE(suites);
  for (const pugi::xml_node suite : suites.children()) {
    EXPECT_STREQ(suite.name(), "testsuite");
    for (const char* const name : {"name", "tests", "failures", "errors", "skipped", "time"})
      EXPECT_TRUE(suite.attribute(name)) << name;
    std::vector<std::string> order;
    std::set<std::string> cases;
    int failures = 0;
    for (const pugi::xml_node child : suite.children()) {
      order.emplace_back(child.name());
      if (order.back() != "testcase") continue;
      EXPECT_TRUE(cases.insert(child.attribute("name").value()).second);
      EXPECT_STREQ(child.attribute("classname").value(), suite.attribute("name").value());
      failures += !child.child("failure").empty();
      for (const pugi::xml_node inner : child.children()) EXPECT_STREQ(inner.name(), "failure");
    }
    order.erase(std::unique(order.begin(), order.end()), order.end());
    EXPECT_THAT(order, testing::ElementsAre("properties", "testcase", "system-out"));
    EXPECT_EQ(suite.attribute("tests").as_uint(), cases.size());
    EXPECT_EQ(suite.attribute("failures").as_int(), failures);
  }
}

TEST(Report, JUnitHasACasePerClaimAndScenarioInTheOrderThatItsSchemaWants) {
  for (const std::string& command : commands()) expect_junit(report_of(command, ".xml"));
  const std::string text = report_of("check " + two_records, ".xml");
  EXPECT_THAT(text, HasSubstr("<failure message=\"the start offset passed"));
}

TEST(Report, TextAndMarkdownBeginWithTheVerdictAndTextFits80Columns) {
  for (const std::string& command : commands()) {
    std::istringstream text{report_of(command, ".txt")};
    for (std::string line; std::getline(text, line);) {
      const bool is_command = line.find("sharelock ") != std::string::npos;
      EXPECT_TRUE(is_command || line.size() <= 80) << command << "\n" << line;
    }
    EXPECT_THAT(report_of(command, ".md"), HasSubstr("\n| claim | verdict | |\n|---|---|---|\n")) << command;
  }
  EXPECT_TRUE(report_of("check " + two_records, ".txt").starts_with("two-records  violated\n"));
  EXPECT_THAT(report_of("check " + two_records, ".md"), HasSubstr("## two-records: violated\n"));
}

TEST(Report, AFolderOfScenariosIsOneReport) {
  const json report = json::parse(report_of("run " + scenarios + "mutants --profile ideal", ".json"));
  EXPECT_EQ(report["sections"].size(), 4U);
}

TEST(Report, ANameThatSaysNothingAndAFullDiskAreSaidBeforeAndAfter) {
  const Ran unknown = run_program("fuzz " + two_records + " --for 1h --report x.pdf");
  EXPECT_EQ(unknown.code, 64);
  EXPECT_THAT(unknown.out, HasSubstr("one of .txt, .md, .json, .xml"));
  for (const std::string& command : commands()) {
    const Ran full = run_program(command + " --report /no/such/folder/x.json");
    EXPECT_EQ(full.code, 74) << command << full.out;
    EXPECT_THAT(full.out, HasSubstr("cannot be")) << command;
  }
}

TEST(Report, ADiskThatIsFullLeavesNoHalfReport) {
  const TemporaryFile kept{"kept.json", "precious"};
  const Ran ran = run_program("--version; ulimit -f 0; trap '' XFSZ; exec " SHARELOCK_PROGRAM " run " + scenarios +
                              "first.yaml --report " + kept.path() + " > /dev/null");
  EXPECT_EQ(ran.code, 74) << ran.out;
  EXPECT_EQ(kept.content(), "precious");
}

}  // namespace
}  // namespace sharelock::cli
