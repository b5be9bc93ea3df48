// Reading the requests of the coordination oracle (interop/kafka/coordination/PROTOCOL.md) and writing its answers.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/store/state_batches.h"

namespace sharelock::interop {

using JsonElement = simdjson::dom::element;

/// The field of an object; empty if it is missing or null, which the protocol does not tell apart.
std::optional<JsonElement> field(JsonElement object, std::string_view name);

/// @throws simdjson::simdjson_error  if the field is there and of another type; without fallback also if it is missing.
std::int64_t number(JsonElement object, std::string_view name);
std::int64_t number(JsonElement object, std::string_view name, std::int64_t fallback);
std::int32_t integer(JsonElement object, std::string_view name, std::int32_t fallback);
std::string_view text(JsonElement object, std::string_view name);

/// `[[first, last, state, count]...]`; none if it is missing.
StateBatches batches(JsonElement object, std::string_view name);

/// Appends a string between quotes; quotes, backslashes and control characters are escaped.
void append_quoted(std::string& out, std::string_view text);
void append_batches(std::string& out, const StateBatches& batches);

}  // namespace sharelock::interop
