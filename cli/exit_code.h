// What the shell sees. A script can tell "it found a violation" from "it was called wrongly".
#pragma once

namespace sharelock::cli {

enum class ExitCode : int {
  held = 0,             ///< Every claim held, every comparison was equal, every rare event was seen.
  violated = 1,         ///< A claim failed or a comparison differed; what plays it again was printed.
  never_seen = 2,       ///< Something that should have been seen never was: the campaign was too weak.
  budget_spent = 3,     ///< Ran out of states, memory or time before a verdict.
  bad_input = 64,       ///< The command line or a file is wrong.
  tool_missing = 69,    ///< Something outside Sharelock that the verb needs (Java, Maven) is not there.
  internal_error = 70,  ///< A mistake of Sharelock itself. Please report it.
  output_failed = 74    ///< A report or a file cannot be written: the disk is full, or the folder is not there.
};

}  // namespace sharelock::cli
