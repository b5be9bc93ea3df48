// What is asked of a share partition, call by call, for whoever wants to write it down.
//
// Owns:             the kinds of calls, with what they were given.
// Knows nothing of: what comes of them; who listens.
// Therefore:        everything that a world hands to Kafka's class can be handed to the real one as well.
#pragma once

#include <variant>

#include "model/partition/outbox.h"
#include "model/partition/requests.h"
#include "model/partition/surroundings.h"

namespace sharelock {

class SharePartition;

/// Calls that change a share partition, each with its arguments; references hold during the call.
namespace asked {

struct Initialize {};
struct ReadAnswered {
  HandOverId read;
  const ReadAnswer& answer;
};
struct NextFetchOffset {};
struct CanAcquire {};
struct TryFetchLock {
  FetchId fetch;
};
struct FetchUnlock {
  FetchId fetch;
};
struct SetFetchMetadata {
  Offset fetch_offset;
  const LogPosition& position;
};
struct Acquire {
  MemberId by;
  const AcquireRequest& request;
};
struct Acknowledge {
  MemberId by;
  std::span<const AcknowledgementBatch> batches;
};
struct ReleaseAcquired {
  MemberId by;
};
struct LockFired {
  const AcquisitionLock& lock;
};
struct LockExpiryHandled {
  const AcquisitionLock& lock;
};
struct LogStartMoved {
  Offset log_start;
};
struct WriteAnswered {
  HandOverId write;
  const WriteAnswer& answer;
};
struct DeadLetterAnswered {
  HandOverId dead_letter;
};
struct Fence {};

}  // namespace asked

using PartitionCall =
    std::variant<asked::Initialize, asked::ReadAnswered, asked::NextFetchOffset, asked::CanAcquire, asked::TryFetchLock,
                 asked::FetchUnlock, asked::SetFetchMetadata, asked::Acquire, asked::Acknowledge,
                 asked::ReleaseAcquired, asked::LockFired, asked::LockExpiryHandled, asked::LogStartMoved,
                 asked::WriteAnswered, asked::DeadLetterAnswered, asked::Fence>;

/// Hears every call before it is done, and never steers.
class PartitionListener {
 public:
  virtual ~PartitionListener() = default;
  /// `before`: the share partition as the call finds it. `around` is null for calls that look at nothing around them.
  virtual void hear(const PartitionCall& call, const SharePartition& before, const Surroundings* around) = 0;
};

}  // namespace sharelock
