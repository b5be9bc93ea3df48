// The five requests of share group state as the protocol of the coordination oracle writes them: entries and results.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "interop/coordination/json_access.h"
#include "model/store/share_coordinator.h"

namespace sharelock::interop {

/// What the five are called, in the order of StateEntry.
inline constexpr std::array<std::string_view, 5> state_verbs{"initialize", "write", "read", "summary", "delete"};

/// The fields of one entry, without its key.
StateEntry state_entry(std::string_view verb, JsonElement entry);

/// Appends `{"topic","partition","error"...}`.
/// @param topic  Its name; empty for null.
void append_state_result(std::string& out, std::string_view topic, std::int32_t partition, const StateResult& result);

}  // namespace sharelock::interop
