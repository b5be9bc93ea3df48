#include "reports/result_schema.h"

namespace sharelock {

std::string_view result_schema() {
  return R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Sharelock result: one line of 'sharelock run|replay --format json', or of 'sharelock check|fuzz FILE --format json'",
  "oneOf": [{"$ref": "#/definitions/run"}, {"$ref": "#/definitions/campaign"}, {"$ref": "#/definitions/check"},
            {"$ref": "#/definitions/fuzz"}],
  "definitions": {
    "count": {"type": "integer", "minimum": 0},
    "deviations": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/count"}],
                   "description": "how often something may begin while something is under way; null: any number"},
    "counts": {"type": "object", "additionalProperties": {"$ref": "#/definitions/count"}},
    "names": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "seed": {"type": "string", "pattern": "^[0-9]{1,20}$",
             "description": "a whole number below 2^64, as text: a JSON number would not survive every reader"},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{16}$",
               "description": "equal runs have equal digests, under every compiler"},
    "profile": {"enum": ["4.2", "4.3", "4.4", "ideal"]},
    "switches": {"type": "array", "items": {"type": "string", "pattern": "^[^=]+=.+$"},
                 "description": "set on the command line, as NAME=VALUE"},
    "violation": {
      "type": "object", "additionalProperties": false, "required": ["claim", "sentence", "group", "what"],
      "properties": {
        "claim": {"type": "string", "pattern": "^[A-Z]+$"},
        "sentence": {"type": "string", "description": "what the claim says"},
        "group": {"type": "string", "description": "empty where there is one group only"},
        "what": {"type": "string", "description": "how it is broken"}
      }
    },
    "line": {
      "type": "object", "additionalProperties": false, "required": ["at_ms", "who", "what"],
      "properties": {
        "at_ms": {"$ref": "#/definitions/count"},
        "who": {"type": "string"},
        "what": {"type": "string"}
      }
    },
    "run": {
      "type": "object", "additionalProperties": false,
      "required": ["scenario", "profile", "switches", "seed", "verdict", "expected", "violation", "story",
                   "story_left_out", "steps", "simulated_ms", "counts", "weather", "met", "never_met", "shrunk_from",
                   "shrunk_to", "repaired_by", "digest", "replay"],
      "properties": {
        "scenario": {"type": "string", "minLength": 1},
        "profile": {"$ref": "#/definitions/profile"},
        "switches": {"$ref": "#/definitions/switches"},
        "seed": {"$ref": "#/definitions/seed"},
        "verdict": {"enum": ["held", "violated", "never_seen"]},
        "expected": {"type": "boolean", "description": "the scenario says that it breaks this claim on this profile"},
        "violation": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/violation"}]},
        "story": {"type": "array", "items": {"$ref": "#/definitions/line"},
                  "description": "what happened; of a violation, what the shortened plan does"},
        "story_left_out": {"$ref": "#/definitions/count", "description": "so many lines came before"},
        "steps": {"$ref": "#/definitions/count"},
        "simulated_ms": {"$ref": "#/definitions/count"},
        "counts": {"$ref": "#/definitions/counts", "description": "what happened how often"},
        "weather": {"type": "object", "additionalProperties": {"type": "string"},
                    "description": "faults that were drawn or listed: their odds, and how often they struck"},
        "met": {"$ref": "#/definitions/counts", "description": "situations, and how often"},
        "never_met": {"$ref": "#/definitions/names", "description": "situations that the scenario asks for"},
        "shrunk_from": {"$ref": "#/definitions/count", "description": "steps before shortening; 0: it was not shortened"},
        "shrunk_to": {"$ref": "#/definitions/count"},
        "repaired_by": {"type": "array", "items": {"$ref": "#/definitions/names"},
                        "description": "sets of switches whose repair lets the plan pass"},
        "digest": {"$ref": "#/definitions/digest"},
        "replay": {"type": "string", "pattern": "^sharelock ", "description": "the command that plays it again"}
      }
    },
    "check": {
      "type": "object", "additionalProperties": false,
      "required": ["scenario", "profile", "switches", "verdict", "complete_to", "bounds", "method", "rounds",
                   "never_taken", "peak_rss_bytes", "story", "again"],
      "properties": {
        "scenario": {"type": "string", "minLength": 1},
        "profile": {"$ref": "#/definitions/profile"},
        "switches": {"$ref": "#/definitions/switches"},
        "verdict": {"enum": ["held", "violated", "truncated"]},
        "complete_to": {
          "description": "the largest rounds in which every state that can be reached was searched",
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false, "required": ["records", "faults", "deviations"],
            "properties": {"records": {"$ref": "#/definitions/count"}, "faults": {"$ref": "#/definitions/count"},
                           "deviations": {"$ref": "#/definitions/deviations"}}
          }
        },
        "bounds": {"type": "object", "additionalProperties": {"type": "string"}},
        "method": {"type": "string"},
        "rounds": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false,
            "required": ["records", "faults", "deviations", "ending", "states", "transitions", "depth", "seconds",
                         "memory_bytes", "expected_omissions"],
            "properties": {
              "records": {"$ref": "#/definitions/count"},
              "faults": {"$ref": "#/definitions/count"},
              "deviations": {"$ref": "#/definitions/deviations"},
              "ending": {"enum": ["complete", "violated", "out of memory", "interrupted"]},
              "states": {"$ref": "#/definitions/count"},
              "transitions": {"$ref": "#/definitions/count"},
              "depth": {"$ref": "#/definitions/count"},
              "seconds": {"type": "number", "minimum": 0},
              "memory_bytes": {"$ref": "#/definitions/count"},
              "expected_omissions": {"type": "number", "minimum": 0}
            }
          }
        },
        "never_taken": {"$ref": "#/definitions/names", "description": "kinds of steps that the last round never took"},
        "peak_rss_bytes": {"$ref": "#/definitions/count"},
        "story": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/run"}],
                  "description": "how a claim is broken, shortened"},
        "again": {"type": "string", "pattern": "^sharelock "}
      }
    },
    "fuzz": {
      "type": "object", "additionalProperties": false,
      "required": ["scenario", "profile", "switches", "seed", "verdict", "bounds", "past", "cases", "steps", "kept",
                   "traits", "case", "met", "never_taken", "digest", "story", "again"],
      "properties": {
        "scenario": {"type": "string", "minLength": 1},
        "profile": {"$ref": "#/definitions/profile"},
        "switches": {"$ref": "#/definitions/switches"},
        "seed": {"$ref": "#/definitions/seed"},
        "verdict": {"enum": ["held", "violated"]},
        "bounds": {"type": "object", "additionalProperties": {"type": "string"}},
        "past": {"$ref": "#/definitions/count", "description": "cases of a corpus that were played first"},
        "cases": {"$ref": "#/definitions/count", "description": "with those"},
        "steps": {"$ref": "#/definitions/count"},
        "kept": {"$ref": "#/definitions/count", "description": "cases that showed something new"},
        "traits": {"$ref": "#/definitions/count", "description": "what they showed"},
        "case": {"oneOf": [{"type": "null"}, {"type": "integer", "minimum": 1}],
                 "description": "the one that broke a claim"},
        "met": {"$ref": "#/definitions/counts", "description": "every situation, and in how many cases it was met"},
        "never_taken": {"$ref": "#/definitions/names", "description": "kinds of steps, and faults that are allowed"},
        "digest": {"$ref": "#/definitions/digest"},
        "story": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/run"}],
                  "description": "how a claim is broken, shortened"},
        "again": {"type": "string", "pattern": "^sharelock "}
      }
    },
    "campaign": {
      "type": "object", "additionalProperties": false,
      "required": ["scenario", "profile", "switches", "first_seed", "seeds", "budget_spent", "as_expected", "broken",
                   "steps", "simulated_ms", "met", "never_met", "digest", "first"],
      "properties": {
        "scenario": {"type": "string", "minLength": 1},
        "profile": {"$ref": "#/definitions/profile"},
        "switches": {"$ref": "#/definitions/switches"},
        "first_seed": {"$ref": "#/definitions/seed"},
        "seeds": {"$ref": "#/definitions/count"},
        "budget_spent": {"type": "boolean", "description": "time ended it before the last seed"},
        "as_expected": {"type": "boolean"},
        "broken": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false, "required": ["claim", "seeds", "first_seed"],
            "properties": {
              "claim": {"type": "string", "pattern": "^[A-Z]+$"},
              "seeds": {"type": "integer", "minimum": 1},
              "first_seed": {"$ref": "#/definitions/seed"}
            }
          }
        },
        "steps": {"$ref": "#/definitions/count"},
        "simulated_ms": {"$ref": "#/definitions/count"},
        "met": {"$ref": "#/definitions/counts", "description": "every situation, and in how many seeds it was met"},
        "never_met": {"$ref": "#/definitions/names"},
        "digest": {"$ref": "#/definitions/digest"},
        "first": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/run"}],
                  "description": "the first violation, explained"}
      }
    }
  }
}
)json";
}

}  // namespace sharelock
