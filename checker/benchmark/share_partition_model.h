// SP(R,M,D,F,B): one abstract share partition, the model by which checkers are compared.
//
// It exists in several checkers' languages and must have the same number of states and transitions in each. It is an
// abstraction for measuring, not a statement of what Kafka does: that is the business of model/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/model.h"

namespace sharelock::benchmark {

/// R records, M members, D deliveries at most, F records in flight at most, B records in a batch at most.
struct Parameters {
  std::size_t records = 1;
  std::size_t members = 1;
  std::uint32_t deliveries_max = 1;
  std::size_t in_flight_max = 1;
  std::size_t batch_max = 1;

  friend bool operator==(const Parameters&, const Parameters&) = default;
};

inline constexpr std::size_t records_limit = 8;
inline constexpr std::size_t members_limit = 6;
inline constexpr std::uint32_t deliveries_limit = 15;

/// Reads "R,M,D,F,B". Throws InputError unless 1 <= F <= R <= 8, 1 <= M <= 6, 1 <= D <= 15 and 1 <= B <= F.
Parameters read_parameters(std::string_view text);

class SharePartitionModel {
 public:
  /// A record is its state and delivery count in the leader's memory, its owner, and what of it is durable; a member is
  /// what it believes to hold, and its one acknowledgement on the way. Each is packed into one number.
  using Word = std::uint16_t;
  struct State {
    std::array<Word, records_limit> records{};
    std::array<Word, members_limit> members{};
    std::uint8_t start = 0;  ///< The share-partition start offset.
    std::uint8_t end = 0;    ///< The end of the in-flight window, exclusive.

    friend bool operator==(const State&, const State&) = default;
  };

  enum class What : std::uint8_t {
    acquire,
    send_accept,
    send_release,
    send_reject,
    send_renew,
    deliver,
    expire,
    complete,
    fail,
    leader_crash,
    leader_crash_landed,
    member_crash
  };
  /// `who` is a member, `which` an offset or, for an acquisition, the number of records.
  struct Action {
    What what;
    std::uint8_t who = 0;
    std::uint8_t which = 0;
  };

  explicit SharePartitionModel(const Parameters& parameters);

  std::vector<State> initial_states() const { return {State{}}; }
  void actions(const State& state, std::vector<Action>& out) const;
  bool next(const State& state, const Action& action, State& after) const;
  void encode(const State& state, const explore::Renaming& renaming, explore::ByteBuffer& out) const;
  void decode(explore::Bytes bytes, State& state) const;
  std::size_t encoded_size() const { return encoded_size_; }

  std::optional<explore::Violation> violation(const State& state) const;
  std::optional<explore::Violation> step_violation(const State& before, const Action& action,
                                                   const State& after) const {
    const bool may_store =
        action.what == What::complete || action.what == What::leader_crash || action.what == What::leader_crash_landed;
    return may_store ? store_violation(before, action, after) : std::nullopt;
  }
  std::vector<std::vector<std::size_t>> interchangeable() const;

  std::vector<explore::StepClass> step_classes() const;
  std::size_t step_class(const Action& action) const { return static_cast<std::size_t>(action.what); }
  bool is_goal(const State& state) const { return state.start == parameters_.records; }
  std::string goal() const { return "every record is durably finished"; }
  bool is_fault(const Action& action) const;

  std::string tell(const Action& action) const;
  std::vector<explore::Field> tell(const State& state) const;
  std::string identity() const;

 private:
  enum RecordState : std::uint32_t { available, acquired, acknowledged, archived };
  enum Kind : std::uint32_t { none, accept, release, reject, renew, waiting };

  /// A run of bits in a record or member.
  struct Bits {
    std::uint32_t shift = 0;
    std::uint32_t mask = 0;
    std::uint32_t of(Word word) const { return (static_cast<std::uint32_t>(word) >> shift) & mask; }
    Word with(Word word, std::uint32_t value) const {
      return static_cast<Word>((word & ~(mask << shift)) | (value << shift));
    }
  };

  static bool is_terminal(std::uint32_t state) { return state >= acknowledged; }
  static std::uint32_t state_of(Word record) { return record & 3U; }
  static std::uint32_t durable_of(Word record) { return record >> 2 & 3U; }
  static Word with_state(Word record, std::uint32_t state) { return static_cast<Word>((record & ~3U) | state); }
  Word made_durable(Word record) const;
  bool is_unpersisted(Word record) const { return owner_.of(record) != 0 && state_of(record) != acquired; }
  bool is_acquired_by(Word record, std::size_t member) const {
    return state_of(record) == acquired && owner_.of(record) == member + 1;
  }
  bool is_acquirable(const State& state, std::size_t offset) const;
  bool is_at_limit(Word record) const { return count_.of(record) == parameters_.deliveries_max; }
  Word handed_back(Word record) const;

  void acquire(State& state, std::size_t member, std::size_t count) const;
  void deliver(State& state, std::size_t member) const;
  void complete(State& state) const;
  void fail(State& state) const;
  void crash_leader(State& state, bool landed) const;
  void crash_member(State& state, std::size_t member) const;
  void advance_start(State& state) const;
  void release_waiting(State& state, bool written) const;
  bool can_crash(const State& state, std::size_t member, bool busy) const;
  std::optional<explore::Violation> store_violation(const State& before, const Action& action,
                                                    const State& after) const;
  std::size_t lowest_open(const State& state) const;

  Parameters parameters_;
  Bits owner_, count_, durable_count_;
  Bits held_, kind_, offset_;
  std::uint32_t record_bits_ = 0, member_bits_ = 0, position_bits_ = 0;
  std::size_t encoded_size_ = 0;
};

}  // namespace sharelock::benchmark
