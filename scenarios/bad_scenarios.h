// For tests: scenarios that are wrong, what the reader says of each, and whether a JSON Schema can tell, too.
#pragma once

#include <array>
#include <string_view>

namespace sharelock {

struct BadScenario {
  std::string_view text;
  std::string_view complaint;    ///< Part of what is printed.
  bool schema_can_tell = false;  ///< Not what depends on other values, on names given elsewhere, or on the syntax.
};

inline constexpr std::array bad_scenarios{
    // Keys that nobody knows, or that are given twice
    BadScenario{"scenario: x\nmembrs: [m1]\n", "hint: did you mean 'members'?", true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.record.lock.duration: 1 }\n",
                "did you mean 'share.record.lock.duration.ms'?", true},
    BadScenario{"scenario: x\nmembers: { m1: { procesing: 1 s } }\n", "did you mean 'processing'?", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, produse: { records: 1 } }]\n", "did you mean 'produce'?",
                true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, produce: { record: 1 } }]\n", "did you mean 'records'?",
                true},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 1 ms\nnetwork: 2 ms\n", "4:1: error: 'network' is given twice"},
    BadScenario{"scenario: x\nmembers: [m1, m1]\n", "member 'm1' is given twice"},
    BadScenario{"scenario: x\nmembers: { m1: {}, m1: {} }\n", "'m1' is given twice"},
    BadScenario{"scenario: x\nmembers: [m1]\nweather: { until: 1 s, until: 2 s }\n", "'until' is given twice"},
    // Something of another kind
    BadScenario{"[1, 2]\n", "expected keys and values, found a list", true},
    BadScenario{"scenario\n", "expected keys and values, found a single value", true},
    BadScenario{"scenario: [x]\nmembers: [m1]\n", "expected a text, found a list", true},
    BadScenario{"scenario: x\nmembers: m1\n", "members: expected keys and values", true},
    BadScenario{"scenario: x\nmembers: [[m1]]\n", "a member's name is a word", true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: 5\n", "group: expected keys and values", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: { at: 1 s }\n", "expected a list", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [crash]\n", "plot: expected keys and values", true},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: [1 ms]\n", "expected a duration, found a list", true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.renew.acknowledge.enable: maybe }\n",
                "neither true nor false", true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.delivery.count.limit: many }\n", "is no whole number",
                true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.delivery.count.limit: 2.5 }\n", "is no whole number", true},
    BadScenario{"scenario: x\nmembers: [m1]\nweather: windy\n", "unknown weather 'windy'", true},
    BadScenario{"scenario: x\nmembers: [m1]\nweather: { member-crash: 0.5 }\n", "are no odds", true},
    BadScenario{"scenario: x\nmembers: [m1]\nweather: { member-crash: 3/2 }\n", "are no odds"},
    BadScenario{"scenario: x\nmembers: { m1: { acknowledge: accpt } }\n", "did you mean 'accept'?", true},
    BadScenario{"scenario: x\nmembers: { m1: { acknowledge: { accept: 0 } } }\n", "must be more than 0"},
    BadScenario{"scenario: x\nmembers: { m1: { acknowledge: { accept: -1 } } }\n", "out of bounds", true},
    BadScenario{"scenario: x\nmembers: [m1]\nexpect: { violated: { OWN: 1 } }\n", "expected a name", true},
    // Units
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 5\n", "a duration needs a unit", true},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 5 sec\n", "'sec' is no unit of time", true},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 1.5 s\n", "is no unit of time", true},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: soon\n", "is no duration", true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.record.lock.duration.ms: 30 s }\n",
                "Kafka's own keys take a bare number of milliseconds", true},
    // Numbers that are negative, huge or impossible
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: -5 s\n", "cannot be negative", true},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 99999999999999999999 s\n", "too long"},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 9000000000000000000 h\n", "too long"},
    BadScenario{"scenario: x\nmembers: [m1]\nnetwork: 5 s .. 1 s\n", "the shorter duration comes first"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: -1 s, crash: m1 }]\n", "cannot be negative", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, produce: { records: -1 } }]\n", "out of bounds", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, produce: { records: 99999999999 } }]\n", "out of bounds",
                true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, produce: { records: 99999999999999999999 } }]\n",
                "is no whole number"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, produce: { records: 100000000, batch: 1 } }]\n",
                "more than 100,000 batches at once"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 24000 h, every: 24000 h, times: 100000000, crash: m1 }]\n",
                "beyond the end of time"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, every: 0 s, times: 2, crash: m1 }]\n",
                "'every' must be more than nothing"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, log start: 0 }]\n", "out of bounds", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 0 s, compact: { from: 5, to: 3 } }]\n",
                "'to' lies before 'from'"},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.delivery.count.limit: 26 }\n", "out of bounds", true},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.delivery.count.limit: 1 }\n", "'bounds: off' allows less"},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.record.lock.duration.ms: 5000 }\n",
                "outside of what the broker allows"},
    BadScenario{"scenario: x\nmembers: [m1]\nbroker: { group.share.record.lock.duration.ms: 99000 }\n",
                "must lie between its own minimum and maximum"},
    // Names that nobody has
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s, crash: m2 }]\n", "no member is called 'm2'"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s, crash: [m1] }]\n", "no member is called", true},
    BadScenario{"scenario: x\nmembers: { m1: { group: b } }\ngroups: { a: {} }\n", "no group is called 'b'"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s, topic: 3, crash: m1 }]\n", "unknown key 'topic'", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s, leave: m1 }]\n", "is not part of this world"},
    BadScenario{"scenario: x\nmembers: [m1]\npartition: added\n", "is not part of this world"},
    BadScenario{"scenario: x\nmembers: [m1]\nweather: { group-coordinator-moves: 1/2 }\n", "is not part of this world"},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { fault kinds: { offsets-alteration: 1 } }\n",
                "is not part of this world"},
    BadScenario{"scenario: x\nmembers: [m1]\nweather: { leader-crash: 1/2 }\n", "unknown key 'leader-crash'", true},
    BadScenario{"scenario: x\nmembers: [m1]\nexpect: { violated: SPS0 }\n", "did you mean 'SPSO'?"},
    BadScenario{"scenario: x\nmembers: [m1]\nexpect: { violated: SPSO, on: [4.5] }\n", "unknown profile '4.5'"},
    BadScenario{"scenario: x\nmembers: [m1]\nexpect: { on: [4.2] }\n", "none is named"},
    BadScenario{"scenario: x\nmembers: [m1]\nexpect: { sometimes: redelivry }\n", "did you mean 'redelivery'?"},
    // Something is missing, or there is too much of it
    BadScenario{"members: [m1]\n", "this scenario has no name", true},
    BadScenario{"scenario: x\n", "this scenario has no members", true},
    BadScenario{"scenario: x\nmembers: []\n", "a group without members does nothing", true},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s }]\n", "nothing happens here"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s, crash: m1, restart: m1 }]\n", "are two actions"},
    BadScenario{"scenario: x\nmembers: [m1]\nplot: [{ at: 1 s, times: 3, crash: m1 }]\n", "'times' needs 'every'"},
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: {}\ngroups: { a: {} }\n", "either 'group' or 'groups'"},
    // What a search cannot be bounded by
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: 2\n", "check: expected keys and values", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { recods: 2 }\n", "did you mean 'records'?", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { records: 0 }\n", "out of bounds", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { records: 21 }\n", "1 to 20", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { batch: 3 }\n", "a batch of 3 is more than all records"},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { batch: [1, 1] }\n", "'1' is given twice"},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { batch: [] }\n", "this list is empty", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { acknowledge: forget }\n", "unknown acknowledgement 'forget'",
                true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { timers: any }\n", "one of: by-deadline, any-order", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { ranges: all }\n", "is no value of 'ranges'", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { closes: never }\n", "neither true nor false", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { store errors: NONE }\n", "is no error of Kafka's"},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { fault kinds: { crush: 1 } }\n", "did you mean 'crash'?", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { fault kinds: { crash: -1 } }\n", "out of bounds", true},
    BadScenario{"scenario: x\nmembers: [m1]\ncheck: { faults: 1, faults: 2 }\n", "'faults' is given twice"},
    // Keys of Kafka that the model has not
    BadScenario{"scenario: x\nmembers: [m1]\ngroup: { share.auto.offset.reset: 'by_duration:PT1H' }\n",
                "is not modelled", true},
    BadScenario{"scenario: x\nmembers: { m1: { check.crcs: true } }\n", "is not modelled", true},
    BadScenario{"scenario: x\nmembers: [m1]\nbroker: { group.share.max.groups: 5 }\n", "is not modelled", true},
};

}  // namespace sharelock
