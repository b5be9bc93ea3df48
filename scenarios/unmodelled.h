// Keys that Kafka has and Sharelock has not: whoever copies a configuration shall read why it is refused.
#pragma once

#include <string_view>

namespace sharelock {

/// Whether `key` is one of Kafka's that concern share groups or consumers, and that no part of the model looks at.
bool is_unmodelled_kafka_key(std::string_view key);

}  // namespace sharelock
