// Which partition of the state topic a key lives in (SC-1 to SC-3).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sharelock {

/// The text that coordinator look-ups carry: group, topic id and partition, separated by colons (SC-1).
/// @param topic_id  The 22 characters of the id in URL-safe base 64. The topic's name takes no part.
std::string coordinator_key(std::string_view group, std::string_view topic_id, std::int32_t partition);

/// The partition of the state topic, of `partitions`, that a key text is mapped to (SC-2).
/// Hashed are the UTF-16 units of the text. Precondition: it is valid UTF-8.
std::int32_t state_partition_of(std::string_view coordinator_key, std::int32_t partitions);

}  // namespace sharelock
