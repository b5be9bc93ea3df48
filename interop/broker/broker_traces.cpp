#include "interop/broker/broker_traces.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/input_error.h"
#include "interop/broker/scripted_broker.h"

namespace sharelock::interop {
namespace {

/// The release that the answer to a `reset` names.
std::optional<KafkaLine> line_of(JsonElement answer) {
  std::string_view name;
  if (answer["result"]["line"].get(name) != simdjson::SUCCESS) return std::nullopt;
  return line_named(name);
}

class BrokerReplay {
 public:
  BrokerReplay(const std::function<Profile(KafkaLine)>& profile, Answerer* kafka, std::optional<KafkaLine> kafka_line,
               const std::function<void(const CoordinationTraceDifference&)>& on_difference)
      : profile_{profile}, kafka_{kafka}, kafka_line_{kafka_line}, on_difference_{on_difference} {}

  CoordinationTraceCounts counts;

  void add(JsonElement request, JsonElement answer) {
    if (life_.empty()) line_ = kafka_line_ ? kafka_line_ : line_of(answer);
    life_.push_back(simdjson::minify(request));
    recorded_.push_back(simdjson::minify(answer));
  }

  /// What was added is a trace.
  void end(const LineSource& lines) {
    if (life_.empty()) return;
    if (!line_) throw InputError{{lines.name(), lines.line_number()}, "the first request of a trace is no reset"};
    if (kafka_) ask_kafka();
    compare(lines);
    ++counts.traces;
    life_.clear();
    recorded_.clear();
  }

 private:
  void ask_kafka() {
    std::string requests;
    for (const std::string& request : life_) requests += request + '\n';
    kafka_->send(requests);
    for (std::string& answer : recorded_) answer = kafka_->receive();
  }

  /// Up to the first difference.
  void compare(const LineSource& lines) {
    const std::vector<std::string> own = broker_answers(life_, *line_, profile_(*line_));
    for (std::size_t i = 0; i < life_.size(); ++i) {
      ++counts.operations;
      const auto difference = compare_broker_answers(recorded_[i], own[i]);
      if (!difference) continue;
      ++counts.differences;
      return on_difference_({lines.name(), lines.line_number(), static_cast<std::uint32_t>(i), life_[i], *difference});
    }
  }

  const std::function<Profile(KafkaLine)>& profile_;
  Answerer* kafka_;
  std::optional<KafkaLine> kafka_line_;
  const std::function<void(const CoordinationTraceDifference&)>& on_difference_;
  std::optional<KafkaLine> line_;
  Life life_;
  std::vector<std::string> recorded_;
};

}  // namespace

bool is_broker_trace(std::string_view first_line) {
  simdjson::dom::parser parser;
  JsonElement line;
  if (parser.parse(first_line).get(line) != simdjson::SUCCESS || !line.is_object()) return false;
  JsonElement example;
  if (line["example"].get(example) == simdjson::SUCCESS) return line["sameOn"].error() == simdjson::SUCCESS;
  std::string_view begun;
  if (line["steps"].at(0)["q"]["op"].get(begun) != simdjson::SUCCESS) return false;
  return begun == "reset";
}

std::vector<std::string> broker_answers(const Life& life, KafkaLine line, const Profile& profile) {
  simdjson::dom::parser parser;
  ScriptedBroker model{line, profile};
  std::vector<std::string> answers(life.size());
  for (std::size_t i = 0; i < life.size(); ++i) model.handle(parser.parse(life[i]), answers[i]);
  return answers;
}

CoordinationTraceCounts replay_broker_traces(
    LineSource& lines, const std::function<Profile(KafkaLine)>& profile, Answerer* kafka,
    std::optional<KafkaLine> kafka_line, const std::function<void(const CoordinationTraceDifference&)>& on_difference) {
  BrokerReplay replay{profile, kafka, kafka_line, on_difference};
  simdjson::dom::parser parser;
  for (std::string_view text; lines.next(text);) {
    try {
      const JsonElement line = parser.parse(text.data(), text.size(), false);
      if (const auto steps = field(line, "steps")) {
        for (const JsonElement step : steps->get_array()) replay.add(step["q"], step["a"]);
        replay.end(lines);
      } else if (!field(line, "example")) {
        replay.add(line["in"], line["out"]);
      }
    } catch (const simdjson::simdjson_error& error) {
      throw InputError{{lines.name(), lines.line_number()}, fmt::format("not a trace: {}", error.what())};
    }
  }
  replay.end(lines);
  if (replay.counts.traces == 0) throw InputError{{lines.name()}, "there is no trace in it"};
  return replay.counts;
}

}  // namespace sharelock::interop
