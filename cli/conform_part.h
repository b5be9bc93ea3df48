// `sharelock conform --part` for the coordination side: store, assignor, share sessions, groups.
#pragma once

#include "cli/conform.h"

namespace sharelock::cli {

/// Random lives of the part on the model and on the real classes.
ExitCode conform_part(const ConformOptions& options);

}  // namespace sharelock::cli
