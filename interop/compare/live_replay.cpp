#include "interop/compare/live_replay.h"

#include "base/input_error.h"
#include "interop/compare/run_pair.h"

namespace sharelock::interop {

LiveReplay::LiveReplay(KafkaLine line, const Profile& profile, Answerer& reference,
                       std::function<void(const TraceDifference&)> on_difference)
    : line_{line},
      profile_{profile},
      reference_{reference},
      on_difference_{std::move(on_difference)},
      parser_{line, names_} {}

void LiveReplay::file(const std::string& path) {
  LineSource lines{path};
  file(lines);
}

void LiveReplay::file(LineSource& lines) {
  TraceFile file{lines};
  const std::uint64_t before = counts_.traces;
  for (TraceEntry entry; file.next(entry);) {
    Request request = parser_.parse(entry.request);
    if (std::holds_alternative<op::Reset>(request.operation) && !request.id.empty()) play(file.name());
    trace_.push_back({entry.line, std::string{entry.request}, std::move(request)});
  }
  play(file.name());
  if (counts_.traces == before) throw InputError{{file.name()}, "there is no recorded operation in it"};
}

/// Plays what was collected, and begins anew.
void LiveReplay::play(const std::string& file) {
  if (trace_.empty()) return;
  ++counts_.traces;
  // Both sides begin as they do when they are started.
  std::string lines = "{\"op\":\"reset\"}\n";
  for (const Recorded& recorded : trace_) lines += recorded.text + '\n';
  reference_.send(lines);
  reference_.receive();

  ScriptedPartition scripted{line_, profile_};
  AnswerWriter writer{names_};
  std::string model;
  std::string space;
  bool differs = false;
  for (const Recorded& recorded : trace_) {
    const std::string_view reference = reference_.receive();
    if (differs) continue;
    ++counts_.operations;
    model.clear();
    writer.append(model, recorded.request, scripted.execute(recorded.request), scripted);
    auto what = compare_answers(reference, model, space);
    if (!what) continue;
    differs = true;
    ++counts_.differences;
    on_difference_({file, recorded.line, name_of_trace(trace_.front().request), recorded.text, std::move(*what)});
  }
  trace_.clear();
}

}  // namespace sharelock::interop
