// A JSON Schema of what `run --format json` and `replay --format json` print.
#pragma once

#include <string_view>

namespace sharelock {

/// The schema (draft 07), with a newline at the end. Each line of output satisfies it: a run, or a campaign.
std::string_view result_schema();

}  // namespace sharelock
