#include "checker/explore/verdict_report.h"

#include <gtest/gtest.h>

#include "checker/explore/explicit_model.h"

namespace sharelock::explore {
namespace {

Report report_of(const ExplicitModel& model, const SearchOptions& options = {}) {
  return {model.identity(), options, search(model, options), std::nullopt};
}

TEST(VerdictReport, JsonHasTheCountsAndTheCost) {
  ExplicitModel model;
  model.edges = {{{1, 0, false}}, {{0, 0, false}}};
  model.classes.push_back({"jump", Fairness::none});
  const auto json = to_json(report_of(model));
  EXPECT_EQ(json["verdict"], "complete");
  EXPECT_EQ(json["states"], 2);
  EXPECT_EQ(json["transitions"], 2);
  EXPECT_EQ(json["diameter"], 1);
  EXPECT_EQ(json["steps_never_taken"], std::vector<std::string>{"jump"});
  EXPECT_EQ(json["out_degree"]["average"], 1.0);
  for (const char* key : {"seconds", "bytes_per_state", "peak_rss_bytes"}) EXPECT_TRUE(json[key].is_number()) << key;
}

TEST(VerdictReport, TellsAViolationFirstAndTheStoryBelow) {
  ExplicitModel model;
  model.edges = {{{1, 0, false}}, {}};
  model.bad = {1};
  const std::string text = to_text(report_of(model));
  EXPECT_TRUE(text.starts_with("explicit 2  VIOLATED  GOOD\n")) << text;
  EXPECT_NE(text.find("at: 0 -> 1"), std::string::npos);
  EXPECT_EQ(to_json(report_of(model))["counterexample"]["shortest"], true);
}

TEST(VerdictReport, SaysOfADepthFirstStoryThatAShorterMayExist) {
  ExplicitModel model;
  model.edges = {{{1, 0, false}}, {}};
  model.bad = {1};
  SearchOptions options;
  options.order = Order::depth_first;
  EXPECT_NE(to_text(report_of(model, options)).find("much shorter"), std::string::npos);
  EXPECT_EQ(to_json(report_of(model, options))["counterexample"]["shortest"], false);
}

TEST(VerdictReport, NamesTheLevelAfterWhichASearchWasTruncated) {
  Report report{"toy", {}, {}, std::nullopt};
  report.verdict.ending = Ending::out_of_memory;
  report.verdict.diameter = 7;
  EXPECT_TRUE(to_text(report).starts_with("toy  TRUNCATED after level 7"));
  EXPECT_EQ(to_json(report)["truncated_after_level"], 7);
}

}  // namespace
}  // namespace sharelock::explore
