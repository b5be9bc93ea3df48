#include "scenarios/unmodelled.h"

#include <algorithm>
#include <array>

namespace sharelock {
namespace {

using namespace std::string_view_literals;

constexpr std::array keys{
    // Of the broker
    "group.share.assignors"sv,
    "group.share.heartbeat.interval.ms"sv,
    "group.share.max.groups"sv,
    "group.share.max.heartbeat.interval.ms"sv,
    "group.share.max.session.timeout.ms"sv,
    "group.share.max.share.sessions"sv,
    "group.share.max.size"sv,
    "group.share.min.heartbeat.interval.ms"sv,
    "group.share.min.session.timeout.ms"sv,
    "group.share.persister.class.name"sv,
    "group.share.session.timeout.ms"sv,
    "share.coordinator.append.linger.ms"sv,
    "share.coordinator.cold.partition.snapshot.interval.ms"sv,
    "share.coordinator.load.buffer.size"sv,
    "share.coordinator.state.topic.compression.codec"sv,
    "share.coordinator.state.topic.min.isr"sv,
    "share.coordinator.state.topic.num.partitions"sv,
    "share.coordinator.state.topic.prune.interval.ms"sv,
    "share.coordinator.state.topic.replication.factor"sv,
    "share.coordinator.state.topic.segment.bytes"sv,
    "share.coordinator.threads"sv,
    "share.coordinator.write.timeout.ms"sv,
    "share.fetch.purgatory.purge.interval.requests"sv,
    // Of a group
    "share.heartbeat.interval.ms"sv,
    "share.session.timeout.ms"sv,
    // Of a consumer
    "auto.offset.reset"sv,
    "bootstrap.servers"sv,
    "check.crcs"sv,
    "client.id"sv,
    "client.rack"sv,
    "default.api.timeout.ms"sv,
    "enable.auto.commit"sv,
    "group.id"sv,
    "heartbeat.interval.ms"sv,
    "isolation.level"sv,
    "key.deserializer"sv,
    "max.partition.fetch.bytes"sv,
    "max.poll.interval.ms"sv,
    "reconnect.backoff.ms"sv,
    "request.timeout.ms"sv,
    "retry.backoff.ms"sv,
    "session.timeout.ms"sv,
    "share.acknowledgement.mode"sv,
    "value.deserializer"sv,
};

}  // namespace

bool is_unmodelled_kafka_key(std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

}  // namespace sharelock
