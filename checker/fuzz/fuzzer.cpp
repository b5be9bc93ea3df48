#include "checker/fuzz/fuzzer.h"

#include <algorithm>
#include <atomic>

#include "checker/fuzz/mutate.h"

namespace sharelock::fuzz {
namespace {

/// Large enough to keep threads busy, small enough that what is found soon is made use of soon.
constexpr std::uint64_t generation_max = 128;

}  // namespace

Fuzzer::Fuzzer(const Stage& stage, const Options& options)
    : options_{options}, chance_{options.seed, "fuzz"}, crew_{options.jobs} {
  for (unsigned job = 0; job < crew_.jobs(); ++job) players_.emplace_back(stage);
  outcome_.met.resize(all_situations().size());
}

bool Fuzzer::is_over() const {
  const bool begun = outcome_.progress.cases > 0;
  return outcome_.violation || size_of_next() == 0 || (begun && options_.stop && options_.stop());
}

/// What is past is played even if no new case is wanted.
std::uint64_t Fuzzer::size_of_next() const {
  const std::uint64_t all = options_.cases ? *options_.cases + options_.past.size() : ~std::uint64_t{0};
  return std::min(generation_max, all - outcome_.progress.cases);
}

void Fuzzer::play_generation() {
  const std::uint64_t size = size_of_next();
  std::vector<Played> played(size);
  std::atomic<std::uint64_t> next = 0;
  crew_.run([&](unsigned job) {
    for (std::uint64_t i = next++; i < size; i = next++)
      played[i] = players_[job].play(make_case(outcome_.progress.cases + i));
  });
  for (Played& each : played) take(std::move(each));
  if (options_.watch) options_.watch(outcome_.progress);
}

/// A function of the case's number and of what is kept.
Case Fuzzer::make_case(std::uint64_t number) const {
  if (number < options_.past.size()) return {moves_of(options_.past[number]), {}};
  Chance chance = chance_.fork(number - options_.past.size());
  constexpr std::size_t choices_per_step = 2;
  const bool anew = outcome_.kept.empty() || chance.happens({1, 4});
  const auto steps = static_cast<std::size_t>(anew ? chance.between(20, 120) : chance.between(0, 30));
  const std::size_t count = class_count + choices_per_step * steps;
  Case made{{}, draw_choices(options_.seed, number - options_.past.size(), count)};
  if (!anew) made.moves = mutated(pick_kept(chance), pick_kept(chance), chance);
  return made;
}

/// What was found last has been tried least: half of the time it is one of those.
const Plan& Fuzzer::pick_kept(Chance& chance) const {
  const std::size_t all = outcome_.kept.size();
  const std::size_t first = chance.happens({1, 2}) ? all - (all + 7) / 8 : 0;
  return outcome_.kept[first + chance.below(all - first)].plan;
}

void Fuzzer::take(Played played) {
  const std::uint64_t number = ++outcome_.progress.cases;
  outcome_.progress.steps += played.steps;
  for (std::size_t of = 0; of < class_count; ++of) outcome_.taken[of] += played.taken[of];
  for (std::size_t i = 0; i < played.met.size(); ++i) outcome_.met[i] += played.met[i] > 0;
  const bool is_new = seen_.add_all(played.traits) > 0;
  outcome_.progress.traits = seen_.list().size();
  outcome_.digest.add({played.steps, played.plan.size(), outcome_.progress.traits});
  if (played.violation && !outcome_.violation) {
    outcome_.violation = std::move(played.violation);
    outcome_.case_number = number;
    outcome_.plan = std::move(played.plan);
  } else if (is_new && !played.violation) {
    outcome_.kept.push_back({std::move(played.plan), std::move(played.traits)});
    outcome_.progress.kept = outcome_.kept.size();
  }
}

std::vector<Plan> distilled(const std::vector<Kept>& kept) {
  std::vector<const Kept*> shortest_first;
  for (const Kept& each : kept) shortest_first.push_back(&each);
  std::ranges::stable_sort(shortest_first, {}, [](const Kept* each) { return each->plan.size(); });
  TraitSet shown;
  std::vector<Plan> needed;
  for (const Kept* each : shortest_first)
    if (shown.add_all(each->traits) > 0) needed.push_back(each->plan);
  return needed;
}

Outcome fuzz(const Stage& stage, const Options& options) {
  Fuzzer fuzzer{stage, options};
  while (!fuzzer.is_over()) fuzzer.play_generation();
  return fuzzer.outcome();
}

}  // namespace sharelock::fuzz
