// What an answer of the persister means to the share partition and to its callers (SP-21, SP-124).
#pragma once

#include "model/partition/requests.h"
#include "model/profile/profile.h"

namespace sharelock {

/// The error of an initialisation read; a read that threw shows its own error.
KafkaError read_error(const ReadAnswer& answer, const Profile& profile);

/// The error of a write; a write that threw tells its caller no more than UNKNOWN_SERVER_ERROR.
KafkaError write_error(const WriteAnswer& answer, const Profile& profile);

}  // namespace sharelock
