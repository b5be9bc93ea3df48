#include "checker/explore/search.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <queue>

#include "base/input_error.h"
#include "checker/explore/explicit_model.h"

namespace sharelock::explore {
namespace {

/// The least there is to know about a search: what a textbook would find.
struct Textbook {
  std::vector<std::uint32_t> order;
  std::map<std::uint32_t, std::uint64_t> depth;
  std::uint64_t transitions = 0;
  std::optional<std::vector<std::uint32_t>> bad_path;
};

Textbook textbook(const ExplicitModel& model) {
  Textbook found;
  std::map<std::uint32_t, std::uint32_t> parent;
  std::queue<std::uint32_t> frontier;
  const auto discover = [&](std::uint32_t state, std::uint64_t depth) {
    if (!found.depth.emplace(state, depth).second) return false;
    found.order.push_back(state);
    frontier.push(state);
    return true;
  };
  for (const std::uint32_t state : model.beginnings) discover(state, 0);
  while (!frontier.empty()) {
    const std::uint32_t from = frontier.front();
    frontier.pop();
    for (const auto& action : model.edges[from]) {
      ++found.transitions;
      if (discover(action.to, found.depth[from] + 1)) parent[action.to] = from;
    }
  }
  for (const std::uint32_t state : found.order) {
    if (!model.violation(state)) continue;
    std::vector<std::uint32_t> path{state};
    while (parent.contains(path.back())) path.push_back(parent[path.back()]);
    std::ranges::reverse(path);
    found.bad_path = path;
    break;
  }
  return found;
}

rc::Gen<ExplicitModel> graphs(bool with_bad) {
  return rc::gen::exec([with_bad] {
    ExplicitModel model;
    const auto states = *rc::gen::inRange<std::uint32_t>(1, 200);
    model.edges.resize(states);
    const auto edges = *rc::gen::inRange<std::uint32_t>(0, 3 * states);
    for (std::uint32_t i = 0; i < edges; ++i)
      model.edges[*rc::gen::inRange<std::uint32_t>(0, states)].push_back(
          {*rc::gen::inRange<std::uint32_t>(0, states), 0, false});
    if (with_bad)
      model.bad = {*rc::gen::inRange<std::uint32_t>(0, states), *rc::gen::inRange<std::uint32_t>(0, states)};
    return model;
  });
}

SearchOptions with(Order order, Storage storage, unsigned jobs) {
  SearchOptions options;
  options.order = order;
  options.storage = storage;
  options.jobs = jobs;
  return options;
}

RC_GTEST_PROP(Search, FindsWhatATextbookFindsInEveryMode, ()) {
  const ExplicitModel model = *graphs(false);
  const Textbook expected = textbook(model);
  std::uint64_t diameter = 0;
  for (const auto& [state, depth] : expected.depth) diameter = std::max(diameter, depth);
  for (const Order order : {Order::breadth_first, Order::depth_first}) {
    for (const Storage storage : {Storage::exact, Storage::compact}) {
      for (const unsigned jobs : {1U, 3U}) {
        const Verdict verdict = search(model, with(order, storage, jobs));
        RC_ASSERT(verdict.is_complete());
        RC_ASSERT(verdict.states == expected.order.size());
        RC_ASSERT(verdict.transitions == expected.transitions);
        if (order == Order::depth_first) continue;
        RC_ASSERT(verdict.diameter == diameter);
      }
    }
  }
}

RC_GTEST_PROP(Search, NumbersStatesInTheOrderOfATextbookForAnyNumberOfThreads, ()) {
  const ExplicitModel model = *graphs(false);
  const Textbook expected = textbook(model);
  for (const unsigned jobs : {1U, 2U, 5U}) {
    Search<ExplicitModel> search{model, with(Order::breadth_first, Storage::exact, jobs)};
    search.run();
    for (StateIndex i = 0; i < expected.order.size(); ++i) {
      std::uint32_t state = 0;
      model.decode(search.known().store().encoding(i), state);
      RC_ASSERT(state == expected.order[i]);
    }
  }
}

RC_GTEST_PROP(Search, TellsTheFirstOfTheShortestStoriesInEveryMode, ()) {
  const ExplicitModel model = *graphs(true);
  const Textbook expected = textbook(model);
  for (const Storage storage : {Storage::exact, Storage::compact}) {
    for (const unsigned jobs : {1U, 2U, 3U}) {
      const Verdict verdict = search(model, with(Order::breadth_first, storage, jobs));
      RC_ASSERT(verdict.counterexample.has_value() == expected.bad_path.has_value());
      if (!expected.bad_path) continue;
      RC_ASSERT(verdict.ending == Ending::violated);
      RC_ASSERT(verdict.counterexample->steps.size() + 1 == expected.bad_path->size());
      for (std::size_t i = 1; i < expected.bad_path->size(); ++i)
        RC_ASSERT(verdict.counterexample->steps[i - 1].step == "to " + std::to_string((*expected.bad_path)[i]));
    }
  }
}

RC_GTEST_PROP(Search, DepthFirstTellsAStoryThatHappensAndEndsBadly, ()) {
  const ExplicitModel model = *graphs(true);
  const Textbook expected = textbook(model);
  for (const Storage storage : {Storage::exact, Storage::compact}) {
    const Verdict verdict = search(model, with(Order::depth_first, storage, 1));
    RC_ASSERT(verdict.counterexample.has_value() == expected.bad_path.has_value());
    if (!verdict.counterexample) continue;
    std::uint32_t at = 0;
    for (const ToldStep& step : verdict.counterexample->steps) {
      const auto taken =
          std::ranges::find(model.edges[at], step.step, [&](const auto& edge) { return model.tell(edge); });
      RC_ASSERT(taken != model.edges[at].end());
      at = taken->to;
    }
    RC_ASSERT(model.violation(at).has_value());
  }
}

/// 0 -> 1 -> ... -> n, and from each also back to 0.
ExplicitModel chain(std::uint32_t n) {
  ExplicitModel model;
  for (std::uint32_t i = 0; i <= n; ++i) {
    model.edges.push_back({{0, 0, false}});
    if (i < n) model.edges.back().push_back({i + 1, 0, false});
  }
  return model;
}

TEST(Search, CountsStatesStepsDeadEndsAndDegreesExactly) {
  ExplicitModel model;
  model.edges = {{{1, 0, false}, {2, 1, false}}, {{2, 1, false}, {2, 1, false}, {0, 0, false}}, {}};
  model.classes = {{"left", Fairness::none}, {"right", Fairness::none}, {"never", Fairness::none}};
  const Verdict verdict = search(model);
  EXPECT_EQ(verdict.states, 3U);
  EXPECT_EQ(verdict.transitions, 5U);
  EXPECT_EQ(verdict.diameter, 1U);
  EXPECT_EQ(verdict.dead_ends, 1U);
  EXPECT_EQ(verdict.out_degree_max, 3U);
  EXPECT_EQ(verdict.steps[0].taken, 2U);
  EXPECT_EQ(verdict.steps[1].taken, 3U);
  EXPECT_EQ(verdict.steps[2].taken, 0U);
}

TEST(Search, AViolationInTheBeginningIsAStoryWithoutSteps) {
  ExplicitModel model = chain(3);
  model.bad = {0};
  for (const Order order : {Order::breadth_first, Order::depth_first}) {
    const Verdict verdict = search(model, with(order, Storage::exact, 1));
    ASSERT_TRUE(verdict.counterexample);
    EXPECT_TRUE(verdict.counterexample->steps.empty());
    EXPECT_EQ(verdict.counterexample->violation, (Violation{"GOOD", "state 0 is bad"}));
  }
}

TEST(Search, AStoryTellsOnlyWhatChanged) {
  ExplicitModel model = chain(2);
  model.bad = {2};
  const Verdict verdict = search(model);
  ASSERT_TRUE(verdict.counterexample);
  EXPECT_EQ(verdict.counterexample->beginning, std::vector<std::string>{"at: 0"});
  EXPECT_EQ(verdict.counterexample->steps.at(1).changes, std::vector<std::string>{"at: 1 -> 2"});
}

TEST(Search, EqualInitialStatesCountOnce) {
  ExplicitModel model = chain(3);
  model.beginnings = {0, 2, 0};
  EXPECT_EQ(search(model).states, 4U);
  EXPECT_EQ(search(model).diameter, 1U);
}

/// A wide world: a number of many bits, each of which can be set. Every state is large.
class WideModel {
 public:
  using State = std::uint64_t;
  using Action = std::uint32_t;
  std::uint32_t bits = 0;
  State bad = ~State{0};

  std::vector<State> initial_states() const { return {0}; }
  void actions(State state, std::vector<Action>& out) const {
    for (Action i = 0; i < bits; ++i)
      if ((state >> i & 1) == 0) out.push_back(i);
  }
  bool next(State state, Action action, State& after) const {
    after = state | State{1} << action;
    return true;
  }
  void encode(State state, const Renaming&, ByteBuffer& out) const {
    out.append_little_endian(state);
    for (int i = 0; i < 25; ++i) out.append_little_endian(state * static_cast<State>(i));
  }
  void decode(Bytes bytes, State& state) const { state = read_little_endian(bytes.data(), 8); }
  std::optional<Violation> violation(State state) const {
    return state == bad ? std::optional{Violation{"GOOD", "bad"}} : std::nullopt;
  }
  std::vector<StepClass> step_classes() const { return {{"set", Fairness::none}}; }
  std::size_t step_class(Action) const { return 0; }
  std::string tell(Action action) const { return "set " + std::to_string(action); }
  std::vector<Field> tell(State state) const { return {{"bits", std::to_string(state)}}; }
  std::string identity() const { return "wide " + std::to_string(bits); }
};

TEST(Search, OutOfMemoryEndsAfterACompleteLevelTheSameForAnyNumberOfThreads) {
  // 2^18 states of 208 bytes do not fit into what 64 MiB leave. Level k has 18 choose k states.
  for (const Storage storage : {Storage::exact, Storage::compact}) {
    std::optional<Verdict> first;
    for (const unsigned jobs : {1U, 2U, 3U}) {
      SearchOptions options = with(Order::breadth_first, storage, jobs);
      options.memory_max = SearchOptions::memory_min;
      const Verdict verdict = search(WideModel{.bits = 18}, options);
      EXPECT_EQ(verdict.ending, Ending::out_of_memory);
      if (!first) first = verdict;
      EXPECT_EQ(verdict.states, first->states);
      EXPECT_EQ(verdict.transitions, first->transitions);
      EXPECT_EQ(verdict.diameter, first->diameter);
    }
    std::uint64_t states = 0, level_size = 1;
    for (std::uint64_t level = 0; level <= first->diameter; ++level) {
      states += level_size;
      level_size = level_size * (18 - level) / (level + 1);
    }
    EXPECT_EQ(first->states, states);
    EXPECT_GT(first->diameter, 3U);
  }
}

TEST(Search, AViolationBeforeMemoryRanOutIsToldAllTheSame) {
  SearchOptions options;
  options.memory_max = SearchOptions::memory_min;
  const Verdict verdict = search(WideModel{.bits = 18, .bad = 0b111}, options);
  EXPECT_EQ(verdict.ending, Ending::violated);
  EXPECT_EQ(verdict.counterexample->steps.size(), 3U);
}

TEST(Search, DepthFirstEndsWhenMemoryIsUsedUp) {
  SearchOptions options = with(Order::depth_first, Storage::exact, 1);
  options.memory_max = SearchOptions::memory_min;
  EXPECT_EQ(search(WideModel{.bits = 18}, options).ending, Ending::out_of_memory);
}

TEST(Search, GrowsItsTableWithoutLosingAnything) {
  for (const unsigned jobs : {1U, 3U}) {
    const Verdict verdict = search(WideModel{.bits = 19}, with(Order::breadth_first, Storage::compact, jobs));
    EXPECT_EQ(verdict.states, std::uint64_t{1} << 19);
    EXPECT_EQ(verdict.transitions, std::uint64_t{19} << 18);
    EXPECT_EQ(verdict.diameter, 19U);
  }
}

TEST(Search, SaysHowManyStatesHashCompactionMayHaveOmitted) {
  EXPECT_EQ(search(chain(3)).expected_omissions, 0);
  const Verdict verdict = search(chain(3), with(Order::breadth_first, Storage::compact, 1));
  EXPECT_DOUBLE_EQ(verdict.expected_omissions, 6.0 / 18446744073709551616.0);
}

TEST(Search, RefusesSymmetryWhereThereIsNone) {
  SearchOptions options;
  options.symmetry = true;
  EXPECT_THROW(search(chain(3), options), InputError);
}

}  // namespace
}  // namespace sharelock::explore
