#include "sim/fault.h"

namespace sharelock {

/// Late enough for other requests to overtake it, and now and then for locks to expire meanwhile.
extern const Fault store_answer_late;
const Fault store_answer_late{
    .name = "store-answer-late",
    .sentence = "a request is applied or answered late, so that others overtake it or locks expire meanwhile",
    .strike_request =
        [](StoreFate& fate, Chance& chance) {
          const TimeMs late = chance.happens({1, 4}) ? chance.between(1'000, 60'000) : chance.between(10, 1'000);
          if (chance.happens({1, 2})) fate.applied_after += late;
          fate.answered_after += late;
        },
};

}  // namespace sharelock
