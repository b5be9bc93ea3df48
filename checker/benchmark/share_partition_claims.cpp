// What is claimed of SP, and how its states and steps are told.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/input_error.h"
#include "checker/benchmark/share_partition_model.h"

namespace sharelock::benchmark {

using explore::Field;
using explore::StepClass;
using explore::Violation;

Parameters read_parameters(std::string_view text) {
  const std::string hint =
      fmt::format("R,M,D,F,B with 1 <= F <= R <= {}, 1 <= M <= {}, 1 <= D <= {}, 1 <= B <= F: 3,2,2,3,2", records_limit,
                  members_limit, deliveries_limit);
  std::array<std::size_t, 5> numbers{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ',')) throw InputError{{}, fmt::format("'{}' is not five numbers", text), hint};
    const auto [after, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc{}) throw InputError{{}, fmt::format("'{}' is not five numbers", text), hint};
    at = after;
  }
  const auto [r, m, d, f, b] = numbers;
  const bool fits = at == end && r >= 1 && r <= records_limit && m >= 1 && m <= members_limit && d >= 1 &&
                    d <= deliveries_limit && f >= 1 && f <= r && b >= 1 && b <= f;
  if (!fits) throw InputError{{}, fmt::format("no benchmark model SP({})", text), hint};
  return {r, m, static_cast<std::uint32_t>(d), f, b};
}

std::optional<Violation> SharePartitionModel::violation(const State& state) const {
  const auto& p = parameters_;
  std::size_t waiting_members = 0;
  for (std::size_t o = 0; o < p.records; ++o) {
    const Word record = state.records[o];
    const std::uint32_t in_memory = state_of(record), durable = durable_of(record);
    const bool owned = owner_.of(record) != 0;
    if ((in_memory == acquired && !owned) || (owned && (o < state.start || o >= state.end)))
      return Violation{"I1", fmt::format("record {} has no owner, or an owner outside the window", o)};
    if (durable_count_.of(record) > count_.of(record) || count_.of(record) > p.deliveries_max ||
        (in_memory == available && count_.of(record) >= p.deliveries_max))
      return Violation{"I2", fmt::format("the delivery count of record {} is out of bounds", o)};
    if ((is_terminal(durable) && (in_memory != durable || owned)) || (!owned && in_memory != durable))
      return Violation{"I4", fmt::format("record {} differs from its durable state with no write outstanding", o)};
  }
  if (state.start != lowest_open(state) || state.start > state.end || state.end > p.records)
    return Violation{"I3", "the start offset is not the lowest record that is not durably finished"};
  if (std::size_t{state.end} > state.start + p.in_flight_max)
    return Violation{"I5", "more records are in flight than the limit allows"};
  for (std::size_t m = 0; m < p.members; ++m) {
    if (kind_.of(state.members[m]) != waiting) continue;
    const Word record = state.records[offset_.of(state.members[m])];
    if (++waiting_members > 1 || owner_.of(record) != m + 1 || !is_unpersisted(record))
      return Violation{"I6", fmt::format("member m{} waits for a write that is not its own", m + 1)};
  }
  return std::nullopt;
}

std::optional<Violation> SharePartitionModel::store_violation(const State& before, const Action& action,
                                                              const State& after) const {
  if (after.start < before.start) return Violation{"P1", "the start offset went back"};
  if (action.what == What::leader_crash) return std::nullopt;
  for (std::size_t o = 0; o < parameters_.records; ++o)
    if (is_unpersisted(before.records[o]) && is_terminal(durable_of(before.records[o])))
      return Violation{"P2", fmt::format("the finished record {} was written again", o)};
  return std::nullopt;
}

std::vector<std::vector<std::size_t>> SharePartitionModel::interchangeable() const {
  std::vector<std::size_t> members(parameters_.members);
  for (std::size_t m = 0; m < members.size(); ++m) members[m] = m;
  return {members};
}

std::vector<StepClass> SharePartitionModel::step_classes() const {
  using explore::Fairness;
  return {{"acquire", Fairness::weak},
          {"send accept", Fairness::none},
          {"send release", Fairness::none},
          {"send reject", Fairness::none},
          {"send renew", Fairness::none},
          {"deliver", Fairness::strong},
          {"expire", Fairness::weak},
          {"complete", Fairness::strong},
          {"fail", Fairness::none},
          {"leader crash", Fairness::none},
          {"leader crash, write landed", Fairness::none},
          {"member crash", Fairness::none}};
}

bool SharePartitionModel::is_fault(const Action& action) const {
  return action.what == What::fail || action.what == What::leader_crash || action.what == What::leader_crash_landed ||
         action.what == What::member_crash;
}

std::string SharePartitionModel::tell(const Action& action) const {
  const std::string name = step_classes()[step_class(action)].name;
  switch (action.what) {
    case What::acquire:
      return fmt::format("m{} acquires {}", action.who + 1, action.which);
    case What::send_accept:
    case What::send_release:
    case What::send_reject:
    case What::send_renew:
      return fmt::format("m{} {} of {}", action.who + 1, name, action.which);
    case What::deliver:
      return fmt::format("m{}'s acknowledgement arrives", action.who + 1);
    case What::expire:
      return fmt::format("the lock of {} expires", action.which);
    case What::complete:
      return "the write succeeds";
    case What::fail:
      return "the write fails";
    case What::leader_crash:
      return "the leader crashes";
    case What::leader_crash_landed:
      return "the leader crashes, its write landed";
    case What::member_crash:
      return fmt::format("m{} crashes", action.who + 1);
  }
  return name;
}

std::vector<Field> SharePartitionModel::tell(const State& state) const {
  constexpr std::array<std::string_view, 4> states{"available", "acquired", "acknowledged", "archived"};
  constexpr std::array<std::string_view, 6> kinds{"idle", "accept", "release", "reject", "renew", "waits"};
  const auto number = [](std::size_t n) { return fmt::format("{}", n); };
  std::vector<Field> fields{{"start", number(state.start)}, {"end", number(state.end)}};
  for (std::size_t o = 0; o < parameters_.records; ++o) {
    const Word record = state.records[o];
    const std::string of = fmt::format("record {} ", o);
    fields.push_back({of + "state", std::string{states[state_of(record)]}});
    fields.push_back({of + "deliveries", number(count_.of(record))});
    fields.push_back({of + "owner", owner_.of(record) == 0 ? "nobody" : fmt::format("m{}", owner_.of(record))});
    fields.push_back({of + "durable state", std::string{states[durable_of(record)]}});
    fields.push_back({of + "durable deliveries", number(durable_count_.of(record))});
  }
  for (std::size_t m = 0; m < parameters_.members; ++m) {
    const Word word = state.members[m];
    const std::string of = fmt::format("m{} ", m + 1);
    std::vector<std::size_t> held;
    for (std::size_t o = 0; o < parameters_.records; ++o)
      if ((held_.of(word) >> o & 1) != 0) held.push_back(o);
    fields.push_back({of + "holds", held.empty() ? "nothing" : fmt::format("{}", fmt::join(held, ","))});
    const std::string kind{kinds[kind_.of(word)]};
    fields.push_back({of + "request", kind_.of(word) == none ? kind : fmt::format("{} {}", kind, offset_.of(word))});
  }
  return fields;
}

std::string SharePartitionModel::identity() const {
  const auto& p = parameters_;
  return fmt::format("SP({},{},{},{},{})", p.records, p.members, p.deliveries_max, p.in_flight_max, p.batch_max);
}

}  // namespace sharelock::benchmark
