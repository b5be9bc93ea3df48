#include "sim/fault.h"

namespace sharelock {

/// Meanwhile the broker serves a leadership or a session that is over.
extern const Fault news_late;
const Fault news_late{
    .name = "news-late",
    .sentence = "a broker hears late that a connection broke, or that it leads no longer",
    .delay_news = [](Chance& chance) { return chance.between(100, 30'000); },
};

}  // namespace sharelock
