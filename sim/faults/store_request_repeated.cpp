#include "sim/fault.h"

namespace sharelock {

/// As after a retry whose first attempt arrives all the same, soon or long after everybody has forgotten it.
extern const Fault store_request_repeated;
const Fault store_request_repeated{
    .name = "store-request-repeated",
    .sentence = "the network delivers a request to the store twice",
    .strike_request =
        [](StoreFate& fate, Chance& chance) {
          fate.repeated = true;
          fate.repeated_after = chance.between(1, chance.happens({1, 2}) ? 20 : 20'000);
        },
};

}  // namespace sharelock
