#include "interop/protocol/request_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "interop/protocol/iso_duration.h"

namespace sharelock::interop {
namespace {

using simdjson::dom::array;

/// The items of an array that must have exactly N of them.
template <std::size_t N>
std::array<Json, N> items_of(Json value, const char* message) {
  array items;
  if (value.get_array().get(items) != simdjson::SUCCESS || items.size() != N) throw BadInput{message};
  std::array<Json, N> found;
  std::size_t i = 0;
  for (const Json item : items) found[i++] = item;
  return found;
}

LogBatch span(Offset base, Offset last) {
  if (base < 0 || last < base || last - base >= std::numeric_limits<std::int32_t>::max())
    throw BadInput{"log batch: 0 <= base <= last"};
  return {.base = base, .last = last};
}

ControlType parse_control(std::string_view text) {
  if (text == "none") return ControlType::none;
  if (text == "abort") return ControlType::abort;
  if (text == "commit") return ControlType::commit;
  if (text == "empty") return ControlType::empty;
  throw BadInput{"ctrl is abort, commit or empty"};
}

/// The surviving offsets of a batch, ascending.
std::vector<Offset> parse_offsets(const JsonFields& fields, const LogBatch& batch) {
  std::vector<Offset> offsets;
  if (!fields.has("offsets")) return offsets;
  for (const Json item : fields.list("offsets")) {
    const Offset offset = to_number(item, "offset");
    if (offset < batch.base || offset > batch.last || (!offsets.empty() && offset <= offsets.back()))
      throw BadInput{"offsets: ascending and inside the batch"};
    offsets.push_back(offset);
  }
  return offsets;
}

/// The size of a batch of Kafka's format whose records have no key and a value of one byte.
std::int32_t natural_size(const LogBatch& batch, std::span<const Offset> offsets) {
  constexpr std::int32_t header = 61;
  constexpr std::int32_t marker = 17;
  if (batch.control == ControlType::abort || batch.control == ControlType::commit) return header + marker;
  std::int32_t size = header;
  for (const Offset offset : offsets) {
    constexpr std::int32_t record = 7;  // Without the difference to the base offset, a zigzag varint.
    size += record + 1;
    for (Offset rest = (offset - batch.base) * 2; rest >= 128; rest /= 128) ++size;
  }
  return size;
}

/// `[base, last]` or an object; sized: with a third item or a field more.
SizedLogBatch parse_log_batch(Json value, bool sized) {
  if (value.is_array()) {
    if (!sized || value.get_array().size() != 3) {
      const auto [base, last] = items_of<2>(value, "a log batch is [base,last] or an object");
      const LogBatch batch = span(to_number(base, "base"), to_number(last, "last"));
      return {batch, natural_size(batch, {})};
    }
    const auto [base, last, size] = items_of<3>(value, "a log batch is [base,last,size] or an object");
    const LogBatch batch = span(to_number(base, "base"), to_number(last, "last"));
    return {batch, std::max(to_integer(size, "size"), natural_size(batch, {}))};
  }
  constexpr std::array<std::string_view, 7> names{"b", "l", "pid", "txn", "ctrl", "offsets", "size"};
  const JsonFields fields{value};
  fields.allow(std::span{names}.first(sized ? 7 : 6));
  LogBatch batch = span(fields.number("b"), fields.number("l"));
  batch.producer_id = fields.number("pid", -1);
  batch.transactional = fields.flag("txn", false);
  batch.control = parse_control(fields.text("ctrl", "none"));
  if (batch.control != ControlType::none && (batch.base != batch.last || batch.producer_id < 0))
    throw BadInput{"a control batch has one offset and a producer id"};
  if (batch.transactional && batch.producer_id < 0) throw BadInput{"a transactional batch needs a producer id"};
  const std::vector<Offset> offsets = parse_offsets(fields, batch);
  // An emptied marker that is said to have records is written as a batch of data.
  if (!offsets.empty() && batch.control == ControlType::empty) batch.control = ControlType::none;
  // Every marker belongs to a transaction.
  if (batch.control != ControlType::none) batch.transactional = true;
  return {batch, std::max(sized ? fields.integer("size", 0) : 0, natural_size(batch, offsets))};
}

std::int8_t parse_state(Json value) {
  if (!value.is_string()) return static_cast<std::int8_t>(to_integer(value, "state"));
  constexpr std::array<std::string_view, 5> names{"AV", "AQ", "AK", "AG", "AR"};
  const auto found = std::ranges::find(names, std::string_view{value});
  if (found == names.end()) throw BadInput{"state: AV AQ AK AG AR or a number"};
  return static_cast<std::int8_t>(found - names.begin());
}

std::vector<PersistedBatch> parse_state_batches(array items) {
  std::vector<PersistedBatch> batches;
  batches.reserve(items.size());
  for (const Json item : items) {
    const auto [first, last, state, count] = items_of<4>(item, "a state batch is [first,last,state,count]");
    batches.push_back({to_number(first, "first"), to_number(last, "last"), parse_state(state),
                       static_cast<std::int16_t>(to_integer(count, "count"))});
  }
  return batches;
}

KafkaError parse_error(std::string_view name, KafkaLine line) {
  if (const auto error = error_named(line, name)) return *error;
  throw BadInput{fmt::format("unknown error name: {}", name)};
}

bool parse_malformed(const JsonFields& fields) {
  if (!fields.has("malformed")) return false;
  constexpr std::array<std::string_view, 5> ways{"null", "empty", "topic", "partition", "two"};
  if (std::ranges::find(ways, fields.text("malformed")) == ways.end())
    throw BadInput{"malformed: one of null, empty, topic, partition, two"};
  return true;
}

HandOverOutcome parse_outcome_object(const JsonFields& fields, KafkaLine line) {
  constexpr std::array<std::string_view, 8> names{"error",      "message", "exception", "malformed",
                                                  "newTopicId", "epoch",   "S",         "batches"};
  fields.allow(names);
  HandOverOutcome outcome;
  if (fields.has("error")) outcome.error = parse_error(fields.text("error"), line);
  fields.text("message", "");
  // An error name gives that error's exception (NONE has none), any other text an unspecific one.
  KafkaError thrown = KafkaError::none;
  if (fields.has("exception"))
    thrown = error_named(line, fields.text("exception")).value_or(KafkaError::unknown_server_error);
  const bool malformed = parse_malformed(fields);
  const bool new_topic_id = fields.flag("newTopicId", false);
  outcome.state_epoch = fields.integer("epoch", 0);
  outcome.start_offset = fields.number("S", 0);
  if (fields.has("batches")) outcome.batches = parse_state_batches(fields.list("batches"));
  if (thrown != KafkaError::none) {
    outcome.form = AnswerForm::threw;
    outcome.error = thrown;
  } else if (malformed) {
    outcome.form = AnswerForm::malformed;
  } else if (new_topic_id) {
    outcome.form = AnswerForm::equal_topic_id;
  }
  return outcome;
}

void parse_types(Json value, std::vector<AcknowledgeType>& types) {
  const auto add = [&](std::int32_t id) {
    types.push_back(static_cast<AcknowledgeType>(static_cast<std::int8_t>(id)));
  };
  if (value.is_string()) {
    for (const char letter : std::string_view{value}) {
      constexpr std::string_view letters = "GARJW";
      const auto id = letters.find(letter);
      if (id == std::string_view::npos) throw BadInput{"type letters: G A R J W"};
      add(static_cast<std::int32_t>(id));
    }
  } else if (value.is_array()) {
    for (const Json id : value.get_array()) add(to_integer(id, "type"));
  } else {
    add(to_integer(value, "type"));
  }
}

}  // namespace

std::vector<LogBatch> parse_log(array items) {
  std::vector<LogBatch> log;
  log.reserve(items.size());
  for (const Json item : items) log.push_back(parse_log_batch(item, false).batch);
  return log;
}

SizedLogBatch parse_sized_log_batch(Json value) {
  constexpr std::int32_t size_max = 1 << 24;
  const SizedLogBatch parsed = parse_log_batch(value, true);
  if (parsed.bytes > size_max) throw BadInput{"size: 0 to 16 MiB"};
  return parsed;
}

std::vector<AbortedTransaction> parse_aborted(array items) {
  std::vector<AbortedTransaction> aborted;
  aborted.reserve(items.size());
  for (const Json item : items) {
    // More than two items are not refused, only not looked at.
    std::array<std::optional<Json>, 2> pair;
    if (array values; item.get_array().get(values) == simdjson::SUCCESS) {
      std::size_t i = 0;
      for (const Json value : values)
        if (i < pair.size()) pair[i++] = value;
    }
    aborted.push_back({to_number(pair[0], "first"), to_number(pair[1], "pid")});
  }
  return aborted;
}

void parse_acknowledgements(array items, op::Acknowledge& into) {
  for (const Json item : items) {
    const auto [first, last, types] = items_of<3>(item, "a batch is [first,last,types]");
    op::Acknowledge::Batch batch{to_number(first, "first"), to_number(last, "last"),
                                 static_cast<std::uint32_t>(into.types.size()), 0};
    parse_types(types, into.types);
    batch.type_count = static_cast<std::uint32_t>(into.types.size()) - batch.first_type;
    into.batches.push_back(batch);
  }
}

HandOverOutcome parse_outcome(const std::optional<Json>& value, KafkaLine line) {
  if (!value || value->is_null()) return {};
  if (value->is_string()) {
    const std::string_view text{*value};
    return {.error = text == "ok" ? KafkaError::none : parse_error(text, line), .batches = {}};
  }
  return parse_outcome_object(JsonFields{*value}, line);
}

OffsetLookup parse_lookup(Json value, KafkaLine line) {
  if (value.is_null()) return NoSuchOffset{};
  if (!value.is_string()) return to_number(value, "offset");
  // Kafka has no exception for NONE; throwing it fails in an unspecific way.
  const KafkaError error = parse_error(std::string_view{value}, line);
  return error == KafkaError::none ? KafkaError::unknown_server_error : error;
}

AutoOffsetReset parse_offset_reset(std::string_view text) {
  constexpr std::string_view by_duration = "by_duration:";
  if (text == "latest") return AutoOffsetReset::latest;
  if (text == "earliest") return AutoOffsetReset::earliest;
  if (text.starts_with(by_duration) && is_iso_duration(text.substr(by_duration.size())))
    return AutoOffsetReset::by_duration;
  throw BadInput{"autoOffsetReset: latest, earliest or by_duration:<ISO-8601 duration>"};
}

}  // namespace sharelock::interop
