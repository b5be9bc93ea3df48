#include "interop/coordination/live_store.h"

#include <deque>

#include "interop/coordination/shard_script.h"

namespace sharelock::interop {
namespace {

constexpr std::uint32_t requests_per_life = 60;
constexpr std::uint32_t combinations_at_once = 60;
constexpr std::size_t lives_ahead = 16;  ///< So many are under way at the oracle, so that neither side waits.
constexpr std::uint64_t lives_per_progress = 256;

void send(Answerer& kafka, const ShardLife& life) {
  std::string lines;
  for (const std::string& request : life) lines += request + '\n';
  kafka.send(lines);
}

/// Takes all answers to a life off the oracle, so that the next life's can follow.
std::optional<StoreDifference> receive(Answerer& kafka, const Profile& profile, ShardLife life) {
  const std::vector<std::string> own = model_answers(life, profile);
  std::optional<StoreDifference> first;
  for (std::size_t i = 0; i < life.size(); ++i) {
    const std::string_view answer = kafka.receive();
    if (first) continue;
    auto difference = compare_answers(answer, own[i], batch_lists_of(profile));
    if (difference)
      first = StoreDifference{{life.begin(), life.begin() + static_cast<std::ptrdiff_t>(i) + 1}, *difference};
  }
  return first;
}

}  // namespace

std::optional<StoreDifference> compare_life(Answerer& kafka, const Profile& profile, const ShardLife& life) {
  send(kafka, life);
  return receive(kafka, profile, life);
}

StoreComparison compare_store(Answerer& kafka, const Profile& profile, std::uint64_t seed, std::uint64_t operations,
                              const std::function<void(const StoreComparisonCounts&)>& progress) {
  const Chance lives{seed, "lives of a share coordinator"};
  const Chance combinations{seed, "combinations"};
  StoreComparison result;
  StoreComparisonCounts& counts = result.counts;
  std::deque<ShardLife> under_way;
  for (std::uint64_t drawn = 0; counts.operations < operations || !under_way.empty();) {
    while (under_way.size() < lives_ahead && counts.operations < operations) {
      // Every fourth is not a life but a handful of combinations.
      under_way.push_back(drawn % 4 == 3 ? draw_combinations(combinations.fork(drawn), combinations_at_once)
                                         : draw_shard_life(lives.fork(drawn), profile, requests_per_life));
      send(kafka, under_way.back());
      ++drawn;
    }
    const ShardLife life = std::move(under_way.front());
    under_way.pop_front();
    auto difference = receive(kafka, profile, life);
    if (life.front().find("combine") != std::string::npos) {
      counts.combinations += life.size();
    } else {
      counts.operations += life.size();
      if (++counts.lives % lives_per_progress == 0) progress(counts);
    }
    if (!difference) continue;
    for (const ShardLife& rest : under_way) receive(kafka, profile, rest);
    result.difference = shortened(kafka, profile, std::move(*difference));
    return result;
  }
  return result;
}

}  // namespace sharelock::interop
