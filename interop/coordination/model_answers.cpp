#include "interop/coordination/model_answers.h"

#include "interop/broker/broker_traces.h"
#include "interop/coordination/assignor_requests.h"
#include "model/store/combiner.h"

namespace sharelock::interop {

namespace {

/// A request with `existing`, `incoming` and `startOffset`.
Step decode_combination(JsonElement request) {
  return [existing = batches(request, "existing"), incoming = batches(request, "incoming"),
          start = number(request, "startOffset")](std::string* answer) {
    const StateBatches combined = combine(existing, incoming, start);
    if (!answer) return;
    append_batches(*answer += R"({"result":)", combined);
    *answer += '}';
  };
}

/// Whether a coordinator can have so many partitions of its state topic; more than that is nobody's test.
bool has_partitions(JsonElement request) {
  constexpr std::int64_t most = 1'000;
  const std::int64_t partitions = number(request, "numPartitions", 1);
  return 1 <= partitions && partitions <= most;
}

}  // namespace

Step ModelLife::decode(JsonElement request) {
  const std::string_view op = text(request, "op");
  if (op == "combine") return decode_combination(request);
  if (op == "assign") return decode_assignment(request);
  if (op == "shard.new" && has_partitions(request)) shard_.emplace(request, names_.groups.all(), profile_);
  if (op.starts_with("shard.") && shard_) return shard_->decode(request);
  if (op == "group.new") group_.emplace(request, names_, profile_);
  if (op.starts_with("group.") && group_) return group_->decode(request);
  if (op == "persister.new" && has_partitions(request)) persister_.emplace(request, names_.groups.all());
  if (op.starts_with("persister.") && persister_) return persister_->decode(request);
  if (op == "session.new") session_.emplace(request, names_);
  if (op.starts_with("session.") && session_) return session_->decode(request);
  return nobodys_request;
}

bool is_broker_life(const Life& life) {
  return !life.empty() && life.front().starts_with(R"({"op":"reset")");
}

std::vector<std::string> model_answers(const Life& life, const Profile& profile) {
  if (is_broker_life(life)) return broker_answers(life, KafkaLine::v4_4, profile);
  simdjson::dom::parser parser;
  const LifeNames names = names_in(life);
  ModelLife model{names, profile};
  std::vector<std::string> answers(life.size());
  for (std::size_t i = 0; i < life.size(); ++i) model.decode(parser.parse(life[i]))(&answers[i]);
  return answers;
}

}  // namespace sharelock::interop
