#include "interop/protocol/request_writer.h"

#include <array>

#include "interop/protocol/json_text.h"

namespace sharelock::interop {
namespace {

constexpr std::array<std::string_view, 6> dump_names{"full", "text", "both", "hash", "brief", "none"};
constexpr std::array<std::string_view, 3> completion_names{"manual", "auto", "inline"};
constexpr std::array<std::string_view, 3> reset_names{"latest", "earliest", "by_duration:PT1H"};
constexpr std::array<std::string_view, 5> state_names{"EMPTY", "INITIALIZING", "ACTIVE", "FAILED", "FENCED"};
constexpr std::array<std::string_view, 5> record_states{"AV", "AQ", "AK", "AG", "AR"};

template <class Names, class Enum>
std::string_view name_in(const Names& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

/// Writes the fields of one request, each with a leading comma.
class Writer {
 public:
  Writer(std::string& out, const NameTable& names) : out_{out}, names_{names} {}

  void operator()(const op::Reset& reset) {
    (*this)(reset.configuration);
    if (reset.state != InitialState::empty) text("state", name_in(state_names, reset.state));
    if (reset.leader_epoch != 0) number("leader", reset.leader_epoch);
    if (reset.now != 0) number("now", reset.now);
  }
  void operator()(const op::Configure& change) {
    if (change.max_locks) number("maxLocks", *change.max_locks);
    if (change.limit) number("limit", *change.limit);
    if (change.lock_ms) number("lockMs", *change.lock_ms);
    if (change.renew) flag("renew", *change.renew);
    if (change.dlq) flag("dlq", *change.dlq);
    if (change.dlq_feature) flag("dlqFeature", *change.dlq_feature);
    if (change.dlq_topic) {
      key("dlqTopic");
      change.dlq_topic->has_value() ? append_string(out_, **change.dlq_topic) : void(out_ += "null");
    }
    if (change.auto_offset_reset) text("autoOffsetReset", name_in(reset_names, *change.auto_offset_reset));
    if (change.earliest) lookup("earliest", *change.earliest);
    if (change.latest) lookup("latest", *change.latest);
    if (change.timestamp) lookup("timestamp", *change.timestamp);
    if (change.writes) text("writes", name_in(completion_names, *change.writes));
    if (change.dlqs) text("dlqs", name_in(completion_names, *change.dlqs));
    if (change.metrics) flag("metrics", *change.metrics);
    if (change.dump) text("dump", name_in(dump_names, *change.dump));
  }
  void operator()(const op::Initialize& initialize) {
    if (initialize.read) outcome("read", *initialize.read);
  }
  void operator()(const op::CompleteRead& read) {
    if (read.which >= 0) number("which", read.which);
    outcome("read", read.read);
  }
  void operator()(const op::Lock& lock) { text("fetch", names_.name_of(lock.fetch)); }
  void operator()(const op::Unlock& unlock) { text("fetch", names_.name_of(unlock.fetch)); }
  void operator()(const op::Acquire& acquire);
  void operator()(const op::Acknowledge& acknowledge);
  void operator()(const op::Release& release) { member(release.member); }
  void operator()(const op::MoveLogStart& move) { number("offset", move.offset); }
  void operator()(const op::Advance& advance) {
    number(advance.absolute ? "to" : "ms", advance.amount);
    if (!advance.fire) flag("fire", false);
  }
  void operator()(const op::Fire& fire) {
    if (fire.index)
      number("index", *fire.index);
    else if (fire.count != 1)
      number("count", fire.count);
  }
  void operator()(const op::CompleteWrite& complete) { completion(complete.which, complete.result); }
  void operator()(const op::CompleteDeadLetter& complete) { completion(complete.which, complete.result); }
  void operator()(const op::SetFetchMetadata& set) {
    number("at", set.at);
    number("offset", set.position.message_offset);
    if (set.position.segment_base_offset != -1) number("segment", set.position.segment_base_offset);
    if (set.position.position_in_segment != -1) number("pos", set.position.position_in_segment);
  }
  void operator()(const op::GetFetchMetadata& get) { number("at", get.at); }
  // The others have no fields.
  void operator()(const op::ShowState&) {}
  void operator()(const op::NextFetchOffset&) {}
  void operator()(const op::CanAcquire&) {}
  void operator()(const op::Drain&) {}
  void operator()(const op::Fence&) {}
  void operator()(const op::Refused&) {}

 private:
  void key(std::string_view name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
  }
  void number(std::string_view name, std::int64_t value) {
    key(name);
    append_number(out_, value);
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    append_string(out_, value);
  }
  void flag(std::string_view name, bool value) {
    key(name);
    append_bool(out_, value);
  }
  void member(MemberId member) { text("member", names_.name_of(member.value())); }
  void lookup(std::string_view name, const OffsetLookup& lookup) {
    if (const auto* offset = std::get_if<Offset>(&lookup)) return number(name, *offset);
    if (const auto* error = std::get_if<KafkaError>(&lookup)) return text(name, name_of(*error));
    key(name);
    out_ += "null";
  }
  void completion(std::int64_t which, const HandOverOutcome& result) {
    if (which >= 0) number("which", which);
    if (result.form != AnswerForm::well_formed || result.error != KafkaError::none) outcome("result", result);
  }
  void outcome(std::string_view name, const HandOverOutcome& outcome);

  std::string& out_;
  const NameTable& names_;
};

void Writer::operator()(const op::Acquire& acquire) {
  member(acquire.member);
  if (acquire.mode == AcquireMode::record_limit) text("mode", "RL");
  if (acquire.batch_size != 500) number("batchSize", acquire.batch_size);
  if (acquire.max_records != 500) number("maxRecords", acquire.max_records);
  number("fetchOffset", acquire.fetch_offset);
  key("log");
  out_ += '[';
  for (const LogBatch& batch : acquire.log) {
    if (&batch != acquire.log.data()) out_ += ',';
    const bool plain = batch.producer_id < 0 && !batch.transactional && batch.control == ControlType::none;
    append_field(out_, plain ? "[" : "{\"b\":", batch.base);
    append_field(out_, plain ? "," : ",\"l\":", batch.last);
    if (!plain) {
      append_field(out_, ",\"pid\":", batch.producer_id);
      if (batch.control == ControlType::abort) out_ += ",\"ctrl\":\"abort\"";
      if (batch.control == ControlType::commit) out_ += ",\"ctrl\":\"commit\"";
      if (batch.control == ControlType::empty) out_ += ",\"ctrl\":\"empty\"";
      if (batch.transactional && batch.control == ControlType::none) out_ += ",\"txn\":true";
    }
    out_ += plain ? ']' : '}';
  }
  out_ += ']';
  if (!acquire.aborted.empty()) {
    key("aborted");
    out_ += '[';
    for (const AbortedTransaction& aborted : acquire.aborted) {
      append_field(out_, &aborted == acquire.aborted.data() ? "[" : ",[", aborted.first_offset);
      append_field(out_, ",", aborted.producer_id);
      out_ += ']';
    }
    out_ += ']';
  }
  const Isolation implied = acquire.aborted.empty() ? Isolation::read_uncommitted : Isolation::read_committed;
  if (acquire.isolation != implied)
    text("isolation", acquire.isolation == Isolation::read_committed ? "read_committed" : "read_uncommitted");
  if (acquire.slice == op::Acquire::Slice::yes) flag("slice", true);
}

void Writer::operator()(const op::Acknowledge& acknowledge) {
  member(acknowledge.member);
  key("batches");
  out_ += '[';
  for (const auto& batch : acknowledge.batches) {
    append_field(out_, &batch == acknowledge.batches.data() ? "[" : ",[", batch.first);
    append_field(out_, ",", batch.last);
    out_ += ',';
    append_types(out_, std::span{acknowledge.types}.subspan(batch.first_type, batch.type_count));
    out_ += ']';
  }
  out_ += ']';
}

void Writer::outcome(std::string_view name, const HandOverOutcome& outcome) {
  key(name);
  out_ += '{';
  const std::size_t begin = out_.size();
  const auto next = [&](std::string_view field) {
    if (out_.size() > begin) out_ += ',';
    out_ += field;
  };
  if (outcome.form == AnswerForm::threw) {
    append_string((next("\"exception\":"), out_), name_of(outcome.error));
  } else if (outcome.error != KafkaError::none) {
    append_string((next("\"error\":"), out_), name_of(outcome.error));
  }
  if (outcome.form == AnswerForm::malformed) next("\"malformed\":\"two\"");
  if (outcome.form == AnswerForm::equal_topic_id) next("\"newTopicId\":true");
  if (outcome.state_epoch != 0) append_number((next("\"epoch\":"), out_), outcome.state_epoch);
  if (outcome.start_offset != 0) append_number((next("\"S\":"), out_), outcome.start_offset);
  if (!outcome.batches.empty()) {
    next("\"batches\":[");
    for (const PersistedBatch& batch : outcome.batches) {
      append_field(out_, &batch == outcome.batches.data() ? "[" : ",[", batch.first);
      append_field(out_, ",", batch.last);
      out_ += ',';
      const auto id = static_cast<std::size_t>(batch.state);
      if (batch.state >= 0 && id < record_states.size())
        append_string(out_, record_states[id]);
      else
        append_number(out_, batch.state);
      append_field(out_, ",", batch.delivery_count);
      out_ += ']';
    }
    out_ += ']';
  }
  out_ += '}';
}

}  // namespace

void append_types(std::string& out, std::span<const AcknowledgeType> types) {
  constexpr std::string_view letters = "GARJW";
  const auto number = [](AcknowledgeType type) { return static_cast<std::int64_t>(type); };
  const bool named =
      std::ranges::all_of(types, [&](AcknowledgeType type) { return number(type) >= 0 && number(type) <= 4; });
  out += named ? '"' : '[';
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (named) {
      out += letters[static_cast<std::size_t>(number(types[i]))];
    } else {
      if (i > 0) out += ',';
      append_number(out, number(types[i]));
    }
  }
  out += named ? '"' : ']';
}

void append_request(std::string& out, const Request& request, const NameTable& names) {
  out += "{\"op\":\"";
  out += name_of(request.operation);
  out += '"';
  Writer writer{out, names};
  std::visit(writer, request.operation);
  if (!request.id.empty()) {
    out += ",\"id\":";
    out += request.id;
  }
  if (request.show) {
    out += ",\"show\":\"";
    out += name_in(dump_names, *request.show);
    out += '"';
  }
  out += '}';
}

}  // namespace sharelock::interop
