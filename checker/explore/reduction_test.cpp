// Reduction by independent steps: fewer states, the same verdict.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "checker/explore/search.h"

namespace sharelock::explore {
namespace {

/// Workers that prepare alone, step by step, and then add their number to something shared, modulo eight. A worker may
/// also start over and over again, so that there are cycles of steps that nobody else can see.
class WorkersModel {
 public:
  struct State {
    std::vector<std::uint8_t> prepared;
    std::uint8_t shared = 0;
  };
  struct Action {
    std::size_t worker = 0;
    bool publishes = false;
  };
  std::size_t workers = 3;
  std::uint8_t steps = 3;
  bool restarts = false;
  std::uint8_t bad = 255;

  std::vector<State> initial_states() const { return {{std::vector<std::uint8_t>(workers), 0}}; }
  void actions(const State& state, std::vector<Action>& out) const {
    for (std::size_t w = 0; w < workers; ++w) {
      if (state.prepared[w] == steps) out.push_back({w, true});
      if (state.prepared[w] < steps || (restarts && state.prepared[w] == steps)) out.push_back({w, false});
    }
  }
  bool next(const State& state, const Action& action, State& after) const {
    after = state;
    std::uint8_t& prepared = after.prepared[action.worker];
    if (action.publishes) {
      after.shared = static_cast<std::uint8_t>((after.shared * 2 + action.worker + 1) % 8);
      prepared = static_cast<std::uint8_t>(steps + 1);
    } else {
      prepared = static_cast<std::uint8_t>(prepared == steps ? 0 : prepared + 1);
    }
    return true;
  }
  void encode(const State& state, const Renaming&, ByteBuffer& out) const {
    for (const std::uint8_t prepared : state.prepared) out.append_byte(prepared);
    out.append_byte(state.shared);
  }
  void decode(Bytes bytes, State& state) const {
    state.prepared.clear();
    for (const std::byte byte : bytes.first(bytes.size() - 1))
      state.prepared.push_back(std::to_integer<std::uint8_t>(byte));
    state.shared = std::to_integer<std::uint8_t>(bytes.back());
  }
  std::optional<Violation> violation(const State& state) const {
    return state.shared == bad ? std::optional{Violation{"SHARED", "bad"}} : std::nullopt;
  }
  /// Preparing is a worker's own business, as long as it is all that the worker can do.
  std::optional<std::size_t> independent(const State& state, std::span<const Action> actions) const {
    for (std::size_t i = 0; i < actions.size(); ++i)
      if (!actions[i].publishes && state.prepared[actions[i].worker] < steps) return i;
    return std::nullopt;
  }
  std::vector<StepClass> step_classes() const { return {{"prepare", Fairness::none}, {"publish", Fairness::none}}; }
  std::size_t step_class(const Action& action) const { return action.publishes ? 1 : 0; }
  std::string tell(const Action& action) const { return fmt::format("{} {}", action.worker, action.publishes); }
  std::vector<Field> tell(const State& state) const { return {{"shared", std::to_string(state.shared)}}; }
  std::string identity() const { return "workers"; }
};

TEST(Reduction, TakesFarFewerStepsAndSaysHowMany) {
  SearchOptions reduced;
  reduced.reduce = true;
  const WorkersModel model{.workers = 4, .steps = 4};
  const Verdict without = search(model);
  const Verdict with = search(model, reduced);
  EXPECT_TRUE(with.is_complete());
  EXPECT_LT(with.states * 10, without.states);
  EXPECT_GT(2 * with.enabled, 3 * with.transitions);
  EXPECT_EQ(without.enabled, without.transitions);
}

RC_GTEST_PROP(Reduction, DoesNotChangeTheVerdict, ()) {
  const WorkersModel model{.workers = *rc::gen::inRange<std::size_t>(1, 4),
                           .steps = *rc::gen::inRange<std::uint8_t>(1, 4),
                           .restarts = *rc::gen::arbitrary<bool>(),
                           .bad = *rc::gen::inRange<std::uint8_t>(1, 9)};
  const Verdict without = search(model);
  for (const Order order : {Order::breadth_first, Order::depth_first}) {
    for (const unsigned jobs : {1U, 2U}) {
      SearchOptions reduced;
      reduced.reduce = true;
      reduced.order = order;
      reduced.jobs = jobs;
      const Verdict with = search(model, reduced);
      RC_ASSERT(with.ending == without.ending);
      // On the way to a violation a reduced search may see more, for its way may be longer.
      RC_ASSERT(!with.is_complete() || with.states <= without.states);
    }
  }
}

TEST(Reduction, IsTheSameForAnyNumberOfThreads) {
  const WorkersModel model{.workers = 4, .steps = 3, .restarts = true};
  SearchOptions reduced;
  reduced.reduce = true;
  const Verdict one = search(model, reduced);
  reduced.jobs = 3;
  const Verdict three = search(model, reduced);
  EXPECT_EQ(one.states, three.states);
  EXPECT_EQ(one.transitions, three.transitions);
  EXPECT_EQ(one.enabled, three.enabled);
}

}  // namespace
}  // namespace sharelock::explore
