#include "checker/explore/graph_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/input_error.h"
#include "checker/explore/explicit_model.h"

namespace sharelock::explore {
namespace {

std::string written(const std::string& ending) {
  ExplicitModel model;
  model.edges = {{{1, 0, false}}, {{0, 0, false}, {1, 0, false}}};
  const std::string path = testing::TempDir() + "graph_file_test." + std::to_string(::getpid()) + ending;
  Search<ExplicitModel> search{model, {}};
  const Verdict verdict = search.run();
  write_graph(path, model, search, {}, verdict);
  std::ifstream file{path};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::filesystem::remove(path);
  return text;
}

TEST(GraphFile, ShowsEveryStateAndStepInDot) {
  EXPECT_EQ(written(".dot"),
            "digraph G {\n"
            "0[label=\"at: 0\n\"];\n"
            "1[label=\"at: 1\n\"];\n"
            "0->1 [label=\"to 1\"];\n"
            "1->0 [label=\"to 0\"];\n"
            "1->1 [label=\"to 1\"];\n"
            "}\n");
}

TEST(GraphFile, ShowsEveryStateAndStepInGraphMl) {
  const std::string text = written(".graphml");
  EXPECT_NE(text.find("<node id=\"n1\">"), std::string::npos);
  EXPECT_NE(text.find("<edge id=\"e2\" source=\"n1\" target=\"n1\">"), std::string::npos);
}

TEST(GraphFile, IsRefusedForAnUnknownFormat) {
  EXPECT_THROW(check_graph_name("graph.png"), InputError);
}

TEST(GraphFile, IsRefusedWhenStatesWereLeftOut) {
  SearchOptions options;
  options.reduce = true;
  EXPECT_THROW(check_graph(options, Verdict{}), InputError);
  Verdict large;
  large.states = drawn_states_max + 1;
  EXPECT_THROW(check_graph(SearchOptions{}, large), InputError);
}

}  // namespace
}  // namespace sharelock::explore
