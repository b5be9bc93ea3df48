// Which log batches of a read_committed fetch belong to aborted transactions.
#pragma once

#include <boost/container/small_vector.hpp>
#include <span>
#include <utility>

#include "model/log/log_batch.h"

namespace sharelock {

/// Base and last offset of the data batches that were aborted, in order (SP-60). A transaction of `aborted` covers the
/// transactional batches of its producer from its first offset to the producer's next abort marker. Linear in the
/// batches, times the transactions that are open together.
boost::container::small_vector<std::pair<Offset, Offset>, 4> aborted_batches(
    std::span<const LogBatch> batches, std::span<const AbortedTransaction> aborted);

}  // namespace sharelock
