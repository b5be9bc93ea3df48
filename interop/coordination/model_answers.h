// What the model answers to requests of the coordination oracle's protocol.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "interop/coordination/group_world.h"
#include "interop/coordination/life.h"
#include "interop/coordination/persister_world.h"
#include "interop/coordination/session_world.h"
#include "interop/coordination/shard_world.h"
#include "interop/protocol/step.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// The model in the place of the oracle, for one life.
class ModelLife {
 public:
  /// @param names  All names of the life; they outlive this.
  ModelLife(const LifeNames& names, const Profile& profile) : names_{names}, profile_{profile} {}

  /// Decodes a request; one that begins a world makes it here. The answer to one that the model does not know is empty.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  Step decode(JsonElement request);

 private:
  const LifeNames& names_;
  Profile profile_;
  std::optional<ShardWorld> shard_;
  std::optional<SessionWorld> session_;
  std::optional<PersisterWorld> persister_;
  std::optional<GroupWorld> group_;
};

/// Whether a life is one of the share fetch path: it begins with a `reset` and is answered by the broker oracle.
bool is_broker_life(const Life& life);

/// What the model answers to a life.
std::vector<std::string> model_answers(const Life& life, const Profile& profile);

}  // namespace sharelock::interop
