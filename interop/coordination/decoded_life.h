// A life decoded before any of it happens.
#pragma once

#include <memory>
#include <vector>

#include "interop/coordination/life.h"
#include "interop/protocol/kafka_line.h"
#include "interop/protocol/step.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

struct DecodedLife {
  std::shared_ptr<void> world;  ///< What the steps happen in.
  std::vector<Step> steps;      ///< One for each request, to be carried out in this order, once.
};

/// @param life  Of any part, also of the share fetch path. Only its first request may begin a world.
/// @throws simdjson::simdjson_error  if a request is not as the protocol says.
DecodedLife decode_life(const Life& life, KafkaLine line, const Profile& profile);

}  // namespace sharelock::interop
