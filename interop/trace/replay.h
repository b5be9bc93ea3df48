// Replays recorded traces of the real class on the model and compares every answer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "interop/harness/answer_writer.h"
#include "interop/harness/scripted_partition.h"
#include "interop/protocol/name_table.h"
#include "interop/protocol/request_parser.h"
#include "interop/trace/answer_difference.h"
#include "interop/trace/trace_file.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// The first difference of a trace.
struct TraceDifference {
  std::string file;
  std::uint32_t line = 0;
  std::string trace;    ///< The `id` of the reset that began it.
  std::string request;  ///< The operation, as recorded.
  AnswerDifference what;
};

struct ReplayCounts {
  std::uint64_t traces = 0;
  std::uint64_t operations = 0;   ///< Compared ones; what follows a difference in its trace is not.
  std::uint64_t differences = 0;  ///< Traces that differ.
};

/// The `id` of the reset that begins a trace as people read it: a text without its quotes; empty if it has none.
std::string name_of_trace(const Request& reset);

/// Which switches the model has for a trace of that line of Kafka.
using ProfileOfLine = std::function<Profile(KafkaLine)>;

/// Replays files one after the other. A trace begins with a file and at every reset with an `id`; the line of Kafka is
/// the one that the last reset answered.
class Replay {
 public:
  /// @param on_difference  Called once for each trace that differs, as soon as it is known.
  Replay(ProfileOfLine profile_of, std::function<void(const TraceDifference&)> on_difference)
      : profile_of_{std::move(profile_of)}, on_difference_{std::move(on_difference)}, writer_{names_} {}

  /// @throws InputError  if the file cannot be read, or is no file of traces, or holds none.
  void file(LineSource& lines);
  void file(const std::string& path);

  const ReplayCounts& counts() const { return counts_; }

 private:
  void begin_trace(const Request& request);
  bool learn_line(const TraceFile& file, const TraceEntry& entry);
  void compare(const TraceFile& file, const TraceEntry& entry, const Request& request);

  ProfileOfLine profile_of_;
  std::function<void(const TraceDifference&)> on_difference_;
  NameTable names_;
  AnswerWriter writer_;
  RequestParser parser_{KafkaLine::v4_4, names_};
  std::optional<ScriptedPartition> scripted_;
  std::string trace_;      ///< The name of the trace at hand.
  bool skipping_ = false;  ///< It differed: the rest is passed over.
  std::string actual_;
  ReplayCounts counts_;
};

}  // namespace sharelock::interop
