// What this program is called, with its version.
#pragma once

namespace sharelock::cli {

/// `sharelock 0.1.0`
const char* version();

}  // namespace sharelock::cli
