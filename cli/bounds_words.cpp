#include "cli/bounds_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/words.h"

namespace sharelock::cli {
namespace {

std::string_view words_for(AcknowledgeGrain grain) {
  static constexpr std::array<std::string_view, 3> words{"single records", "all that is held without a hole",
                                                         "any range that is held"};
  return words[static_cast<std::size_t>(grain)];
}

std::string faults_of(const Bounds& bounds) {
  std::vector<std::string> kinds;
  for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
    if (bounds.faults[kind] > 0)
      kinds.push_back(fmt::format("{} {}", bounds.faults[kind], all_fault_kind_names()[kind]));
  if (bounds.faults_max == 0 || kinds.empty()) return "none";
  return fmt::format("at most {} in all, of {}", bounds.faults_max, fmt::join(kinds, ", "));
}

std::string limits_of(const GroupSettings& group) {
  constexpr int limit_least = 2;
  constexpr int window_least = 100;
  const GroupConfiguration& of = group.configuration;
  return fmt::format("delivery limit {}{}, window {}{}", of.delivery_count_limit,
                     of.delivery_count_limit < limit_least ? " (Kafka's least is 2)" : "", of.max_record_locks,
                     of.max_record_locks < window_least ? " (Kafka's least is 100)" : "");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> words_for_bounds(const WorldSettings& world) {
  const Bounds& bounds = world.bounds;
  std::vector<std::string_view> types;
  for (const AcknowledgeType type : bounds.acknowledge) types.push_back(name_of(type));
  std::string log =
      fmt::format("{} in batches of {}", counted(static_cast<std::uint64_t>(bounds.records_max), "record"),
                  fmt::join(bounds.batch_sizes, " or "));
  if (bounds.producers > 0) log += fmt::format(", {} of transactions", counted(bounds.producers, "producer"));
  std::vector<std::pair<std::string, std::string>> words{{"log", log}};
  for (const GroupSettings& group : world.groups) words.emplace_back(group.name, limits_of(group));
  words.emplace_back(
      "members", fmt::format("{}, {} {}{}{}", world.members.size(), fmt::join(types, " or "), words_for(bounds.grain),
                             bounds.commits ? ", commit" : "", bounds.closes ? ", close" : ""));
  words.emplace_back("locks", !bounds.locks_expire                       ? "never expire"
                              : bounds.timers == TimerOrder::by_deadline ? "expire in order of their deadlines"
                                                                         : "expire in any order");
  words.emplace_back("faults", faults_of(bounds));
  return words;
}

}  // namespace sharelock::cli
