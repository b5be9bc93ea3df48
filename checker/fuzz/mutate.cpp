#include "checker/fuzz/mutate.h"

#include <algorithm>

namespace sharelock::fuzz {
namespace {

using Moves = std::vector<Move>;

constexpr std::size_t moves_max = 400;

/// A run of steps: where it begins and where it ends.
std::pair<std::ptrdiff_t, std::ptrdiff_t> draw_run(const Moves& moves, Chance& chance) {
  const auto begin = static_cast<std::ptrdiff_t>(chance.below(moves.size()));
  const auto longest = static_cast<std::int64_t>(moves.size()) - begin;
  return {begin, begin + chance.between(1, std::min<std::int64_t>(longest, 8))};
}

void cut_run(Moves& moves, const Moves&, Chance& chance) {
  const auto [begin, end] = draw_run(moves, chance);
  moves.erase(moves.begin() + begin, moves.begin() + end);
}

void cut_end(Moves& moves, const Moves&, Chance& chance) {
  moves.resize(chance.below(moves.size()) + 1);
}

void splice(Moves& moves, const Moves& other, Chance& chance) {
  if (other.empty()) return;
  moves.resize(chance.below(moves.size()) + 1);
  moves.insert(moves.end(), other.begin() + static_cast<std::ptrdiff_t>(chance.below(other.size())), other.end());
}

void repeat_run(Moves& moves, const Moves&, Chance& chance) {
  const auto [begin, end] = draw_run(moves, chance);
  const Moves run{moves.begin() + begin, moves.begin() + end};
  moves.insert(moves.begin() + static_cast<std::ptrdiff_t>(chance.below(moves.size() + 1)), run.begin(), run.end());
}

void choose_anew(Moves& moves, const Moves&, Chance& chance) {
  moves[chance.below(moves.size())] = {};
}

void choose_more(Moves& moves, const Moves&, Chance& chance) {
  const auto at = static_cast<std::ptrdiff_t>(chance.below(moves.size() + 1));
  moves.insert(moves.begin() + at, static_cast<std::size_t>(chance.between(1, 3)), Move{});
}

void put_fault_in(Moves& moves, const Moves&, Chance& chance) {
  const auto at = static_cast<std::ptrdiff_t>(chance.below(moves.size() + 1));
  moves.insert(moves.begin() + at, Move{.kind = Move::Kind::fault});
}

/// A step happens some steps later: another order of the same.
void put_off(Moves& moves, const Moves&, Chance& chance) {
  const auto at = static_cast<std::ptrdiff_t>(chance.below(moves.size()));
  const auto last = std::min<std::int64_t>(at + 12, static_cast<std::int64_t>(moves.size()) - 1);
  const auto to = static_cast<std::ptrdiff_t>(chance.between(at, last));
  std::rotate(moves.begin() + at, moves.begin() + at + 1, moves.begin() + to + 1);
}

using Change = void (*)(Moves& moves, const Moves& other, Chance& chance);
constexpr std::array<Change, 8> changes{cut_run,     cut_end,     splice,       repeat_run,
                                        choose_anew, choose_more, put_fault_in, put_off};

}  // namespace

std::vector<Move> moves_of(const Plan& plan) {
  Moves moves;
  moves.reserve(plan.size());
  for (const PlannedStep& planned : plan) moves.push_back({Move::Kind::step, planned.step});
  return moves;
}

std::vector<Move> mutated(const Plan& plan, const Plan& other, Chance& chance) {
  Moves moves = moves_of(plan);
  const Moves others = moves_of(other);
  for (std::int64_t left = chance.between(1, 4); left > 0 && !moves.empty(); --left)
    chance.pick(changes)(moves, others, chance);
  moves.resize(std::min(moves.size(), moves_max));
  return moves;
}

}  // namespace sharelock::fuzz
