#include "interop/coordination/coordination_traces.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/input_error.h"
#include "base/line_source.h"
#include "interop/coordination/model_answers.h"
#include "interop/coordination/shard_world.h"

namespace sharelock::interop {
namespace {

class TraceReplay {
 public:
  TraceReplay(const Profile& profile, const std::function<void(const CoordinationTraceDifference&)>& on_difference)
      : profile_{profile}, lists_{batch_lists_of(profile)}, on_difference_{on_difference} {}

  CoordinationTraceCounts counts;

  void combination(const LineSource& lines, JsonElement line) {
    const JsonElement request = line["q"];
    std::string own;
    append_combination(own, request);
    compare(lines, 0, request, line["a"], own);
    ++counts.traces;
  }

  void life(const LineSource& lines, JsonElement line) {
    const simdjson::dom::array steps = line["steps"].get_array();
    std::set<std::string> named;
    for (const JsonElement step : steps)
      if (const auto group = field(step["q"], "group")) named.emplace(std::string_view{group->get_string()});
    const std::vector<std::string> groups(named.begin(), named.end());
    ShardWorld world{steps.at(0)["q"], groups, profile_};
    std::uint32_t number = 0;
    for (const JsonElement step : steps) {
      world.handle(step["q"], own_);
      if (!compare(lines, number++, step["q"], step["a"], own_)) break;
    }
    ++counts.traces;
  }

 private:
  bool compare(const LineSource& lines, std::uint32_t step, JsonElement request, JsonElement recorded,
               std::string_view own) {
    ++counts.operations;
    const auto difference = compare_answers(simdjson::to_string(recorded), own, lists_);
    if (!difference) return true;
    ++counts.differences;
    on_difference_({lines.name(), lines.line_number(), step, simdjson::to_string(request), *difference});
    return false;
  }

  const Profile& profile_;
  BatchLists lists_;
  const std::function<void(const CoordinationTraceDifference&)>& on_difference_;
  std::string own_;
};

}  // namespace

std::optional<CoordinationTraceKind> coordination_kind_of(std::string_view first_line) {
  simdjson::dom::parser parser;
  JsonElement line;
  if (parser.parse(first_line).get(line) != simdjson::SUCCESS || !line.is_object()) return std::nullopt;
  if (simdjson::dom::object request; line["q"].get(request) == simdjson::SUCCESS)
    return request["existing"].error() == simdjson::SUCCESS ? std::optional{CoordinationTraceKind::combiner}
                                                            : std::nullopt;
  std::string_view begun;
  const bool is_life = line["steps"].at(0)["q"]["op"].get(begun) == simdjson::SUCCESS;
  return is_life && begun == "shard.new" ? std::optional{CoordinationTraceKind::shard} : std::nullopt;
}

std::optional<ProfileName> release_in_file_name(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  for (const auto& [release, profile] : {std::pair{"-4.2.", ProfileName::v4_2}, std::pair{"-4.3.", ProfileName::v4_3},
                                         std::pair{"-4.4.", ProfileName::v4_4}})
    if (file.find(release) != std::string_view::npos) return profile;
  return std::nullopt;
}

CoordinationTraceCounts replay_coordination_traces(
    const std::string& path, std::optional<Profile> profile,
    const std::function<void(const CoordinationTraceDifference&)>& on_difference) {
  if (!profile) {
    const auto release = release_in_file_name(path);
    if (!release)
      throw InputError{{path}, "nothing says which release these traces are of", "a name such as shard-4.4.0.jsonl.gz"};
    profile = Profile{*release};
  }
  TraceReplay replay{*profile, on_difference};
  LineSource lines{path};
  simdjson::dom::parser parser;
  std::optional<CoordinationTraceKind> kind;
  for (std::string_view line; lines.next(line);) {
    if (!kind) kind = coordination_kind_of(line);
    if (!kind) throw InputError{{lines.name(), lines.line_number()}, "no trace of a combiner or a share coordinator"};
    try {
      const JsonElement parsed = parser.parse(line.data(), line.size(), false);
      if (*kind == CoordinationTraceKind::combiner)
        replay.combination(lines, parsed);
      else
        replay.life(lines, parsed);
    } catch (const simdjson::simdjson_error& error) {
      throw InputError{{lines.name(), lines.line_number()}, fmt::format("not a trace: {}", error.what())};
    }
  }
  if (replay.counts.traces == 0) throw InputError{{path}, "there is no trace in it"};
  return replay.counts;
}

}  // namespace sharelock::interop
