// Replays recorded answers of the real share fetch path on the model and compares every one.
#pragma once

#include "interop/coordination/coordination_traces.h"
#include "interop/coordination/life.h"
#include "interop/protocol/kafka_line.h"

namespace sharelock::interop {

/// Whether a file holds traces or an example of the broker oracle, told by its first line.
bool is_broker_trace(std::string_view first_line);

/// What the model answers to requests of the broker oracle's protocol. A life begins with a `reset`.
std::vector<std::string> broker_answers(const Life& life, KafkaLine line, const Profile& profile);

/// Replays one file: traces `{"seed","kind","steps":[{"q","a"}...]}`, or an example, one `{"in","out"}` a line.
/// `on_difference` is called once for each trace that differs.
/// @param profile  The switches to replay with, for the release that the answers are of.
/// @param kafka    The real classes, if their answers of now count instead of the recorded ones; of `kafka_line`.
/// @throws InputError  if it cannot be read, or holds something else.
CoordinationTraceCounts replay_broker_traces(
    LineSource& lines, const std::function<Profile(KafkaLine)>& profile, Answerer* kafka,
    std::optional<KafkaLine> kafka_line, const std::function<void(const CoordinationTraceDifference&)>& on_difference);

}  // namespace sharelock::interop
