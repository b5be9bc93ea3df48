// A JSON Schema of what run, replay, check and fuzz print with `--format json`.
#pragma once

#include <string_view>

namespace sharelock {

/// The schema (draft 07), with a newline at the end. Each line of output satisfies it: a run, a campaign, a check, or
/// fuzzing.
std::string_view result_schema();

}  // namespace sharelock
