// What the model answers to requests of the coordination oracle's protocol.
#pragma once

#include <string>
#include <vector>

#include "interop/coordination/json_access.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// Requests of the protocol, one JSON text each: a `shard.new` and what follows it, or combinations.
using ShardLife = std::vector<std::string>;

/// What the model answers to a life; an answer is empty if the request is none that it knows.
std::vector<std::string> model_answers(const ShardLife& life, const Profile& profile);

/// Appends the answer to a request with `existing`, `incoming` and `startOffset`.
void append_combination(std::string& answer, JsonElement request);

}  // namespace sharelock::interop
