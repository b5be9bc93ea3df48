// Replays recorded answers of the real classes of the coordination side on the model and compares every one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/line_source.h"
#include "interop/coordination/answer_comparison.h"
#include "interop/oracle/answerer.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// What a file of the coordination side holds.
enum class CoordinationTraceKind : std::uint8_t {
  requests,  ///< `{"seed","q","a"}`: one request that stands alone, to the combiner or the assignor.
  lives      ///< `{"seed","steps":[{"q","a"}...]}`: one life of a share coordinator, a session cache, a group...
};

/// The kind of a file, told by its first line; empty if it is neither of these.
std::optional<CoordinationTraceKind> coordination_kind_of(std::string_view first_line);

/// The profile of the release that a file name carries, such as `shard-4.3.1.jsonl.gz`: these files do not say it
/// inside. `all` stands for all releases, which answer the same.
std::optional<ProfileName> release_in_file_name(std::string_view path);

/// The first difference of a trace; what follows it in the trace is not compared.
struct CoordinationTraceDifference {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t step = 0;  ///< Number of the request in the trace, from 0.
  std::string request;     ///< As recorded.
  CoordinationDifference what;
};

struct CoordinationTraceCounts {
  std::uint64_t traces = 0;
  std::uint64_t operations = 0;
  std::uint64_t differences = 0;  ///< Traces that differ.
};

/// Replays one file. `on_difference` is called once for each trace that differs.
/// @param profile  Otherwise the name of the file carries the release.
/// @param kafka    The real classes, if their answers of now count instead of the recorded ones.
/// @throws InputError  if it cannot be read, holds something else, or nothing says which release it is of.
CoordinationTraceCounts replay_coordination_traces(
    LineSource& lines, std::optional<Profile> profile, Answerer* kafka,
    const std::function<void(const CoordinationTraceDifference&)>& on_difference);

}  // namespace sharelock::interop
