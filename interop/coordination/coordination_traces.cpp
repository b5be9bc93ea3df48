#include "interop/coordination/coordination_traces.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/input_error.h"
#include "interop/coordination/model_answers.h"

namespace sharelock::interop {
namespace {

/// Requests that stand alone are recorded without their `op`.
std::string with_op(JsonElement request) {
  std::string text = simdjson::to_string(request);
  if (field(request, "op")) return text;
  return std::string{field(request, "members") ? R"({"op":"assign",)" : R"({"op":"combine",)"} + text.substr(1);
}

class TraceReplay {
 public:
  TraceReplay(const Profile& profile, Answerer* kafka,
              const std::function<void(const CoordinationTraceDifference&)>& on_difference)
      : profile_{profile}, lists_{batch_lists_of(profile)}, kafka_{kafka}, on_difference_{on_difference} {}

  CoordinationTraceCounts counts;

  void trace(const LineSource& lines, CoordinationTraceKind kind, JsonElement line) {
    std::vector<std::string> recorded;
    Life life;
    const auto add = [&](JsonElement step) {
      life.push_back(with_op(step["q"]));
      recorded.push_back(simdjson::to_string(JsonElement{step["a"]}));
    };
    if (kind == CoordinationTraceKind::requests) {
      add(line);
    } else {
      for (const JsonElement step : line["steps"].get_array()) add(step);
    }
    if (kafka_) ask_kafka(life, recorded);
    compare(lines, life, recorded);
    ++counts.traces;
  }

 private:
  void ask_kafka(const Life& life, std::vector<std::string>& answers) {
    std::string requests;
    for (const std::string& request : life) requests += request + '\n';
    kafka_->send(requests);
    for (std::string& answer : answers) answer = kafka_->receive();
  }

  /// Up to the first difference.
  void compare(const LineSource& lines, const Life& life, const std::vector<std::string>& expected) {
    const std::vector<std::string> own = model_answers(life, profile_);
    for (std::size_t i = 0; i < life.size(); ++i) {
      ++counts.operations;
      if (own[i].empty())
        throw InputError{{lines.name(), lines.line_number()},
                         fmt::format("step {} asks for nothing that is known: {}", i + 1, life[i].substr(0, 60)),
                         "an op such as shard.read, group.heartbeat or session.fetch"};
      const auto difference = compare_answers(expected[i], own[i], lists_);
      if (!difference) continue;
      ++counts.differences;
      on_difference_({lines.name(), lines.line_number(), static_cast<std::uint32_t>(i), life[i], *difference});
      return;
    }
  }

  const Profile& profile_;
  BatchLists lists_;
  Answerer* kafka_;
  const std::function<void(const CoordinationTraceDifference&)>& on_difference_;
};

}  // namespace

std::optional<CoordinationTraceKind> coordination_kind_of(std::string_view first_line) {
  simdjson::dom::parser parser;
  JsonElement line;
  if (parser.parse(first_line).get(line) != simdjson::SUCCESS || !line.is_object()) return std::nullopt;
  if (JsonElement request; line["q"].get(request) == simdjson::SUCCESS)
    return request["existing"].error() == simdjson::SUCCESS || request["members"].error() == simdjson::SUCCESS
               ? std::optional{CoordinationTraceKind::requests}
               : std::nullopt;
  std::string_view begun;
  if (line["steps"].at(0)["q"]["op"].get(begun) != simdjson::SUCCESS) return std::nullopt;
  const bool is_life =
      begun == "shard.new" || begun == "session.new" || begun == "group.new" || begun == "persister.new";
  return is_life ? std::optional{CoordinationTraceKind::lives} : std::nullopt;
}

std::optional<ProfileName> release_in_file_name(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  for (const auto& [release, profile] : {std::pair{"-4.2.", ProfileName::v4_2}, std::pair{"-4.3.", ProfileName::v4_3},
                                         std::pair{"-4.4.", ProfileName::v4_4}, std::pair{"-all.", ProfileName::v4_4}})
    if (file.find(release) != std::string_view::npos) return profile;
  return std::nullopt;
}

CoordinationTraceCounts replay_coordination_traces(
    LineSource& lines, std::optional<Profile> profile, Answerer* kafka,
    const std::function<void(const CoordinationTraceDifference&)>& on_difference) {
  if (!profile) {
    const auto release = release_in_file_name(lines.name());
    if (!release)
      throw InputError{{lines.name()},
                       "nothing says which release these traces are of",
                       "a name such as shard-4.4.0.jsonl.gz, or --profile 4.4"};
    profile = Profile{*release};
  }
  TraceReplay replay{*profile, kafka, on_difference};
  simdjson::dom::parser parser;
  std::optional<CoordinationTraceKind> kind;
  for (std::string_view line; lines.next(line);) {
    if (!kind) kind = coordination_kind_of(line);
    if (!kind) throw InputError{{lines.name(), lines.line_number()}, "no trace of the coordination side"};
    try {
      replay.trace(lines, *kind, parser.parse(line.data(), line.size(), false));
    } catch (const simdjson::simdjson_error& error) {
      throw InputError{{lines.name(), lines.line_number()}, fmt::format("not a trace: {}", error.what())};
    }
  }
  if (replay.counts.traces == 0) throw InputError{{lines.name()}, "there is no trace in it"};
  return replay.counts;
}

}  // namespace sharelock::interop
