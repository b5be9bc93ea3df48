// Situations: what a run should have met at least once, or it has shown little. Silence is never success.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "model/world/partition_world.h"

namespace sharelock {

struct Situation {
  std::string_view name;  ///< As in `sometimes:` of a scenario.
  std::string_view sentence;
  bool (*met)(const Observation& seen, const PartitionWorld& world);
};

/// Every situation, in the order of `sharelock list situations`. A new one is a line of the table.
std::span<const Situation> all_situations();
std::span<const std::string_view> all_situation_names();

/// How often each was met.
class SituationCounts {
 public:
  SituationCounts() : counts_(all_situations().size()) {}

  void count(const Observations& observations, const PartitionWorld& world) {
    for (const Observation& seen : observations)
      for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += all_situations()[i].met(seen, world);
  }
  const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  std::vector<std::uint64_t> counts_;
};

}  // namespace sharelock
