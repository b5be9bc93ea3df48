#include "interop/harness/answer_writer.h"

#include <fmt/format.h>

#include "interop/harness/state_dump.h"
#include "interop/protocol/json_text.h"

namespace sharelock::interop {
namespace {

void append_error(std::string& out, const Outcome& outcome) {
  out += "{\"name\":\"";
  out += name_of(outcome.error);
  append_field(out, "\",\"code\":", static_cast<std::int16_t>(outcome.error));
  if (outcome.aborted) out += ",\"abort\":true";
  out += '}';
}

struct ResultWriter {
  std::string& out;

  void operator()(const result::Nothing&) const {}
  void operator()(const result::Version& version) const {
    fmt::format_to(std::back_inserter(out), R"("line":"{}","kafka":"{}")", name_of(version.line),
                   release_of(version.line));
  }
  void operator()(const result::Started& started) const {
    append_field(out, "\"req\":", started.request);
    out += ",\"done\":";
    append_bool(out, started.done);
  }
  void operator()(const result::Locked& result) const {
    out += "\"locked\":";
    append_bool(out, result.locked);
  }
  void operator()(const result::NextOffset& result) const { append_field(out, "\"N\":", result.offset); }
  void operator()(const result::CanAcquire& result) const {
    out += "\"can\":";
    append_bool(out, result.can);
  }
  void operator()(const result::Acquired& acquired) const {
    out += "\"acquired\":[";
    for (const AcquiredRange& range : acquired.ranges) {
      append_field(out, &range == acquired.ranges.data() ? "[" : ",[", range.first);
      append_field(out, ",", range.last);
      append_field(out, ",", range.delivery_count);
      out += ']';
    }
    append_field(out, "],\"count\":", acquired.count);
    if (!acquired.slice) return;
    out += ",\"records\":[";
    for (const LogBatch& batch : *acquired.slice) {
      append_field(out, &batch == acquired.slice->data() ? "[" : ",[", batch.base);
      append_field(out, ",", batch.last);
      out += ']';
    }
    out += ']';
  }
  void operator()(const result::Metadata& result) const {
    if (!result.position) {
      out += "\"meta\":null";
      return;
    }
    append_field(out, "\"meta\":{\"offset\":", result.position->message_offset);
    append_field(out, ",\"segment\":", result.position->segment_base_offset);
    append_field(out, ",\"pos\":", result.position->position_in_segment);
    out += '}';
  }
  void operator()(const result::Advanced& result) const {
    append_field(out, "\"now\":", result.now);
    append_field(out, ",\"fired\":", result.fired);
  }
  void operator()(const result::Fired& result) const { append_field(out, "\"fired\":", result.fired); }
  void operator()(const result::WriteCompleted& result) const { append_field(out, "\"write\":", result.id); }
  void operator()(const result::DeadLetterCompleted& result) const { append_field(out, "\"dlq\":", result.id); }
  void operator()(const result::Drained& result) const { append_field(out, "\"completed\":", result.completed); }
};

struct EventWriter {
  std::string& out;
  const Answer& answer;
  const NameTable& names;

  void operator()(const event::ReadIssued& read) const {
    out += "{\"e\":\"read\",";
    append_hand_over(out, read, {});
    out += '}';
  }
  void operator()(const event::WriteIssued& write) const {
    out += "{\"e\":\"write\",";
    append_hand_over(out, write, std::span{answer.batches}.subspan(write.first_batch, write.batch_count));
    out += '}';
  }
  void operator()(const event::DeadLetterIssued& letter) const {
    out += "{\"e\":\"dlq\",";
    append_hand_over(out, letter, {});
    out += '}';
  }
  void operator()(const event::FetchesWoken&) const { out += "{\"e\":\"wake\"}"; }
  void operator()(const event::LockFired& fired) const {
    append_field(out, "{\"e\":\"fire\",\"at\":", fired.lock.expires_at);
    out += ",\"m\":";
    append_string(out, names.name_of(fired.lock.owner.value()));
    append_field(out, ",\"f\":", fired.lock.first);
    append_field(out, ",\"l\":", fired.lock.last);
    out += '}';
  }
  void operator()(const event::RequestDone& done) const {
    append_field(out, "{\"e\":\"done\",\"req\":", done.request);
    if (done.error != KafkaError::none) {
      out += ",\"error\":";
      append_error(out, {done.error, false});
    }
    out += '}';
  }
  void operator()(const event::OffsetLookedUp& lookup) const {
    using Kind = effect::OffsetLookedUp::Kind;
    out += "{\"e\":\"lookup\",\"kind\":\"";
    out += lookup.kind == Kind::earliest ? "earliest" : lookup.kind == Kind::latest ? "latest" : "timestamp";
    out += "\"}";
  }
  void operator()(const event::TimerAborted& aborted) const {
    out += "{\"e\":\"timerAbort\",\"error\":";
    append_error(out, {aborted.error, true});
    out += '}';
  }
};

/// The name of the operation between quotes; `null` if the line did not get as far as having one.
void append_operation(std::string& out, const Request& request) {
  const auto* refused = std::get_if<op::Refused>(&request.operation);
  if (!refused)
    append_string(out, name_of(request.operation));
  else if (refused->op)
    append_string(out, *refused->op);
  else
    out += "null";
}

}  // namespace

void AnswerWriter::append(std::string& out, const Request& request, const Answer& answer, ScriptedPartition& scripted) {
  out += "{\"op\":";
  append_operation(out, request);
  if (!request.id.empty()) {
    out += ",\"id\":";
    out += request.id;
  }
  if (answer.refusal) {
    out += ",\"error\":{\"class\":\"BadInput\",\"message\":";
    append_string(out, *answer.refusal);
    out += "}}";
    return;
  }
  out += ",\"result\":{";
  std::visit(ResultWriter{out}, answer.result);
  out += '}';
  if (answer.error) append_error(out += ",\"error\":", *answer.error);
  out += ",\"events\":[";
  const std::size_t begin = out.size();
  for (const Event& event : answer.events) {
    if (out.size() > begin) out += ',';
    std::visit(EventWriter{out, answer, names_}, event);
  }
  out += ']';
  append_shown(out, request.show.value_or(scripted.dump()), scripted);
  out += '}';
}

void AnswerWriter::append_shown(std::string& out, DumpMode mode, ScriptedPartition& scripted) {
  if (mode == DumpMode::full || mode == DumpMode::both) append_state(out += ",\"state\":", scripted, names_);
  if (mode == DumpMode::hash || mode == DumpMode::brief) {
    state_.clear();
    append_state(state_, scripted, names_);
    append_hash(out += ",\"hash\":\"", fnv1a(state_));
    out += '"';
  }
  if (mode == DumpMode::text || mode == DumpMode::both || mode == DumpMode::brief) {
    state_.clear();
    append_state_line(state_, scripted.partition(), names_);
    append_string(out += ",\"text\":", state_);
  }
}

}  // namespace sharelock::interop
