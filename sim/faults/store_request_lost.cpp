#include "sim/fault.h"

namespace sharelock {

/// The persister tries again, and gives up in the end.
extern const Fault store_request_lost;
const Fault store_request_lost{
    .name = "store-request-lost",
    .sentence = "a request never reaches the store; the leader gives up waiting after five seconds",
    .strike_request =
        [](StoreFate& fate, Chance&) {
          fate.applied = false;
          fate.answered_after = 5'000;
          fate.error = KafkaError::coordinator_not_available;
        },
};

}  // namespace sharelock
