#include "interop/compare/story.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "interop/protocol/json_text.h"
#include "interop/protocol/request_writer.h"

namespace sharelock::interop {
namespace {

using nlohmann::json;

std::string range(Offset first, Offset last) {
  return first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
}

std::string outcome_text(const HandOverOutcome& outcome) {
  if (outcome.form == AnswerForm::malformed) return "malformed";
  if (outcome.form == AnswerForm::threw) return fmt::format("threw {}", name_of(outcome.error));
  if (outcome.error != KafkaError::none) return std::string{name_of(outcome.error)};
  return outcome.form == AnswerForm::equal_topic_id ? "equal topic id" : "";
}

std::string persisted(const HandOverOutcome& read) {
  if (std::string failure = outcome_text(read); !failure.empty() && read.form != AnswerForm::equal_topic_id)
    return failure;
  constexpr std::array<std::string_view, 5> states{"AV", "AQ", "AK", "AG", "AR"};
  std::string text = fmt::format("S={};", read.start_offset);
  for (const PersistedBatch& batch : read.batches) {
    const auto id = static_cast<std::size_t>(batch.state);
    text += fmt::format("{} {} {}{}", &batch == read.batches.data() ? "" : ",", range(batch.first, batch.last),
                        batch.state >= 0 && id < states.size() ? states[id] : fmt::format("?{}:", batch.state),
                        batch.delivery_count);
  }
  if (read.batches.empty()) text += " no batches";
  return text;
}

std::string configuration(const op::Configure& change) {
  std::string text;
  const auto add = [&](std::string_view name, const auto& value) {
    if (value) text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, *value);
  };
  constexpr std::array<std::string_view, 3> modes{"manual", "auto", "inline"};
  const auto mode = [&](const std::optional<Completion>& completion) {
    return completion ? std::optional{modes[static_cast<std::size_t>(*completion)]} : std::nullopt;
  };
  add("limit", change.limit);
  add("maxLocks", change.max_locks);
  add("lock", change.lock_ms);
  add("renew", change.renew);
  add("dlq", change.dlq);
  add("writes", mode(change.writes));
  add("dlqs", mode(change.dlqs));
  return text;
}

class Notation {
 public:
  explicit Notation(const NameTable& names) : names_{names} {}

  std::string operator()(const op::Reset& reset) const {
    constexpr std::array<std::string_view, 5> states{"EMPTY", "INITIALIZING", "ACTIVE", "FAILED", "FENCED"};
    return fmt::format("NEW({}{}{})", states[static_cast<std::size_t>(reset.state)],
                       configuration(reset.configuration).empty() ? "" : ", ", configuration(reset.configuration));
  }
  std::string operator()(const op::Configure& change) const { return fmt::format("CFG({})", configuration(change)); }
  std::string operator()(const op::Initialize& initialize) const {
    return fmt::format("INIT({})", initialize.read ? persisted(*initialize.read) : "read outstanding");
  }
  std::string operator()(const op::CompleteRead& read) const { return fmt::format("READ({})", persisted(read.read)); }
  std::string operator()(const op::Lock& lock) const { return fmt::format("LOCK({})", names_.name_of(lock.fetch)); }
  std::string operator()(const op::Unlock& unlock) const {
    return fmt::format("UNLOCK({})", names_.name_of(unlock.fetch));
  }
  std::string operator()(const op::NextFetchOffset&) const { return "NEXTFETCHOFFSET"; }
  std::string operator()(const op::CanAcquire&) const { return "CANACQUIRE"; }
  std::string operator()(const op::Acquire& acquire) const {
    std::string log;
    for (const LogBatch& batch : acquire.log) {
      log += '[' + range(batch.base, batch.last);
      if (batch.producer_id >= 0) log += fmt::format(" pid{}", batch.producer_id);
      constexpr std::array<std::string_view, 4> controls{" txn", " abort", " commit", " empty"};
      if (batch.transactional) log += controls[static_cast<std::size_t>(batch.control)];
      log += ']';
    }
    std::string aborted;
    for (const AbortedTransaction& entry : acquire.aborted)
      aborted += fmt::format("{}({}, {})", aborted.empty() ? "" : ", ", entry.first_offset, entry.producer_id);
    if (acquire.isolation == Isolation::read_committed) aborted = fmt::format(", aborted=[{}]", aborted);
    return fmt::format("ACQ({}, {}, B={}, M={}, F={}, log={}{})", member(acquire.member),
                       acquire.mode == AcquireMode::record_limit ? "RL" : "BO", acquire.batch_size, acquire.max_records,
                       acquire.fetch_offset, log.empty() ? "none" : log, aborted);
  }
  std::string operator()(const op::Acknowledge& acknowledge) const {
    std::string text = fmt::format("ACK({}", member(acknowledge.member));
    for (const auto& batch : acknowledge.batches) {
      std::string types;
      append_types(types, std::span{acknowledge.types}.subspan(batch.first_type, batch.type_count));
      if (types.starts_with('"')) types = types.substr(1, types.size() - 2);
      text += fmt::format("{} {}:{}", &batch == acknowledge.batches.data() ? "," : ";", range(batch.first, batch.last),
                          types);
    }
    return text + ")";
  }
  std::string operator()(const op::Release& release) const { return fmt::format("REL({})", member(release.member)); }
  std::string operator()(const op::MoveLogStart& move) const { return fmt::format("LSO({})", move.offset); }
  std::string operator()(const op::Advance& advance) const {
    return fmt::format("T{}{}{}", advance.absolute ? "=" : "+", advance.amount, advance.fire ? "" : " (nothing fires)");
  }
  std::string operator()(const op::Fire& fire) const {
    return fire.index ? fmt::format("FIRE(index {})", *fire.index) : fmt::format("FIRE({})", fire.count);
  }
  std::string operator()(const op::CompleteWrite& complete) const { return completion("W", complete); }
  std::string operator()(const op::CompleteDeadLetter& complete) const { return completion("DLQ", complete); }
  std::string operator()(const op::Drain&) const { return "ALL-DONE"; }
  std::string operator()(const op::Fence&) const { return "FENCE"; }
  std::string operator()(const op::ShowState&) const { return "STATE"; }
  std::string operator()(const op::SetFetchMetadata& set) const {
    return fmt::format("SETMETA(at={}, offset={}, segment={}, pos={})", set.at, set.position.message_offset,
                       set.position.segment_base_offset, set.position.position_in_segment);
  }
  std::string operator()(const op::GetFetchMetadata& get) const { return fmt::format("GETMETA(at={})", get.at); }
  std::string operator()(const op::Refused& refused) const {
    return fmt::format("{} (refused: {})", refused.op.value_or("?"), refused.message);
  }

 private:
  std::string_view member(MemberId member) const { return names_.name_of(member.value()); }
  template <class Complete>
  static std::string completion(std::string_view what, const Complete& complete) {
    const std::string failure = outcome_text(complete.result);
    std::string text = fmt::format("{}-{}", what, failure.empty() ? "OK" : "FAIL");
    if (!failure.empty()) text += fmt::format("({})", failure);
    if (complete.which >= 0) text += fmt::format(" #{}", complete.which);
    return text;
  }

  const NameTable& names_;
};

/// What an answer gave, short: result, error, writes.
std::string gave(const json& answer) {
  std::string text;
  if (answer.contains("error")) {
    const json& error = answer["error"];
    text += fmt::format("  -> {}{}", error.value("abort", false) ? "ABORT " : "",
                        error.contains("name") ? error["name"].get<std::string>() : "refused");
  } else if (answer.contains("result") && !answer["result"].empty()) {
    const json& result = answer["result"];
    if (result.contains("acquired"))
      text += "  -> " + result["acquired"].dump();
    else if (result.contains("done"))
      text += result["done"] == true ? "  -> NONE" : "  -> (pending)";
    else if (!result.contains("line"))
      text += "  -> " + result.dump();
  }
  for (const json& event : answer.value("events", json::array()))
    if (event.value("e", "") == "write")
      text += fmt::format("  P(S={},D={}; {})", event["S"].dump(), event["D"].dump(), event["batches"].dump());
    else if (event.value("e", "") == "fire")
      text += fmt::format("  FIRED({}-{})", event["f"].dump(), event["l"].dump());
    else if (event.value("e", "") == "dlq")
      text += fmt::format("  DLQ({}-{} {})", event["f"].dump(), event["l"].dump(), event.value("cause", ""));
    else if (event.value("e", "") == "wake")
      text += "  WAKE";
  return text;
}

}  // namespace

std::string notation(const Request& request, const NameTable& names) {
  return std::visit(Notation{names}, request.operation);
}

std::vector<Request> with_states(std::span<const Request> operations, std::string_view trace) {
  std::vector<Request> shown(operations.begin(), operations.end());
  for (Request& request : shown) {
    request.show.reset();
    if (auto* reset = std::get_if<op::Reset>(&request.operation)) reset->configuration.dump = DumpMode::both;
    if (auto* change = std::get_if<op::Configure>(&request.operation)) change->dump.reset();
  }
  append_string(shown.front().id = {}, trace);
  return shown;
}

std::string tell(std::span<const Request> operations, const PairAnswers& answers, const NameTable& names,
                 std::string_view reference) {
  std::string story;
  for (std::size_t i = 0; i < answers.model.size(); ++i) {
    const json model = json::parse(answers.model[i]);
    const json real = json::parse(answers.reference[i]);
    const bool differs = answers.difference && answers.difference->index == i;
    story += fmt::format("{:4}  {}", i + 1, notation(operations[i], names));
    if (!differs) {
      story += fmt::format("{}\n          {}\n", gave(model), model.value("text", ""));
      continue;
    }
    const std::size_t width = reference.size();
    story += '\n';
    story += fmt::format("        {:{}}{}\n        {:{}}  {}\n", reference, width, gave(real), "", width,
                         real.value("text", ""));
    story += fmt::format("        {:{}}{}\n        {:{}}  {}\n", "model", width, gave(model), "", width,
                         model.value("text", ""));
    const AnswerDifference& what = answers.difference->what;
    story +=
        fmt::format("      They differ at {}: {} {}, model {}\n", what.path, reference, what.expected, what.actual);
  }
  return story;
}

std::string as_trace(std::span<const Request> operations, const PairAnswers& answers, const NameTable& names) {
  std::string trace;
  for (std::size_t i = 0; i < answers.reference.size(); ++i) {
    trace += "{\"in\":";
    append_request(trace, operations[i], names);
    trace += ",\"out\":";
    trace += answers.reference[i];
    trace += "}\n";
  }
  return trace;
}

}  // namespace sharelock::interop
