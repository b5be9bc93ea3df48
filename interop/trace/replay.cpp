#include "interop/trace/replay.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/input_error.h"

namespace sharelock::interop {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const TraceFile& file, const TraceEntry& entry, const std::string& message,
                         std::string hint = {}) {
  constexpr std::size_t shown = 160;
  throw InputError{{file.name(), entry.line}, message, std::move(hint), std::string{entry.request.substr(0, shown)}};
}

/// The line of Kafka that a reset answered; nothing if it answered none.
std::optional<KafkaLine> line_of(const TraceFile& file, const TraceEntry& entry) {
  const json answer = json::parse(entry.answer, nullptr, false);
  if (answer.is_discarded()) refuse(file, entry, "the answer is no JSON");
  if (!answer.is_object() || !answer.contains("result") || !answer["result"].is_object()) return std::nullopt;
  const json line = answer["result"].value("line", json{});
  if (!line.is_string()) return std::nullopt;
  if (const auto known = line_named(line.get<std::string>())) return known;
  refuse(file, entry, fmt::format("recorded with Kafka {}, which is not known here", line.dump()),
         "4.2, 4.3 and 4.4 are");
}

}  // namespace

std::string name_of_trace(const Request& reset) {
  if (reset.id.empty()) return {};
  const json id = json::parse(reset.id, nullptr, false);
  return id.is_string() ? id.get<std::string>() : reset.id;
}

void Replay::file(const std::string& path) {
  LineSource lines{path};
  file(lines);
}

void Replay::file(LineSource& lines) {
  TraceFile file{lines};
  bool first = true;
  for (TraceEntry entry; file.next(entry);) {
    Request request = parser_.parse(entry.request);
    const auto* refused = std::get_if<op::Refused>(&request.operation);
    if (refused && !refused->op && !json::accept(entry.request)) refuse(file, entry, "the request is no JSON");
    const bool is_reset = refused ? refused->op == "reset" : std::holds_alternative<op::Reset>(request.operation);
    if (first || (is_reset && !request.id.empty())) begin_trace(request);
    first = false;
    if (skipping_) continue;
    if (is_reset && learn_line(file, entry)) request = parser_.parse(entry.request);
    compare(file, entry, request);
  }
  if (first)
    throw InputError{{file.name()},
                     "there is no recorded operation in it",
                     "a trace has one {\"in\":request,\"out\":answer} per line"};
}

void Replay::begin_trace(const Request& request) {
  scripted_.emplace(parser_.line(), profile_of_(parser_.line()));
  trace_ = name_of_trace(request);
  skipping_ = false;
  ++counts_.traces;
}

/// True if the traces that follow are of another line of Kafka, which may refuse other requests.
bool Replay::learn_line(const TraceFile& file, const TraceEntry& entry) {
  const auto line = line_of(file, entry);
  if (!line || *line == parser_.line()) return false;
  parser_.set_line(*line);
  scripted_.emplace(*line, profile_of_(*line));
  return true;
}

void Replay::compare(const TraceFile& file, const TraceEntry& entry, const Request& request) {
  ++counts_.operations;
  actual_.clear();
  writer_.append(actual_, request, scripted_->execute(request), *scripted_);
  if (actual_ == entry.answer) return;
  std::optional<AnswerDifference> difference;
  try {
    difference = find_difference(entry.answer, actual_);
  } catch (const json::parse_error& error) {
    refuse(file, entry, fmt::format("the answer is no JSON: {}", error.what()));
  }
  if (!difference) return;
  skipping_ = true;
  ++counts_.differences;
  on_difference_({file.name(), entry.line, trace_, std::string{entry.request}, *difference});
}

}  // namespace sharelock::interop
