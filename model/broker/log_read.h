// What the share fetch path asks of the logs, and what they answer (SP-163, SP-166).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/broker/share_session.h"
#include "model/log/log_batch.h"
#include "model/partition/requests.h"
#include "model/partition/share_partition.h"

namespace sharelock {

/// One partition of a read.
struct LogReadPart {
  TopicIdPartition what{};
  Offset offset = 0;
  std::int32_t bytes_max = 0;  ///< Its share of the fetch's bytes.

  friend bool operator==(const LogReadPart&, const LogReadPart&) = default;
};

/// A read of several logs for one fetch: in that order, `bytes_max` shared, and whole batches only, but at least one
/// from the first partition that has data.
struct LogReadRequest {
  FetchId fetch{};
  Isolation isolation = Isolation::read_uncommitted;
  std::int32_t bytes_max = 0;
  std::vector<LogReadPart> parts{};

  friend bool operator==(const LogReadRequest&, const LogReadRequest&) = default;
};

/// Log batches as they are read from a file.
struct LogData {
  std::vector<LogBatch> batches{};
  std::vector<std::int32_t> sizes{};          ///< Of each batch, in bytes.
  std::int32_t bytes = 0;                     ///< With a batch at the end that was cut.
  std::vector<AbortedTransaction> aborted{};  ///< Under read_committed only.

  friend bool operator==(const LogData&, const LogData&) = default;
};

/// The offset lies in the remote part of the log: what a remote read has to ask for.
struct RemoteReadInfo {
  Offset offset = 0;
  std::int32_t bytes_max = 0;
  bool at_least_one_batch = false;
  Isolation isolation = Isolation::read_uncommitted;

  friend bool operator==(const RemoteReadInfo&, const RemoteReadInfo&) = default;
};

struct LogReadResult {
  KafkaError error = KafkaError::none;
  LogPosition position{};  ///< Of the batch that holds the offset; without segment if that is not known (D-22).
  LogData data{};
  std::optional<RemoteReadInfo> remote{};

  friend bool operator==(const LogReadResult&, const LogReadResult&) = default;
};

/// The answer to a read: a result for each part, or the error with which the read as a whole failed.
struct LogReadAnswer {
  KafkaError thrown = KafkaError::none;
  std::vector<LogReadResult> results{};

  friend bool operator==(const LogReadAnswer&, const LogReadAnswer&) = default;
};

/// An asynchronous read of the logs that is under way (V-7); the driver chooses it.
using LogReadId = Strong<struct LogReadIdTag, std::uint32_t>;
/// A read of remote storage, in order of issue.
using RemoteReadId = Strong<struct RemoteReadIdTag, std::uint32_t>;

/// The answer to a remote read.
struct RemoteReadAnswer {
  KafkaError error = KafkaError::none;
  LogData data{};

  friend bool operator==(const RemoteReadAnswer&, const RemoteReadAnswer&) = default;
};

}  // namespace sharelock
