#include "checker/explore/symmetry.h"

#include <gtest/gtest.h>

#include "base/input_error.h"
#include "checker/explore/search.h"

namespace sharelock::explore {
namespace {

/// Members that each count up to a limit. Two of them may not stand at the limit at once, if that is claimed; and a
/// claim may name a member, which no claim should do where members are interchangeable.
class CountingModel {
 public:
  using State = std::vector<std::uint8_t>;
  using Action = std::size_t;
  std::size_t members = 3;
  std::uint8_t limit = 4;
  bool claim_at_most_one_at_limit = false;

  std::vector<State> initial_states() const { return {State(members)}; }
  void actions(const State& state, std::vector<Action>& out) const {
    for (Action m = 0; m < members; ++m)
      if (state[m] < limit) out.push_back(m);
  }
  bool next(const State& state, Action member, State& after) const {
    after = state;
    ++after[member];
    return true;
  }
  void encode(const State& state, const Renaming& renaming, ByteBuffer& out) const {
    std::byte* bytes = out.extend(members);
    for (std::size_t m = 0; m < members; ++m) bytes[renaming(m)] = std::byte{state[m]};
  }
  void decode(Bytes bytes, State& state) const {
    state.clear();
    for (const std::byte byte : bytes) state.push_back(std::to_integer<std::uint8_t>(byte));
  }
  std::optional<Violation> violation(const State& state) const {
    if (!claim_at_most_one_at_limit || std::ranges::count(state, limit) < 2) return std::nullopt;
    return Violation{"ONE", "two members stand at the limit"};
  }
  std::vector<std::vector<std::size_t>> interchangeable() const {
    std::vector<std::size_t> all(members);
    for (std::size_t m = 0; m < members; ++m) all[m] = m;
    return {all};
  }
  std::vector<StepClass> step_classes() const { return {{"count", Fairness::none}}; }
  std::size_t step_class(Action) const { return 0; }
  std::string tell(Action member) const { return "m" + std::to_string(member + 1) + " counts"; }
  std::vector<Field> tell(const State& state) const {
    std::vector<Field> fields;
    for (std::size_t m = 0; m < members; ++m) fields.push_back({"m" + std::to_string(m + 1), std::to_string(state[m])});
    return fields;
  }
  std::string identity() const { return "counting"; }
};

std::uint64_t choose(std::uint64_t n, std::uint64_t k) {
  return k == 0 ? 1 : choose(n - 1, k - 1) * n / k;
}

SearchOptions symmetric(Order order = Order::breadth_first, unsigned jobs = 1) {
  SearchOptions options;
  options.symmetry = true;
  options.order = order;
  options.jobs = jobs;
  return options;
}

TEST(Symmetry, KeepsExactlyOneStateOfEachOrbit) {
  // Orbits of m counters up to k are multisets: (m + k) choose m.
  for (std::size_t members = 1; members <= 4; ++members) {
    for (const Order order : {Order::breadth_first, Order::depth_first}) {
      const CountingModel model{.members = members, .limit = 5};
      EXPECT_EQ(search(model, symmetric(order)).states, choose(members + 5, members));
    }
  }
}

TEST(Symmetry, DoesNotChangeTheVerdictNorTheLengthOfTheStory) {
  for (const bool claimed : {false, true}) {
    const CountingModel model{.members = 4, .limit = 3, .claim_at_most_one_at_limit = claimed};
    const Verdict without = search(model);
    for (const unsigned jobs : {1U, 2U}) {
      const Verdict with = search(model, symmetric(Order::breadth_first, jobs));
      EXPECT_EQ(with.ending, without.ending);
      EXPECT_EQ(with.counterexample.has_value(), claimed);
      if (!claimed) continue;
      EXPECT_EQ(with.counterexample->steps.size(), without.counterexample->steps.size());
    }
  }
}

TEST(Symmetry, NoMemberChangesItsNameInTheMiddleOfAStory) {
  // Every step of the story changes the counter of the member that it names, from the value that it had.
  const CountingModel model{.members = 4, .limit = 3, .claim_at_most_one_at_limit = true};
  for (const Order order : {Order::breadth_first, Order::depth_first}) {
    const Verdict verdict = search(model, symmetric(order));
    ASSERT_TRUE(verdict.counterexample);
    std::vector<int> counts(4);
    for (const ToldStep& step : verdict.counterexample->steps) {
      const auto member = static_cast<std::size_t>(step.step[1] - '1');
      const int before = counts.at(member)++;
      EXPECT_EQ(step.changes, std::vector<std::string>{fmt::format("m{}: {} -> {}", member + 1, before, before + 1)});
    }
    EXPECT_GE(std::ranges::count(counts, 3), 2);
  }
}

TEST(Symmetry, TriesEveryRenamingOfEverySet) {
  EXPECT_EQ(renamings_of({}).size(), 1U);
  EXPECT_EQ(renamings_of({{0, 1, 2, 3}}).size(), 24U);
  EXPECT_EQ(renamings_of({{0, 1}, {2, 3, 4}}).size(), 12U);
  EXPECT_TRUE(renamings_of({{0, 1}, {2, 3}}).front().is_identity());
}

TEST(Symmetry, RefusesMoreRenamingsThanAnyoneCouldWaitFor) {
  EXPECT_THROW(renamings_of({{0, 1, 2, 3, 4, 5, 6}}), InputError);
}

TEST(Renaming, KnowsWhetherItIsTheIdentity) {
  Renaming renaming;
  EXPECT_TRUE(renaming.is_identity());
  renaming.rename(0, 1);
  renaming.rename(1, 0);
  EXPECT_FALSE(renaming.is_identity());
  renaming.rename(0, 0);
  renaming.rename(1, 1);
  EXPECT_TRUE(renaming.is_identity());
}

}  // namespace
}  // namespace sharelock::explore
