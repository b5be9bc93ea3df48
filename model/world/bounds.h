// How much may happen in a world that is searched: the choices that `enabled` offers, and how often something may go
// wrong. Whoever picks steps by other means does not look at them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/world/step.h"

namespace sharelock {

/// Steps that no plan of Kafka's asks for: each costs its budget.
enum class FaultKind : std::uint8_t {
  crash,
  disconnect,
  leader_move,
  store_failure,  ///< A request to the store, or its answer, is lost, or the store refuses it for a while.
  store_repeat,
  log_start_move,
  compaction,
  replication_stop,
  configuration_change,
  group_coordinator_move,
  offsets_alteration,
};
inline constexpr std::size_t fault_kind_count = static_cast<std::size_t>(FaultKind::offsets_alteration) + 1;
/// Those from here on strike only in a world with administration.
inline constexpr std::size_t first_fault_of_administration =
    static_cast<std::size_t>(FaultKind::group_coordinator_move);

/// What a kind of fault is called where bounds are written, in the order of the enumeration.
std::span<const std::string_view> all_fault_kind_names();

/// Of which kind of fault a step is; none if it is what should happen.
std::optional<FaultKind> fault_of(const Step& step);

/// Whether a step belongs to what is under way already: a message that arrives, a request that is worked off, its
/// answer, the handler of what fired. All others begin something; so do news and copies of requests, which may come as
/// late as they like.
bool goes_on(const Step& step);

/// Which ranges of what it holds an application acknowledges at once.
enum class AcknowledgeGrain : std::uint8_t {
  record,      ///< Single records, in any order.
  contiguous,  ///< All that it holds without a hole.
  range,       ///< Any range of that.
};

/// In which order locks of one duration fire.
enum class TimerOrder : std::uint8_t { by_deadline, any };

struct Bounds {
  std::int64_t records_max = 2;              ///< So many records are written to the log.
  std::vector<std::int32_t> batch_sizes{1};  ///< In batches of one of these sizes.
  std::uint32_t producers = 0;               ///< So many producers write in transactions as well.
  std::vector<AcknowledgeType> acknowledge{AcknowledgeType::accept, AcknowledgeType::release, AcknowledgeType::reject};
  AcknowledgeGrain grain = AcknowledgeGrain::record;
  bool commits = true;  ///< Acknowledgements may be sent without a fetch.
  bool closes = true;   ///< Members may close their sessions.
  bool locks_expire = true;
  TimerOrder timers = TimerOrder::by_deadline;
  std::vector<KafkaError> store_errors{KafkaError::coordinator_not_available};
  std::array<std::uint32_t, fault_kind_count> faults{};  ///< How often each kind of fault may strike.
  std::uint32_t faults_max = 0;                          ///< How many faults may strike in all.
  /// How often something may begin while something else is under way; empty: any number of times. With 0, whatever
  /// begins is over before the next thing begins. A matter of the search, not of the world.
  std::optional<std::uint32_t> deviations{};

  /// So many faults in all, of whatever kind the world knows.
  void allow_faults(std::uint32_t most, bool administration = false) {
    faults_max = most;
    faults.fill(0);
    std::fill_n(faults.begin(), administration ? fault_kind_count : first_fault_of_administration, most);
  }
};

/// What of the bounds was used up.
struct Spent {
  std::int64_t records = 0;
  std::array<std::uint32_t, fault_kind_count> faults{};
  std::uint32_t all_faults = 0;

  void count(const Step& step);
  /// How many faults of that kind may still strike.
  std::uint32_t left(const Bounds& bounds, FaultKind kind) const;
  std::int64_t records_left(const Bounds& bounds) const {
    return std::max<std::int64_t>(0, bounds.records_max - records);
  }
};

}  // namespace sharelock
