// Makes a sequence of operations that shows a difference as short and as simple as it goes.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "interop/protocol/request.h"

namespace sharelock::interop {

/// The index of the first operation at which the two sides differ, if they do.
using FindDifference = std::function<std::optional<std::size_t>(std::span<const Request>)>;

struct Shrunk {
  std::vector<Request> operations;  ///< The last one differs. The first one is a reset.
  std::size_t attempts = 0;
};

/// Leaves out halves, quarters, single operations, and then simplifies what is in the remaining ones, until nothing
/// helps. No randomness: the same sequence shrinks to the same story. Precondition: `operations` begins with a reset
/// and differs.
Shrunk shrink(std::vector<Request> operations, const FindDifference& find_difference);

/// Simpler forms of one operation, simplest first.
std::vector<Request> simpler(const Request& request);

}  // namespace sharelock::interop
