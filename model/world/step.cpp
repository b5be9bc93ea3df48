#include "model/world/step.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace sharelock {
namespace {

using namespace std::string_view_literals;

constexpr std::array<StepForm, step_kind_count> forms{{
    {.kind = StepKind::fetch, .name = "fetch", .member = true},
    {.kind = StepKind::acknowledge, .name = "acknowledge", .member = true, .range = true, .type = true},
    {.kind = StepKind::commit, .name = "commit", .member = true},
    {.kind = StepKind::close, .name = "close", .member = true},
    {.kind = StepKind::crash, .name = "crash", .member = true},
    {.kind = StepKind::disconnect, .name = "disconnect", .member = true},
    {.kind = StepKind::restart, .name = "restart", .member = true},
    {.kind = StepKind::member_learns, .name = "member-learns", .member = true},
    {.kind = StepKind::request_arrives, .name = "request-arrives", .member = true, .connection = true},
    {.kind = StepKind::response_arrives, .name = "response-arrives", .member = true},
    {.kind = StepKind::disconnect_noticed, .name = "disconnect-noticed", .member = true, .connection = true},
    {.kind = StepKind::check_fetch, .name = "check-fetch", .member = true, .connection = true},
    {.kind = StepKind::fetch_expires, .name = "fetch-expires", .member = true, .connection = true},
    {.kind = StepKind::lock_fires, .name = "lock-fires", .group = true, .member = true, .range = true},
    {.kind = StepKind::lock_handled, .name = "lock-handled", .group = true, .member = true, .range = true},
    {.kind = StepKind::leader_moves, .name = "leader-moves"},
    {.kind = StepKind::broker_learns, .name = "broker-learns", .broker = true},
    {.kind = StepKind::configure, .name = "configure", .group = true},
    {.kind = StepKind::store_applies,
     .name = "store-applies",
     .group = true,
     .member = true,
     .range = true,
     .cause = true},
    {.kind = StepKind::store_applies_alike,
     .name = "store-applies-alike",
     .group = true,
     .member = true,
     .range = true,
     .cause = true},
    {.kind = StepKind::store_answers,
     .name = "store-answers",
     .group = true,
     .member = true,
     .range = true,
     .cause = true,
     .error = true},
    {.kind = StepKind::store_copied,
     .name = "store-copied",
     .group = true,
     .member = true,
     .range = true,
     .cause = true},
    {.kind = StepKind::store_repeats,
     .name = "store-repeats",
     .group = true,
     .member = true,
     .range = true,
     .cause = true},
    {.kind = StepKind::store_reloads, .name = "store-reloads", .group = true, .administration = true},
    {.kind = StepKind::dead_letter_answers, .name = "dead-letter-answers", .group = true, .range = true},
    {.kind = StepKind::append, .name = "append", .range = true},
    {.kind = StepKind::append_transactional,
     .name = "append-transactional",
     .member = true,
     .range = true,
     .producer = true},
    {.kind = StepKind::commit_transaction, .name = "commit-transaction", .member = true, .producer = true},
    {.kind = StepKind::abort_transaction, .name = "abort-transaction", .member = true, .producer = true},
    {.kind = StepKind::compact, .name = "compact", .range = true},
    {.kind = StepKind::log_start_moves, .name = "log-start-moves", .range = true},
    {.kind = StepKind::replication_stops, .name = "replication-stops"},
    {.kind = StepKind::replication_resumes, .name = "replication-resumes"},
    {.kind = StepKind::log_read_ends, .name = "log-read-ends", .member = true, .connection = true},
    {.kind = StepKind::heartbeat, .name = "heartbeat", .member = true, .administration = true},
    {.kind = StepKind::leave, .name = "leave", .member = true, .administration = true},
    {.kind = StepKind::member_expires, .name = "member-expires", .member = true, .administration = true},
    {.kind = StepKind::group_coordinator_moves, .name = "group-coordinator-moves", .administration = true},
    {.kind = StepKind::initialise_overdue, .name = "initialise-overdue", .group = true, .administration = true},
    {.kind = StepKind::alter_offsets, .name = "alter-offsets", .group = true, .range = true, .administration = true},
    {.kind = StepKind::partition_created, .name = "partition-created", .administration = true},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < forms.size(); ++i)
    if (static_cast<std::size_t>(forms[i].kind) != i) return false;
  return true;
}
static_assert(in_order(), "the forms follow the enumeration");

constexpr std::array<std::string_view, store_cause_count> causes{
    "load", "acknowledgement", "session-end", "lock-expiry", "dead-letter", "archive", "start", "initialise"};
constexpr std::array roles{"none"sv, "leader"sv, "other"sv};
constexpr std::array types{"gap"sv, "accept"sv, "release"sv, "reject"sv, "renew"sv};

template <class Integer>
bool read_integer(std::string_view text, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_range(std::string_view text, Step& step) {
  const std::size_t dash = text.find('-', 1);  // A first offset may be negative.
  return dash != std::string_view::npos && read_integer(text.substr(0, dash), step.first) &&
         read_integer(text.substr(dash + 1), step.last);
}

/// One `key=value` of a step; false if the kind has no such field or the value is none.
bool read_field(std::string_view key, std::string_view value, const StepForm& form, Step& step) {
  if (key == "broker" && form.broker) {
    const auto found = std::ranges::find(roles, value);
    step.broker = static_cast<BrokerRole>(found - roles.begin());
    return found != roles.end() && step.broker != BrokerRole::none;
  }
  if (key == "nth" && form.counts()) return read_integer(value, step.nth);
  if (key == "group" && form.group) {
    std::uint32_t index = 0;
    const bool read = read_integer(value, index);
    step.group = GroupId{index};
    return read;
  }
  if (key == "member" && form.member) {
    std::uint32_t id = 0;
    const bool read = read_integer(value, id);
    step.member = MemberId{id};
    return read;
  }
  if (key == "range" && form.range) return read_range(value, step);
  if (key == "cause" && form.cause) {
    const auto found = std::ranges::find(causes, value);
    step.cause = static_cast<StoreCause>(found - causes.begin());
    return found != causes.end();
  }
  if (key == "type" && form.type) {
    const std::optional<AcknowledgeType> type = acknowledge_type_named(value);
    step.type = type.value_or(AcknowledgeType::gap);
    return type.has_value();
  }
  if (key == "error" && form.error) {
    const std::optional<KafkaError> error = kafka_error_of(value);
    step.error = error.value_or(KafkaError::none);
    return error.has_value();
  }
  return false;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

}  // namespace

const StepForm& form_of(StepKind kind) {
  return forms[static_cast<std::size_t>(kind)];
}

std::string_view name_of(StoreCause cause) {
  return causes[static_cast<std::size_t>(cause)];
}

std::string_view name_of(AcknowledgeType type) {
  return types[static_cast<std::size_t>(type)];
}

std::optional<AcknowledgeType> acknowledge_type_named(std::string_view name) {
  const auto found = std::ranges::find(types, name);
  if (found == types.end()) return std::nullopt;
  return static_cast<AcknowledgeType>(found - types.begin());
}

std::string to_text(const Step& step) {
  const StepForm& form = form_of(step.kind);
  std::string text{form.name};
  if (form.broker) text += " broker=" + std::string{roles[static_cast<std::size_t>(step.broker)]};
  if (form.group) text += " group=" + std::to_string(step.group.value());
  if (form.member) text += " member=" + std::to_string(step.member.value());
  if (form.cause) text += " cause=" + std::string{name_of(step.cause)};
  if (form.range) text += " range=" + std::to_string(step.first) + "-" + std::to_string(step.last);
  if (form.type) text += " type=" + std::string{name_of(step.type)};
  if (form.counts() && step.nth > 0) text += " nth=" + std::to_string(step.nth);
  if (form.error && step.error != KafkaError::none) text += " error=" + std::string{name_of(step.error)};
  return text;
}

std::optional<Step> step_of(std::string_view text) {
  const std::string_view name = next_word(text);
  const auto form = std::ranges::find(forms, name, &StepForm::name);
  if (form == forms.end()) return std::nullopt;
  Step step{.kind = form->kind};
  while (!text.empty()) {
    const std::string_view word = next_word(text);
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    if (!read_field(word.substr(0, equals), word.substr(equals + 1), *form, step)) return std::nullopt;
  }
  return step;
}

}  // namespace sharelock
