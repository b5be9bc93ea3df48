// How the bytes of a fetch are shared among its partitions: Kafka's PartitionMaxBytesStrategy.
#pragma once

#include <cstdint>
#include <vector>

namespace sharelock {

class BrokerSurroundings;

/// The random number that a split took.
struct Drawn {
  std::int32_t bound = 0;
  std::int32_t value = 0;
};

struct ByteSplit {
  std::vector<std::int32_t> shares;  ///< Of each partition, in order.
  Drawn drawn;                       ///< Bound 0: none was needed.
};

/// SP-166.
/// @param bytes       at least 0
/// @param partitions  at least 1
/// @param divisor     how many partitions the fetch has acquired, at least `partitions`
ByteSplit split_bytes(std::int32_t bytes, std::int32_t partitions, std::int32_t divisor,
                      const BrokerSurroundings& around);

}  // namespace sharelock
