// The delivery states of a share partition as the store keeps them: ranges of offsets, each with state and count.
#pragma once

#include <boost/container/small_vector.hpp>

#include "model/partition/outbox.h"

namespace sharelock {

/// A list of state batches; a handful needs no allocation.
class StateBatches : public boost::container::small_vector<StateBatch, 4> {
 public:
  using Base = boost::container::small_vector<StateBatch, 4>;
  using Base::Base;
  StateBatches() = default;
  // Not inline: g++ 12 takes an inlined move for one that reads too far.
  StateBatches(const StateBatches& other);
  StateBatches(StateBatches&& other) noexcept;
  StateBatches& operator=(const StateBatches& other);
  StateBatches& operator=(StateBatches&& other) noexcept;
  ~StateBatches() = default;
};

}  // namespace sharelock
