#include "sim/fault.h"

namespace sharelock {

/// Retention or DeleteRecords, under the feet of the groups.
extern const Fault log_start_moved;
const Fault log_start_moved{
    .name = "log-start-moved",
    .sentence = "records are deleted from the start of the log, finished or not",
    .strike =
        [](FaultHands& hands) {
          const PartitionLog& log = hands.world().log();
          if (log.start() >= log.high_watermark()) return false;
          constexpr Offset deleted_max = 20;
          const Offset reach = std::min(log.high_watermark() - log.start(), deleted_max);
          const Offset start = log.start() + hands.chance().between(1, reach);
          hands.later(0, {.kind = StepKind::log_start_moves, .first = start, .last = start});
          return true;
        },
};

}  // namespace sharelock
