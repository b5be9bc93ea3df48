// The model of the assignor behind the protocol of the coordination oracle.
#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>

#include "interop/coordination/json_access.h"
#include "interop/protocol/step.h"

namespace sharelock::interop {

/// Decodes a request with `topics` and `members`.
/// @throws simdjson::simdjson_error  if the request is not as the protocol says.
Step decode_assignment(JsonElement request);

/// Appends `{"T1":[0,2]...}` for anything that maps topics to ascending partitions.
void append_partitions(std::string& out, const auto& by_topic, const auto& name_of_topic) {
  out += '{';
  const char* topic_separator = "";
  for (const auto& [topic, partitions] : by_topic) {
    out += topic_separator;
    topic_separator = ",";
    append_quoted(out, name_of_topic(topic));
    out += ":[";
    const char* separator = "";
    for (const auto partition : partitions) {
      fmt::format_to(std::back_inserter(out), "{}{}", separator, partition);
      separator = ",";
    }
    out += ']';
  }
  out += '}';
}

}  // namespace sharelock::interop
