// The verbs, each defined in the file of its name.
#pragma once

#include "cli/verb.h"

namespace sharelock::cli {

extern const Verb check_verb;
extern const Verb fuzz_verb;
extern const Verb list_verb;
extern const Verb mutants_verb;
extern const Verb replay_verb;
extern const Verb run_verb;
extern const Verb conform_verb;

}  // namespace sharelock::cli
