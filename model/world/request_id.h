// What the id of an asynchronous request says: which member, on which connection, asked a share partition for what.
#pragma once

#include "model/partition/outbox.h"

namespace sharelock {

enum class Asked : std::uint8_t { initialise = 1, acknowledge = 2, release = 3 };

/// Of a connection its last 24 bits are kept: enough to tell it from the one before.
constexpr std::uint32_t shortened(std::uint32_t connection) {
  return connection & 0xff'ffff;
}
constexpr RequestId request_id(Asked asked, std::uint32_t connection, MemberId id) {
  return RequestId{static_cast<std::uint64_t>(asked) << 56 | static_cast<std::uint64_t>(shortened(connection)) << 32 |
                   id.value()};
}
constexpr Asked asked_of(RequestId id) {
  return static_cast<Asked>(id.value() >> 56);
}
constexpr std::uint32_t connection_of(RequestId id) {
  return shortened(static_cast<std::uint32_t>(id.value() >> 32));
}
constexpr MemberId member_of(RequestId id) {
  return MemberId{static_cast<std::uint32_t>(id.value())};
}

}  // namespace sharelock
