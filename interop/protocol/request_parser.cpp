#include "interop/protocol/request_parser.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "interop/protocol/json_fields.h"
#include "interop/protocol/request_parts.h"

namespace sharelock::interop {
namespace {

template <class T, std::size_t N>
std::optional<T> choice(std::string_view text, const std::array<std::pair<std::string_view, T>, N>& choices) {
  for (const auto& [name, value] : choices)
    if (name == text) return value;
  return std::nullopt;
}

std::optional<DumpMode> parse_dump(const JsonFields& fields, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, DumpMode>, 6> modes{{{"full", DumpMode::full},
                                                                        {"text", DumpMode::text},
                                                                        {"both", DumpMode::both},
                                                                        {"hash", DumpMode::hash},
                                                                        {"brief", DumpMode::brief},
                                                                        {"none", DumpMode::none}}};
  if (!fields.has(name)) return std::nullopt;
  const auto mode = choice(fields.text(name), modes);
  if (!mode) throw BadInput{fmt::format("{}: full, text, both, hash, brief or none", name)};
  return mode;
}

std::optional<Completion> parse_completion(const JsonFields& fields, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Completion>, 3> modes{
      {{"manual", Completion::manual}, {"auto", Completion::automatic}, {"inline", Completion::in_line}}};
  if (!fields.has(name)) return std::nullopt;
  const auto mode = choice(fields.text(name), modes);
  if (!mode) throw BadInput{fmt::format("{}: manual, auto or inline", name)};
  return mode;
}

/// One line while it is read: its fields, and what is needed to understand them.
class Reading {
 public:
  Reading(JsonFields fields, KafkaLine line, NameTable& names) : fields_{fields}, line_{line}, names_{names} {}

  Request::Operation operation(std::string_view name);
  std::optional<DumpMode> show() const { return parse_dump(fields_, "show"); }

 private:
  template <std::size_t N>
  void allow(const std::array<std::string_view, N>& own) const {
    std::array<std::string_view, N + 3> names{"op", "id", "show"};
    std::copy(own.begin(), own.end(), names.begin() + 3);
    fields_.allow(names);
  }
  void allow_nothing() const { allow(std::array<std::string_view, 0>{}); }
  MemberId member() const { return MemberId{names_.number_of(fields_.text("member"))}; }
  FetchNumber fetch() const { return names_.number_of(fields_.text("fetch")); }
  std::optional<OffsetLookup> lookup(std::string_view name) const {
    const auto value = fields_.raw(name);
    return value ? std::optional{parse_lookup(*value, line_)} : std::nullopt;
  }

  op::Configure configuration(bool fresh) const;
  op::Reset reset() const;
  op::Configure configure() const;
  op::Initialize initialize() const;
  op::CompleteRead complete_read() const;
  op::Acquire acquire() const;
  op::Acknowledge acknowledge() const;
  op::Advance advance() const;
  op::Fire fire() const;
  template <class Complete>
  Complete complete() const;
  op::SetFetchMetadata set_fetch_metadata() const;

  JsonFields fields_;
  KafkaLine line_;
  NameTable& names_;
};

constexpr std::array<std::string_view, 15> configuration_names{
    "maxLocks", "limit",  "lockMs",    "renew",  "dlq",  "dlqFeature", "dlqTopic", "autoOffsetReset",
    "earliest", "latest", "timestamp", "writes", "dlqs", "metrics",    "dump"};

op::Configure Reading::configuration(bool fresh) const {
  if (!has_dynamic_limits(line_)) {
    if (!fresh && (fields_.has("maxLocks") || fields_.has("limit")))
      throw BadInput{"the limits cannot change on this line"};
    if (!fields_.flag("renew", true)) throw BadInput{"renew cannot be disabled on this line"};
  }
  op::Configure change;
  change.dlq = fields_.flag_if_there("dlq");
  change.dlq_feature = fields_.flag_if_there("dlqFeature");
  if (!has_dead_letter_queue(line_) &&
      (change.dlq.value_or(false) || change.dlq_feature.value_or(false) || fields_.has("dlqTopic")))
    throw BadInput{"no dead-letter queue on this line"};
  change.writes = parse_completion(fields_, "writes");
  change.dlqs = parse_completion(fields_, "dlqs");
  change.dump = parse_dump(fields_, "dump");
  change.max_locks = fields_.integer_if_there("maxLocks");
  change.limit = fields_.integer_if_there("limit");
  change.lock_ms = fields_.integer_if_there("lockMs");
  change.renew = fields_.flag_if_there("renew");
  if (fields_.has("dlqTopic"))
    change.dlq_topic = std::string{fields_.text("dlqTopic")};
  else if (fields_.mentions("dlqTopic"))
    change.dlq_topic.emplace();
  if (fields_.has("autoOffsetReset")) change.auto_offset_reset = parse_offset_reset(fields_.text("autoOffsetReset"));
  change.earliest = lookup("earliest");
  change.latest = lookup("latest");
  change.timestamp = lookup("timestamp");
  change.metrics = fields_.flag_if_there("metrics");
  return change;
}

op::Reset Reading::reset() const {
  constexpr std::array<std::string_view, 3> own{"state", "leader", "now"};
  std::array<std::string_view, configuration_names.size() + own.size()> names{};
  std::copy(own.begin(), own.end(), std::copy(configuration_names.begin(), configuration_names.end(), names.begin()));
  allow(names);
  constexpr std::array<std::pair<std::string_view, InitialState>, 5> states{
      {{"EMPTY", InitialState::empty},
       {"INITIALIZING", InitialState::initializing},
       {"ACTIVE", InitialState::active},
       {"FAILED", InitialState::failed},
       {"FENCED", InitialState::fenced}}};
  op::Reset reset;
  reset.now = fields_.number("now", 0);
  reset.configuration = configuration(true);
  reset.leader_epoch = fields_.integer("leader", 0);
  const auto state = choice(fields_.text("state", "EMPTY"), states);
  if (!state) throw BadInput{fmt::format("unknown state: {}", fields_.text("state"))};
  reset.state = *state;
  return reset;
}

op::Configure Reading::configure() const {
  allow(configuration_names);
  return configuration(false);
}

op::Initialize Reading::initialize() const {
  allow(std::array<std::string_view, 1>{"read"});
  op::Initialize initialize;
  if (fields_.has("read")) initialize.read = parse_outcome(fields_.raw("read"), line_);
  return initialize;
}

op::CompleteRead Reading::complete_read() const {
  allow(std::array<std::string_view, 2>{"which", "read"});
  return {.which = fields_.number("which", -1), .read = parse_outcome(fields_.raw("read"), line_)};
}

op::Acquire Reading::acquire() const {
  allow(std::array<std::string_view, 11>{"member", "mode", "batchSize", "maxRecords", "fetchOffset", "log", "aborted",
                                         "isolation", "hw", "logStart", "slice"});
  op::Acquire acquire;
  acquire.log = parse_log(fields_.list("log"));
  if (fields_.has("aborted")) {
    acquire.aborted = parse_aborted(fields_.list("aborted"));
    acquire.isolation = Isolation::read_committed;
  }
  if (fields_.has("isolation")) {
    constexpr std::array<std::pair<std::string_view, Isolation>, 2> levels{
        {{"read_uncommitted", Isolation::read_uncommitted}, {"read_committed", Isolation::read_committed}}};
    const auto level = choice(fields_.text("isolation"), levels);
    if (!level) throw BadInput{"isolation: read_uncommitted or read_committed"};
    acquire.isolation = *level;
  }
  const std::string_view mode = fields_.text("mode", "BO");
  if (mode != "BO" && mode != "RL") throw BadInput{"mode: BO or RL"};
  acquire.mode = mode == "BO" ? AcquireMode::batch_optimized : AcquireMode::record_limit;
  // Carried by the real fetch, not looked at by the class.
  fields_.number("hw", 0);
  fields_.number("logStart", 0);
  acquire.member = member();
  acquire.batch_size = fields_.integer("batchSize", 500);
  acquire.max_records = fields_.integer("maxRecords", 500);
  acquire.fetch_offset = fields_.number("fetchOffset");
  if (fields_.has("slice")) {
    using Slice = op::Acquire::Slice;
    const Json slice = *fields_.raw("slice");
    acquire.slice = !slice.is_bool() ? Slice::malformed : bool{slice} ? Slice::yes : Slice::no;
  }
  return acquire;
}

op::Acknowledge Reading::acknowledge() const {
  allow(std::array<std::string_view, 2>{"member", "batches"});
  op::Acknowledge acknowledge{.member = member(), .batches = {}, .types = {}};
  parse_acknowledgements(fields_.list("batches"), acknowledge);
  return acknowledge;
}

op::Advance Reading::advance() const {
  allow(std::array<std::string_view, 3>{"ms", "to", "fire"});
  if (fields_.has("ms") == fields_.has("to")) throw BadInput{"advance needs either ms or to"};
  const bool absolute = fields_.has("to");
  return {.amount = fields_.number(absolute ? "to" : "ms"), .absolute = absolute, .fire = fields_.flag("fire", true)};
}

op::Fire Reading::fire() const {
  allow(std::array<std::string_view, 2>{"count", "index"});
  op::Fire fire{.index = fields_.integer_if_there("index")};
  if (!fire.index) fire.count = fields_.integer("count", 1);
  return fire;
}

template <class Complete>
Complete Reading::complete() const {
  allow(std::array<std::string_view, 2>{"which", "result"});
  return {.which = fields_.number("which", -1), .result = parse_outcome(fields_.raw("result"), line_)};
}

op::SetFetchMetadata Reading::set_fetch_metadata() const {
  allow(std::array<std::string_view, 4>{"at", "offset", "segment", "pos"});
  return {.at = fields_.number("at"),
          .position = {fields_.number("offset"), fields_.number("segment", -1), fields_.integer("pos", -1)}};
}

Request::Operation Reading::operation(std::string_view name) {
  if (name == "acquire") return acquire();
  if (name == "acknowledge") return acknowledge();
  if (name == "completeWrite") return complete<op::CompleteWrite>();
  if (name == "advance") return advance();
  if (name == "reset") return reset();
  if (name == "init") return initialize();
  if (name == "config") return configure();
  if (name == "fire") return fire();
  if (name == "completeDlq") return complete<op::CompleteDeadLetter>();
  if (name == "completeRead") return complete_read();
  if (name == "setFetchMeta") return set_fetch_metadata();
  if (name == "lso")
    return allow(std::array<std::string_view, 1>{"offset"}), op::MoveLogStart{fields_.number("offset")};
  if (name == "release") return allow(std::array<std::string_view, 1>{"member"}), op::Release{member()};
  if (name == "lock") return allow(std::array<std::string_view, 1>{"fetch"}), op::Lock{fetch()};
  if (name == "unlock") return allow(std::array<std::string_view, 1>{"fetch"}), op::Unlock{fetch()};
  if (name == "getFetchMeta")
    return allow(std::array<std::string_view, 1>{"at"}), op::GetFetchMetadata{fields_.number("at")};
  if (name == "nextFetchOffset") return allow_nothing(), op::NextFetchOffset{};
  if (name == "canAcquire") return allow_nothing(), op::CanAcquire{};
  if (name == "state") return allow_nothing(), op::ShowState{};
  if (name == "drain") return allow_nothing(), op::Drain{};
  if (name == "fence") return allow_nothing(), op::Fence{};
  throw BadInput{fmt::format("unknown op: {}", name)};
}

}  // namespace

Request RequestParser::parse(std::string_view text) {
  Request request;
  std::optional<std::string> name;
  try {
    Json json;
    if (const auto error = json_.parse(text).get(json); error != simdjson::SUCCESS)
      throw BadInput{fmt::format("not a request: {}", simdjson::error_message(error))};
    const JsonFields fields{json};
    name = std::string{fields.text("op")};
    if (const auto id = fields.raw("id")) request.id = simdjson::minify(*id);
    Reading reading{fields, line_, names_};
    // The order of the checks decides only which message a line with several mistakes gets.
    request.operation = reading.operation(*name);
    request.show = reading.show();
  } catch (const BadInput& refusal) {
    request.operation = op::Refused{std::move(name), refusal.what()};
  }
  return request;
}

}  // namespace sharelock::interop
