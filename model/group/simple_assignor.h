// The assignor of share groups, Kafka's SimpleAssignor: which member consumes which partitions.
//
// Follows the class to the last enumeration of a hash table (AS-3) and in the floating-point arithmetic of its desired
// counts, or without that (AS-13). Rack ids play no part.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/group/topic_partitions.h"

namespace sharelock {

/// A topic that a member subscribes to or held.
struct AssignorTopic {
  TopicId id;
  std::uint32_t hash = 0;             ///< Java's hash of the id. Only orders of enumeration depend on it.
  bool is_known = true;               ///< It is in the cluster's metadata.
  std::vector<std::int32_t> targets;  ///< The partitions that may be assigned, ascending.
};

struct AssignorMember {
  std::vector<TopicId> subscribed;  ///< Topics of the computation.
  /// What the last target assignment gave it, in the order in which it was told. Any topics.
  std::vector<std::pair<TopicId, std::vector<std::int32_t>>> previous;
};

/// How desired counts are computed (AS-13): as the class does, or without its rounding.
enum class Arithmetic : std::uint8_t { binary64, exact };

/// What one computation is about. `members` and the topics of the first member are enumerated in the order given.
struct AssignorInput {
  std::vector<AssignorTopic> topics;
  std::vector<AssignorMember> members;
  bool same_subscription = true;  ///< Every member subscribes to the same names, existing or not (AS-2).
  Arithmetic arithmetic = Arithmetic::binary64;
};

enum class AssignorError : std::uint8_t {
  none,
  unknown_topic,   ///< A subscribed topic is not in the metadata (AS-1): PartitionAssignorException.
  members_run_out  ///< AS-14: NoSuchElementException.
};

struct Assigned {
  AssignorError error = AssignorError::none;
  /// In the order of the members; empty with an error. A topic of which a member loses everything keeps an empty entry.
  std::vector<TopicPartitions> by_member;
};

/// Steps 1 and 2 of the procedure (section 8.1).
struct DesiredCounts {
  std::int32_t sharing = 0;              ///< Members per partition, S.
  std::vector<std::int32_t> per_member;  ///< Partitions of each member, D(i).
};
/// @param members, targets  How many; `members` may be 0.
DesiredCounts desired_counts(std::size_t members, std::size_t targets, Arithmetic arithmetic = Arithmetic::binary64);

Assigned assign(const AssignorInput& input);

}  // namespace sharelock
