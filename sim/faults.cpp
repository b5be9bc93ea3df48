// The list of faults: each is a file in faults/ and a line here, twice.
#include <array>

#include "sim/fault.h"

namespace sharelock {

extern const Fault member_crash, connection_closed, slow_member, store_request_lost, store_request_failed,
    store_answer_late, store_answer_lost, store_request_repeated, leader_moves, news_late, log_start_moved,
    coordinator_moves, group_coordinator_moves;

std::span<const Fault* const> all_faults() {
  static constexpr std::array<const Fault*, 13> faults{
      &member_crash,
      &connection_closed,
      &slow_member,
      &store_request_lost,
      &store_request_failed,
      &store_answer_late,
      &store_answer_lost,
      &store_request_repeated,
      &leader_moves,
      &news_late,
      &log_start_moved,
      &coordinator_moves,
      &group_coordinator_moves,
  };
  return faults;
}

}  // namespace sharelock
