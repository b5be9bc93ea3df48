#include "interop/coordination/decoded_life.h"

#include <simdjson.h>

#include "interop/broker/scripted_broker.h"
#include "interop/coordination/model_answers.h"

namespace sharelock::interop {
namespace {

/// The model of the coordination side and the names that it refers to.
struct CoordinationWorld {
  CoordinationWorld(const Life& life, const Profile& profile) : names{names_in(life)}, model{names, profile} {}
  Step decode(JsonElement request) { return model.decode(request); }

  LifeNames names;
  ModelLife model;
};

template <class World>
DecodedLife decode_in(const std::shared_ptr<World>& world, const Life& life) {
  DecodedLife decoded{world, {}};
  simdjson::dom::parser parser;
  for (const std::string& request : life) decoded.steps.push_back(world->decode(parser.parse(request)));
  return decoded;
}

}  // namespace

DecodedLife decode_life(const Life& life, KafkaLine line, const Profile& profile) {
  if (is_broker_life(life)) return decode_in(std::make_shared<ScriptedBroker>(line, profile), life);
  return decode_in(std::make_shared<CoordinationWorld>(life, profile), life);
}

}  // namespace sharelock::interop
