#include "model/broker/byte_split.h"

#include "model/broker/broker_surroundings.h"

namespace sharelock {

ByteSplit split_bytes(std::int32_t bytes, std::int32_t partitions, std::int32_t divisor,
                      const BrokerSurroundings& around) {
  ByteSplit split;
  const auto draw = [&](std::int32_t bound) {
    split.drawn = {bound, around.draw(bound)};
    return split.drawn.value;
  };
  const auto count = static_cast<std::size_t>(partitions);
  if (bytes >= partitions) {
    const std::int32_t parts = bytes >= divisor ? divisor : partitions;
    split.shares.assign(count, bytes / parts);
    if (bytes % parts > 0) split.shares[static_cast<std::size_t>(draw(partitions))] += bytes % parts;
    return split;
  }
  // Too little for a byte each: as many neighbours as there are bytes get one.
  split.shares.assign(count, 0);
  const std::int32_t first = draw(partitions);
  for (std::int32_t i = 0; i < bytes; ++i) split.shares[static_cast<std::size_t>((first + i) % partitions)] = 1;
  return split;
}

}  // namespace sharelock
