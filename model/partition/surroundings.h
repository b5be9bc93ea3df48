// What a share partition may look at and does not own: the time, the configuration in force, the log's end points.
#pragma once

#include <cstdint>
#include <variant>

#include "model/profile/profile.h"
#include "model/protocol/kafka_error.h"
#include "model/strong.h"

namespace sharelock {

/// share.auto.offset.reset: where a group starts that has no offset yet (SP-22).
enum class AutoOffsetReset : std::uint8_t { latest, earliest, by_duration };

/// The group's configuration in force, effective values (SP-200). Nothing is validated here.
struct GroupConfiguration {
  std::int32_t max_record_locks = 2000;    ///< share.partition.max.record.locks
  std::int32_t delivery_count_limit = 5;   ///< share.delivery.count.limit
  std::int32_t lock_duration_ms = 30'000;  ///< share.record.lock.duration.ms
  bool renew_enabled = true;               ///< share.renew.acknowledge.enable
  bool dead_letter_queue_enabled = false;  ///< Both conditions of SP-130.
  AutoOffsetReset auto_offset_reset = AutoOffsetReset::latest;
};

/// A look-up in the log that found no such offset (OFFSET_NOT_AVAILABLE).
struct NoSuchOffset {
  friend bool operator==(NoSuchOffset, NoSuchOffset) = default;
};
/// What a look-up of an offset in the log gives.
using OffsetLookup = std::variant<Offset, NoSuchOffset, KafkaError>;

/// The answers that the log would give now, all for the leader epoch of the share partition.
struct LogLookups {
  OffsetLookup earliest{Offset{0}};
  OffsetLookup latest{Offset{0}};
  OffsetLookup by_timestamp{NoSuchOffset{}};
};

struct Surroundings {
  TimeMs now;
  const Profile& profile;
  const GroupConfiguration& group;
  const LogLookups& log;
};

}  // namespace sharelock
