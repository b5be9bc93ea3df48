#include "sim/fault.h"

namespace sharelock {

/// Without effect in the store.
extern const Fault store_request_failed;
const Fault store_request_failed{
    .name = "store-request-failed",
    .sentence = "the store refuses a request with an error that says nothing about epochs",
    .strike_request =
        [](StoreFate& fate, Chance& chance) {
          static constexpr std::array errors{KafkaError::coordinator_load_in_progress,
                                             KafkaError::coordinator_not_available, KafkaError::not_coordinator,
                                             KafkaError::unknown_server_error};
          fate.applied = false;
          fate.error = chance.pick(errors);
        },
};

}  // namespace sharelock
