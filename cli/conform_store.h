// `sharelock conform` for the durable side: the share coordinator and its combiner.
#pragma once

#include <string>

#include "cli/conform.h"

namespace sharelock::cli {

/// Whether a file holds recorded answers of the durable side. False for what cannot be read: whoever reads it will say
/// so.
bool is_store_trace(const std::string& path);

/// Replays such files on the model. The release stands in their names; `--profile` overrides it.
ExitCode conform_store_traces(const ConformOptions& options);

/// Random lives of a share coordinator on the model and on the real classes (`--part store`).
ExitCode conform_store(const ConformOptions& options);

}  // namespace sharelock::cli
