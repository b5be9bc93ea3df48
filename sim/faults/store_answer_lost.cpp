#include "sim/fault.h"

namespace sharelock {

/// The leader rolls back what the store has.
extern const Fault store_answer_lost;
const Fault store_answer_lost{
    .name = "store-answer-lost",
    .sentence = "the store applies a request, and the leader is told that it failed",
    .strike_request =
        [](StoreFate& fate, Chance&) {
          fate.answered_after += 5'000;
          fate.error = KafkaError::coordinator_not_available;
        },
};

}  // namespace sharelock
