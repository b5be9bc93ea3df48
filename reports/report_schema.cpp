#include "reports/report.h"

namespace sharelock {

std::string_view report_schema() {
  return R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Sharelock report: what 'sharelock run|check|fuzz|mutants --report FILE.json' writes",
  "type": "object", "additionalProperties": false,
  "required": ["version", "program", "verb", "violated", "sections"],
  "properties": {
    "version": {"enum": [1]},
    "program": {"type": "string", "pattern": "^sharelock [0-9]"},
    "verb": {"enum": ["run", "check", "fuzz", "mutants"]},
    "violated": {"type": "boolean"},
    "sections": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/section"}}
  },
  "definitions": {
    "words": {"type": "object", "additionalProperties": {"type": "string"}},
    "names": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "section": {
      "type": "object", "additionalProperties": false,
      "required": ["scenario", "verdict", "judged", "thoroughness", "seen", "never_seen", "cases", "stories",
                   "seconds", "again"],
      "properties": {
        "scenario": {"type": "string", "minLength": 1},
        "verdict": {"enum": ["held", "violated", "never seen", "truncated"]},
        "judged": {"$ref": "#/definitions/words", "description": "profile, switches, bounds or seeds, digest"},
        "thoroughness": {"$ref": "#/definitions/words", "description": "states, cases, steps, simulated time"},
        "seen": {"$ref": "#/definitions/names"},
        "never_seen": {"$ref": "#/definitions/names"},
        "cases": {"type": "array", "items": {
          "type": "object", "additionalProperties": false, "required": ["name", "sentence", "verdict", "what"],
          "properties": {
            "name": {"type": "string", "minLength": 1},
            "sentence": {"type": "string"},
            "verdict": {"enum": ["held", "violated", "violated as expected", "never seen"]},
            "what": {"type": "string"}
          }
        }},
        "stories": {"type": "array", "items": {"type": "object"},
                    "description": "each as 'sharelock run --format json' prints it (sharelock list result-schema)"},
        "seconds": {"type": "number", "minimum": 0},
        "again": {"type": "string"}
      }
    }
  }
}
)json";
}

}  // namespace sharelock
