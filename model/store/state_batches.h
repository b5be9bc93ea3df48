// The delivery states of a share partition as the store keeps them: ranges of offsets, each with state and count.
#pragma once

#include <boost/container/small_vector.hpp>

#include "model/partition/outbox.h"

namespace sharelock {

/// A list of state batches; a handful needs no allocation.
using StateBatches = boost::container::small_vector<StateBatch, 4>;

}  // namespace sharelock
