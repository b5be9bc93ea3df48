// What can be seen of a scripted broker, byte for byte as the broker oracle writes it for the real classes.
#pragma once

#include <string>

#include "interop/broker/broker_world.h"

namespace sharelock::interop {

/// The complete state as canonical JSON (protocol 2.2).
void append_state(std::string& out, BrokerWorld& world);
/// The state line of each share partition, then the phases of the fetches.
void append_state_line(std::string& out, BrokerWorld& world);

}  // namespace sharelock::interop
