#include "sim/fault.h"

namespace sharelock {

/// As after a retry whose first attempt arrived all the same.
extern const Fault store_request_repeated;
const Fault store_request_repeated{
    .name = "store-request-repeated",
    .sentence = "the network delivers a request to the store twice",
    .strike_request = [](StoreFate& fate, Chance&) { fate.repeated = true; },
};

}  // namespace sharelock
