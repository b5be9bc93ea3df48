// The error codes of the Kafka protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sharelock {

/// An error code of the Kafka protocol. Codes without a name here are legal values too: whatever a store answers
/// is carried as it is (SP-124).
enum class KafkaError : std::int16_t {
  unknown_server_error = -1,
  none = 0,
  offset_out_of_range = 1,
  unknown_topic_or_partition = 3,
  leader_not_available = 5,
  not_leader_or_follower = 6,
  request_timed_out = 7,
  message_too_large = 10,
  network_exception = 13,
  coordinator_load_in_progress = 14,
  coordinator_not_available = 15,
  not_coordinator = 16,
  record_list_too_large = 18,
  not_enough_replicas = 19,
  illegal_generation = 22,
  inconsistent_group_protocol = 23,
  unknown_member_id = 25,
  invalid_session_timeout = 26,
  rebalance_in_progress = 27,
  invalid_request = 42,
  kafka_storage_error = 56,
  non_empty_group = 68,
  group_id_not_found = 69,
  fenced_leader_epoch = 74,
  unknown_leader_epoch = 75,
  offset_not_available = 78,
  member_id_required = 79,
  group_max_size_reached = 81,
  fenced_instance_id = 82,
  unknown_topic_id = 100,
  fenced_member_epoch = 110,
  invalid_record_state = 121,
  share_session_not_found = 122,
  invalid_share_session_epoch = 123,
  fenced_state_epoch = 124,
  share_session_limit_reached = 133,
};

/// The name in the protocol, such as `INVALID_RECORD_STATE`; empty for a code that Kafka 4.4 does not know.
std::string_view name_of(KafkaError error);

/// The code of a protocol name. Kafka 4.2 and 4.3 know the codes up to 133, 4.4 those up to 136.
std::optional<KafkaError> kafka_error_of(std::string_view name);

}  // namespace sharelock
