// The two brokers that can lead the partition, and what each knows of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "model/strong.h"

namespace sharelock {

enum class BrokerId : std::uint8_t { one, two };
inline constexpr std::size_t broker_count = 2;

constexpr std::size_t index_of(BrokerId id) {
  return static_cast<std::size_t>(id);
}
constexpr BrokerId other_than(BrokerId id) {
  return id == BrokerId::one ? BrokerId::two : BrokerId::one;
}

/// What a broker believes; it may be late.
struct Broker {
  bool leads = false;
  std::int32_t leader_epoch = 0;  ///< The latest that it knows of.
  /// A leader that was replaced and does not know it sees nothing of the log from here on: what is written goes to the
  /// new one, and the high watermark stays where it was.
  Offset sees_until = std::numeric_limits<Offset>::max();
};

}  // namespace sharelock
