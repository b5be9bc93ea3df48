// A JSON Schema of scenario files, for editors: made from the tables that the reader walks, so that it cannot differ.
#pragma once

#include <string>

namespace sharelock {

/// The schema (draft 2020-12) in one line, with a newline at the end.
std::string scenario_schema();

}  // namespace sharelock
