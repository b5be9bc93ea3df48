// Counts what the program allocates. Linking allocations.cpp replaces the global operator new.
#pragma once

#include <cstdint>

namespace sharelock {

/// Calls of operator new so far.
std::uint64_t allocations();

}  // namespace sharelock
