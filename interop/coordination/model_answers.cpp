#include "interop/coordination/model_answers.h"

#include "interop/broker/broker_traces.h"
#include "interop/coordination/assignor_requests.h"
#include "model/store/combiner.h"

namespace sharelock::interop {

void append_combination(std::string& answer, JsonElement request) {
  answer += R"({"result":)";
  append_batches(answer,
                 combine(batches(request, "existing"), batches(request, "incoming"), number(request, "startOffset")));
  answer += '}';
}

namespace {

/// Whether a coordinator can have so many partitions of its state topic; more than that is nobody's test.
bool has_partitions(JsonElement request) {
  constexpr std::int64_t most = 1'000;
  const std::int64_t partitions = number(request, "numPartitions", 1);
  return 1 <= partitions && partitions <= most;
}

}  // namespace

void ModelLife::answer(JsonElement request, std::string& answer) {
  answer.clear();
  const std::string_view op = text(request, "op");
  if (op == "combine") append_combination(answer, request);
  if (op == "assign") append_assignment(answer, request);
  if (op == "shard.new" && has_partitions(request)) shard_.emplace(request, names_.groups.all(), profile_);
  if (op.starts_with("shard.") && shard_) shard_->handle(request, answer);
  if (op == "group.new") group_.emplace(request, names_, profile_);
  if (op.starts_with("group.") && group_) group_->handle(request, answer);
  if (op == "persister.new" && has_partitions(request)) persister_.emplace(request, names_.groups.all());
  if (op.starts_with("persister.") && persister_) persister_->handle(request, answer);
  if (op == "session.new") session_.emplace(request, names_);
  if (op.starts_with("session.") && session_) session_->handle(request, answer);
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
  for (std::size_t i = 0; i < life.size(); ++i) model.answer(parser.parse(life[i]), answers[i]);
  return answers;
}

}  // namespace sharelock::interop
