// What a model owes the search, and all it owes.
//
// A model is a value that says where a world may begin, what can happen next in a state, and what becomes of the state
// when it does. Everything else here is optional, and the search notices what a model offers.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/explore/bytes.h"

namespace sharelock::explore {

/// A bijection of the interchangeable members of a model, applied while a state is encoded.
class Renaming {
 public:
  static constexpr std::size_t members_max = 16;

  constexpr Renaming() {
    for (std::size_t i = 0; i < members_max; ++i) to_[i] = static_cast<std::uint8_t>(i);
  }
  /// What member `from` is called. Precondition: `from < members_max`.
  constexpr std::size_t operator()(std::size_t from) const { return to_[from]; }
  constexpr void rename(std::size_t from, std::size_t to) {
    if ((to_[from] != from) != (to != from)) to != from ? ++renamed_ : --renamed_;
    to_[from] = static_cast<std::uint8_t>(to);
  }
  constexpr bool is_identity() const { return renamed_ == 0; }

  friend constexpr bool operator==(const Renaming&, const Renaming&) = default;

 private:
  std::array<std::uint8_t, members_max> to_{};
  std::uint32_t renamed_ = 0;  ///< How many members are called something else; asked for at every encoding.
};

/// Why a state, or a step, is wrong: the claim that it breaks and what is seen.
struct Violation {
  std::string claim;
  std::string what;

  friend bool operator==(const Violation&, const Violation&) = default;
};

/// Whether a run may go on for ever without steps of a class.
enum class Fairness : std::uint8_t {
  none,    ///< It may.
  weak,    ///< Not while such a step is possible all the time.
  strong,  ///< Not while such a step is possible again and again.
};

/// Steps that have one name and one fairness.
struct StepClass {
  std::string name;
  Fairness fairness = Fairness::none;
};

/// One thing that a state says of itself; a story tells those that a step changed.
struct Field {
  std::string name;
  std::string value;

  friend bool operator==(const Field&, const Field&) = default;
};

/// What every model offers. All functions are deterministic and may be called by several threads at once.
///
/// - `initial_states()`: in a fixed order; equal ones count once.
/// - `actions(state, out)`: appends what can happen next, in a fixed order that is equal for equal encodings.
/// - `next(state, action, after)`: makes `after` what `action` makes of `state`; `after` is lent and holds any old
///   state. False: it turns out not to be possible, and is no step.
/// - `encode(state, renaming, out)`: appends the canonical bytes of `state` with its members renamed. Equal bytes mean
///   equal futures. `decode(bytes, state)` is its inverse for the identity.
/// - `violation(state)`: the first claim that `state` breaks.
/// - `step_classes()` and `step_class(action)`: every action belongs to one class, by its index.
/// - `tell(action)` and `tell(state)`: words for a story.
/// - `identity()`: all that distinguishes this model from another: parameters, switches, claims, bounds. A checkpoint
///   goes on only where the identity is the same.
template <class M>
concept Model =
    requires(const M& model, const typename M::State& state, typename M::State& after, const typename M::Action& action,
             std::vector<typename M::Action>& actions, const Renaming& renaming, ByteBuffer& out, Bytes bytes) {
      { model.initial_states() } -> std::same_as<std::vector<typename M::State>>;
      { model.actions(state, actions) } -> std::same_as<void>;
      { model.next(state, action, after) } -> std::same_as<bool>;
      { model.encode(state, renaming, out) } -> std::same_as<void>;
      { model.decode(bytes, after) } -> std::same_as<void>;
      { model.violation(state) } -> std::same_as<std::optional<Violation>>;
      { model.step_classes() } -> std::same_as<std::vector<StepClass>>;
      { model.step_class(action) } -> std::convertible_to<std::size_t>;
      { model.tell(action) } -> std::same_as<std::string>;
      { model.tell(state) } -> std::same_as<std::vector<Field>>;
      { model.identity() } -> std::same_as<std::string>;
      requires std::default_initializable<typename M::State> && std::copyable<typename M::State>;
    };

/// Optional: every encoding has this many bytes, which saves keeping their sizes.
template <class M>
concept FixedSize = requires(const M& model) {
  { model.encoded_size() } -> std::same_as<std::size_t>;
};

/// Optional: the first claim that a step breaks, which the state after it does not show.
template <class M>
concept JudgesSteps = requires(const M& model, const typename M::State& state, const typename M::Action& action) {
  { model.step_violation(state, action, state) } -> std::same_as<std::optional<Violation>>;
};

/// Optional: false if `violation` finds nothing in the state of that encoding, as the encoding itself tells: then it
/// need not be decoded to be judged.
template <class M>
concept TellsWhatToJudge = requires(const M& model, Bytes encoding) {
  { model.needs_judging(encoding) } -> std::same_as<bool>;
};

/// What is wrong with a step: the first claim that it breaks itself, or else that the state after it does.
template <Model M>
std::optional<Violation> judge(const M& model, const typename M::State& before, const typename M::Action& action,
                               const typename M::State& after) {
  if constexpr (JudgesSteps<M>)
    if (auto violation = model.step_violation(before, action, after)) return violation;
  return model.violation(after);
}

/// Optional: the sets of members that can be exchanged without a difference (scalarsets).
template <class M>
concept Symmetric = requires(const M& model) {
  { model.interchangeable() } -> std::same_as<std::vector<std::vector<std::size_t>>>;
};

/// Optional: appends the encoding under that one of the renamings which stands for all of them, quicker than by
/// encoding under each and taking the least. States that differ only by a renaming get equal encodings.
template <class M>
concept EncodesCanonically =
    requires(const M& model, const typename M::State& state, std::span<const Renaming> renamings, ByteBuffer& out) {
      { model.encode_canonical(state, renamings, out) } -> std::same_as<void>;
    };

/// Optional: the position in `actions` of a step that nothing else can hinder or be hindered by until it is taken,
/// whatever else happens first, and that no claim can see; none if there is no such step. docs/exploration.md says it
/// exactly.
template <class M>
concept NamesIndependentSteps =
    requires(const M& model, const typename M::State& state, std::span<const typename M::Action> actions) {
      { model.independent(state, actions) } -> std::same_as<std::optional<std::size_t>>;
    };

/// Optional: what should always be reached again, and which steps are faults, without which it should be.
template <class M>
concept HasGoal = requires(const M& model, const typename M::State& state, const typename M::Action& action) {
  { model.is_goal(state) } -> std::same_as<bool>;
  { model.goal() } -> std::convertible_to<std::string>;
  { model.is_fault(action) } -> std::same_as<bool>;
};
/// The size of every encoding of a model, if it says that there is one.
template <Model M>
std::optional<std::size_t> encoded_size(const M& model) {
  if constexpr (FixedSize<M>)
    return model.encoded_size();
  else
    return std::nullopt;
}

}  // namespace sharelock::explore
