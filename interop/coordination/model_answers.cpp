#include "interop/coordination/model_answers.h"

#include <optional>
#include <set>

#include "interop/coordination/shard_world.h"
#include "model/store/combiner.h"

namespace sharelock::interop {
namespace {

std::vector<std::string> groups_named_in(const ShardLife& life, simdjson::dom::parser& parser) {
  std::set<std::string> names;
  for (const std::string& request : life)
    if (const auto group = field(parser.parse(request), "group")) names.emplace(std::string_view{group->get_string()});
  return {names.begin(), names.end()};
}

}  // namespace

void append_combination(std::string& answer, JsonElement request) {
  answer += R"({"result":)";
  append_batches(answer,
                 combine(batches(request, "existing"), batches(request, "incoming"), number(request, "startOffset")));
  answer += '}';
}

std::vector<std::string> model_answers(const ShardLife& life, const Profile& profile) {
  simdjson::dom::parser parser;
  const std::vector<std::string> groups = groups_named_in(life, parser);
  std::optional<ShardWorld> world;
  std::vector<std::string> answers;
  for (const std::string& text_of_request : life) {
    const JsonElement request = parser.parse(text_of_request);
    std::string& answer = answers.emplace_back();
    const std::string_view op = text(request, "op");
    if (op == "combine") append_combination(answer, request);
    if (op == "shard.new") world.emplace(request, groups, profile);
    if (op.starts_with("shard.") && world) world->handle(request, answer);
  }
  return answers;
}

}  // namespace sharelock::interop
