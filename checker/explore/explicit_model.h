// A model whose graph is written down: for tests, in which every answer can be counted by hand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/model.h"

namespace sharelock::explore {

/// States are numbers; state 0 is the beginning. Encodings differ in size.
class ExplicitModel {
 public:
  using State = std::uint32_t;
  struct Action {
    std::uint32_t to = 0;
    std::uint8_t step_class = 0;
    bool fault = false;
  };

  std::vector<std::vector<Action>> edges;
  std::vector<State> beginnings{0};
  std::vector<State> bad;
  std::vector<State> goals;
  std::vector<StepClass> classes{{"step", Fairness::none}};

  std::vector<State> initial_states() const { return beginnings; }
  void actions(State state, std::vector<Action>& out) const {
    out.insert(out.end(), edges[state].begin(), edges[state].end());
  }
  bool next(State, const Action& action, State& after) const {
    after = action.to;
    return true;
  }
  void encode(State state, const Renaming&, ByteBuffer& out) const {
    out.append_little_endian(state, 4);
    for (State i = 0; i < state % 5; ++i) out.append_byte(static_cast<std::uint8_t>(state));
  }
  void decode(Bytes bytes, State& state) const { state = static_cast<State>(read_little_endian(bytes.data(), 4)); }
  std::optional<Violation> violation(State state) const {
    if (std::ranges::find(bad, state) == bad.end()) return std::nullopt;
    return Violation{"GOOD", "state " + std::to_string(state) + " is bad"};
  }
  std::vector<StepClass> step_classes() const { return classes; }
  std::size_t step_class(const Action& action) const { return action.step_class; }
  bool is_goal(State state) const { return std::ranges::find(goals, state) != goals.end(); }
  std::string goal() const { return "a goal"; }
  bool is_fault(const Action& action) const { return action.fault; }
  std::string tell(const Action& action) const { return "to " + std::to_string(action.to); }
  std::vector<Field> tell(State state) const { return {{"at", std::to_string(state)}}; }
  std::string identity() const { return "explicit " + std::to_string(edges.size()); }
};

}  // namespace sharelock::explore
