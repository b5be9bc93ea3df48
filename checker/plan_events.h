// How long a plan is for whoever reads it as a story.
#pragma once

#include "checker/plan.h"

namespace sharelock {

/// How many events a plan has. What begins, with all that follows from it without anything in between, is one event: a
/// request with its arrival, its writes and its answer; a lock that fires and is handled. So are the acknowledgements
/// that a member gives with the request that carries them, and batches that are written one after the other.
std::size_t event_count(const Plan& plan);

}  // namespace sharelock
