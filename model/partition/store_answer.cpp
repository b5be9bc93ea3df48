#include "model/partition/store_answer.h"

namespace sharelock {
namespace {

/// SP-124: the persister's code as the caller sees it.
KafkaError mapped(KafkaError error) {
  switch (error) {
    case KafkaError::none:
      return KafkaError::none;
    case KafkaError::not_coordinator:
    case KafkaError::coordinator_not_available:
    case KafkaError::coordinator_load_in_progress:
      return KafkaError::coordinator_not_available;
    case KafkaError::group_id_not_found:
    case KafkaError::unknown_topic_or_partition:
      return error;
    case KafkaError::fenced_leader_epoch:
    case KafkaError::fenced_state_epoch:
      return KafkaError::not_leader_or_follower;
    default:
      return KafkaError::unknown_server_error;
  }
}

/// SP-21: errors of form come before the code in the answer.
KafkaError error_of(AnswerForm form, KafkaError error, const Profile& profile) {
  const bool other_topic = form == AnswerForm::equal_topic_id && !profile.has(Switch::topic_id_by_value);
  if (form == AnswerForm::malformed || other_topic) return KafkaError::unknown_server_error;
  return mapped(error);
}

}  // namespace

KafkaError read_error(const ReadAnswer& answer, const Profile& profile) {
  return answer.form == AnswerForm::threw ? answer.error : error_of(answer.form, answer.error, profile);
}

KafkaError write_error(const WriteAnswer& answer, const Profile& profile) {
  return answer.form == AnswerForm::threw ? KafkaError::unknown_server_error
                                          : error_of(answer.form, answer.error, profile);
}

}  // namespace sharelock
