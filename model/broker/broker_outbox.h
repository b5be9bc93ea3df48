// What a call on the share fetch path of a broker did and asks for, as one ordered list.
#pragma once

#include <span>
#include <variant>
#include <vector>

#include "model/broker/share_fetch.h"
#include "model/partition/outbox.h"

namespace sharelock {

namespace broker_effect {

/// The cache has a new object, or lost one (SP-150).
struct SharePartitionCreated {
  SharePartitionId object;
  SharePartitionKey key;
};
struct SharePartitionRemoved {
  SharePartitionId object;
};
/// A share partition asks for something, or did something that only the outside can see: any of its effects but wakes
/// and ends of requests, which stay inside.
struct FromSharePartition {
  SharePartitionId object;
  Effect effect;
  std::vector<StateBatch> batches;  ///< Of a write.
};
/// The fetches that are watched under a key are checked now.
struct FetchesChecked {
  WatchKey key;
};
/// A thread that waits for nobody met a fetch that is being tried: the driver repeats the check afterwards.
struct CheckPutOff {
  WatchKey key;
};
/// An entry of the action queue runs.
struct ActionRuns {};
/// The byte split took a random number (SP-166).
struct RandomDrawn {
  std::int32_t bound;
  std::int32_t value;
};
/// The earliest offset of a log was looked up for a share partition (SP-95).
struct EarliestLookedUp {
  TopicIdPartition what;
};
/// The timer is to fire at `due`: the wait of a fetch is over, or `remote_limit`: that of its remote reads.
struct FetchTimerStarted {
  FetchId fetch;
  TimeMs due;
  bool remote_limit;
};
struct FetchTimerCancelled {
  FetchId fetch;
  bool remote_limit;
};
struct RemoteReadIssued {
  RemoteReadId id;
  TopicIdPartition what;
  RemoteReadInfo info;
};
struct RemoteReadCancelled {
  RemoteReadId id;
};
/// An asynchronous read is no longer wanted (SP-167).
struct LogReadAbandoned {
  LogReadId id;
};
/// A fetch is answered. `parts` are in no particular order; a partition without an entry has nothing to say.
struct FetchAnswered {
  FetchId fetch;
  std::vector<FetchAnswerPart> parts;
};
/// An acknowledge or a release is answered, partitions in the order of the request or the session.
struct RequestAnswered {
  RequestId request;
  KafkaError error;  ///< Of the request as a whole.
  std::vector<std::pair<TopicIdPartition, KafkaError>> parts;
};

}  // namespace broker_effect

using BrokerEffect =
    std::variant<broker_effect::SharePartitionCreated, broker_effect::SharePartitionRemoved,
                 broker_effect::FromSharePartition, broker_effect::FetchesChecked, broker_effect::CheckPutOff,
                 broker_effect::ActionRuns, broker_effect::RandomDrawn, broker_effect::EarliestLookedUp,
                 broker_effect::FetchTimerStarted, broker_effect::FetchTimerCancelled, broker_effect::RemoteReadIssued,
                 broker_effect::RemoteReadCancelled, broker_effect::LogReadAbandoned, broker_effect::FetchAnswered,
                 broker_effect::RequestAnswered>;

using BrokerOutbox = std::vector<BrokerEffect>;

}  // namespace sharelock
