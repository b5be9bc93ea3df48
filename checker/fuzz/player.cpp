#include "checker/fuzz/player.h"

#include <algorithm>

namespace sharelock::fuzz {
namespace {

using Weights = std::array<std::uint32_t, class_count>;

/// Every case has a temper of its own: what it does often, what rarely, what not at all. A mixture that is always the
/// same would never leave out what hides a defect.
Weights draw_temper(ChoiceReader& choices) {
  static constexpr std::array<std::uint32_t, 8> for_steps{0, 1, 2, 4, 4, 8, 8, 16};
  static constexpr std::array<std::uint32_t, 8> for_faults{0, 0, 1, 1, 1, 2, 2, 8};
  Weights weights{};
  for (std::size_t of = 0; of < class_count; ++of) {
    const auto& table = is_fault_class(of) ? for_faults : for_steps;
    weights[of] = table[choices.below(table.size())];
  }
  return weights;
}

bool promises_always(std::string_view claim) {
  return std::ranges::find(all_claims(), claim, &ClaimInfo::id)->promise == Promise::always;
}

}  // namespace

/// One case while it is played.
struct Player::Game {
  Player& lent;
  PartitionWorld world;
  ClaimSet claims;
  ChoiceReader choices;
  Weights temper;
  TraitReader reader;
  Played played{};
  SituationCounts met{};

  Game(Player& player, const Choices& all)
      : lent{player},
        world{player.stage_.settings},
        claims{player.stage_.settings.groups.size()},
        choices{all},
        temper{draw_temper(choices)},
        reader{player.traits_} {}

  void look_around() {
    lent.enabled_.clear();
    world.enabled(lent.enabled_);
    reader.look(lent.enabled_);
  }

  /// The step itself, or one of its kind by the same member, or any of its kind.
  std::optional<Step> like(const Step& wanted) const {
    const std::vector<Step>& all = lent.enabled_;
    if (std::ranges::binary_search(all, wanted)) return wanted;
    const auto find = [&](auto&& is_alike) -> std::optional<Step> {
      const auto found = std::ranges::find_if(all, is_alike);
      return found == all.end() ? std::nullopt : std::optional{*found};
    };
    const auto same_kind = [&](const Step& step) { return class_of(step) == class_of(wanted); };
    if (const auto step = find([&](const Step& each) {
          return same_kind(each) && each.member == wanted.member && each.cause == wanted.cause &&
                 each.type == wanted.type;
        }))
      return step;
    return find(same_kind);
  }

  /// One of those whose class `weight_of` gives a weight: first a class, then a step of it.
  template <class WeightOf>
  std::optional<Step> pick(WeightOf&& weight_of) {
    std::array<std::uint32_t, class_count> counts{};
    for (const Step& step : lent.enabled_) ++counts[class_of(step)];
    std::size_t sum = 0;
    for (std::size_t of = 0; of < class_count; ++of) sum += counts[of] > 0 ? weight_of(of) : 0;
    if (sum == 0) return std::nullopt;
    std::size_t at = choices.below(sum);
    std::size_t chosen = 0;
    for (;; ++chosen) {
      const std::size_t weight = counts[chosen] > 0 ? weight_of(chosen) : 0;
      if (at < weight) break;
      at -= weight;
    }
    std::size_t left = choices.below(counts[chosen]);
    for (const Step& step : lent.enabled_)
      if (class_of(step) == chosen && left-- == 0) return step;
    return std::nullopt;
  }
  std::optional<Step> pick_any() {
    if (auto step = pick([&](std::size_t of) { return temper[of]; })) return step;
    return pick([](std::size_t) { return 1U; });
  }
  std::optional<Step> pick_fault() {
    return pick([](std::size_t of) { return is_fault_class(of) ? 1U : 0U; });
  }

  /// Judges and counts a step that was taken.
  bool holds(const PartitionWorld& now, TimeMs at, const Step& step, const Observations& seen) {
    ++played.steps;
    ++played.taken[class_of(step)];
    reader.see(step, seen);
    met.count(seen, now);
    played.violation = claims.judge(now, at, seen);
    return !played.violation;
  }

  bool take(const std::optional<Step>& step) {
    if (!step) return true;
    const TimeMs at = world.later();
    lent.observations_.clear();
    if (!world.apply(*step, at, lent.observations_)) return true;
    played.plan.push_back({at, *step});
    return holds(world, at, *step, lent.observations_);
  }

  bool make(const Move& move) {
    look_around();
    switch (move.kind) {
      case Move::Kind::step:
        return take(like(move.step));
      case Move::Kind::fault:
        return take(pick_fault());
      case Move::Kind::any:
        break;
    }
    return take(pick_any());
  }

  /// What breaks a claim that promises `always` while the world settles is part of the plan.
  void settle() {
    if (!lent.stage_.settle) return;
    Plan settled;
    TimeMs at = world.later();
    lent.stage_.settle(world, at, [&](const Replayed& step) {
      settled.push_back({step.at, step.step});
      return holds(step.world, step.at, step.step, step.observations);
    });
    if (!played.violation) played.violation = claims.judge_end(world, at);
    if (played.violation && promises_always(played.violation->claim))
      played.plan.insert(played.plan.end(), settled.begin(), settled.end());
  }

  void play(const std::vector<Move>& moves) {
    for (const Move& move : moves)
      if (!make(move)) return;
    while (!choices.empty()) {
      if (!make({})) return;
      if (lent.enabled_.empty()) break;  // Nothing can happen any more, and no choice is taken.
    }
    look_around();
    settle();
  }
};

Played Player::play(const Case& wanted) {
  traits_.clear();
  Game game{*this, wanted.choices};
  game.play(wanted.moves);
  game.played.met = game.met.counts();
  for (std::size_t i = 0; i < game.played.met.size(); ++i)
    if (game.played.met[i] > 0) game.reader.meet(i);
  game.played.traits = traits_.list();
  return std::move(game.played);
}

}  // namespace sharelock::fuzz
