#include "scenarios/schema.h"

#include <map>

#include "model/profile/profile.h"
#include "scenarios/draft.h"
#include "sim/fault.h"

namespace sharelock {
namespace {

/// JSON text, put together from the inside out.
std::string quoted(std::string_view text) {
  std::string json{'"'};
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  json += '"';
  return json;
}

std::string text_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string one_of(std::span<const std::string_view> words) {
  std::vector<std::string> parts;
  for (const std::string_view word : words) parts.push_back(quoted(word));
  return text_of({R"("enum": [)", joined(parts), "]"});
}

constexpr std::string_view duration = R"("type": "string", "pattern": "^ *[0-9]+ *(ms|s|min|h) *$")";
constexpr std::string_view durations =
    R"("type": "string", "pattern": "^ *[0-9]+ *(ms|s|min|h) *(\\.\\. *[0-9]+ *(ms|s|min|h) *)?$")";
constexpr std::string_view ratio = R"("type": "string", "pattern": "^[0-9]+/[0-9]+$")";
constexpr std::string_view names = R"("oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}])";

/// What YAML reads as a number or a truth value reaches the reader as its text: both are accepted.
std::string body_of(const Form& form) {
  switch (form.kind) {
    case Form::Kind::text:
      return R"("type": ["string", "number"])";
    case Form::Kind::integer: {
      // 'bounds: off' allows less than Kafka does, so the schema cannot insist on a lower bound above 1.
      std::string json{R"("type": "integer", "minimum": )"};
      json += std::to_string(std::min<std::int64_t>(form.min, 1));
      if (form.max != unbounded) json += text_of({R"(, "maximum": )", std::to_string(form.max)});
      return json;
    }
    case Form::Kind::duration:
      return std::string{duration};
    case Form::Kind::durations:
      return std::string{durations};
    case Form::Kind::choice:
      return one_of(form.choices);
    case Form::Kind::boolean:
      return R"("type": "boolean")";
    case Form::Kind::other:
      break;
  }
  return {};
}

/// The bodies of keys whose reader is a table or a rule of its own.
using Bodies = std::map<std::string, std::string, std::less<>>;

std::string object_of(const std::vector<KeyForm>& keys, const Bodies& others = {}) {
  std::vector<std::string> properties;
  for (const KeyForm& key : keys) {
    const auto other = others.find(key.key);
    const std::string body = other != others.end() ? other->second : body_of(key.form);
    std::string property =
        text_of({quoted(key.key), R"(: {"description": )", quoted(key.sentence), body.empty() ? "" : ", ", body, "}"});
    properties.push_back(std::move(property));
  }
  return text_of({R"("type": "object", "additionalProperties": false, "properties": {)", joined(properties), "}"});
}

std::string braced(std::string_view body) {
  return text_of({"{", body, "}"});
}

std::string map_of(std::string_view body) {
  return text_of({R"("type": "object", "additionalProperties": )", braced(body)});
}

std::string either(const std::vector<std::string>& bodies) {
  std::vector<std::string> parts;
  for (const std::string& body : bodies) parts.push_back(braced(body));
  return text_of({R"("oneOf": [)", joined(parts), "]"});
}

std::string weather_body() {
  static constexpr std::array<std::string_view, 2> kinds{"calm", "drawn"};
  std::vector<std::string> properties{text_of({R"("until": )", braced(duration)})};
  for (const Fault* fault : all_faults()) properties.push_back(text_of({quoted(fault->name), ": ", braced(ratio)}));
  const std::string listed =
      text_of({R"("type": "object", "additionalProperties": false, "properties": )", braced(joined(properties))});
  return either({one_of(kinds), listed});
}

std::string acknowledge_body() {
  static constexpr std::array<std::string_view, 4> words{"accept", "release", "reject", "forget"};
  const std::string weights =
      text_of({R"("type": "object", "additionalProperties": {"type": "integer", "minimum": 0}, "propertyNames": )",
               braced(one_of(words))});
  return either({one_of(words), weights});
}

std::string one_or_more(std::string_view body) {
  return either({std::string{body}, text_of({R"("type": "array", "minItems": 1, "items": )", braced(body)})});
}

std::string check_body() {
  static constexpr std::array<std::string_view, 4> types{"accept", "release", "reject", "renew"};
  std::vector<std::string> kinds;
  for (const std::string_view kind : all_fault_kind_names())
    kinds.push_back(text_of({quoted(kind), R"(: {"type": "integer", "minimum": 0})"}));
  return object_of(check_keys(),
                   {{"batch", one_or_more(R"("type": "integer", "minimum": 1)")},
                    {"acknowledge", one_or_more(one_of(types))},
                    {"store errors", one_or_more(R"("type": "string")")},
                    {"fault kinds", text_of({R"("type": "object", "additionalProperties": false, "properties": )",
                                             braced(joined(kinds))})}});
}

}  // namespace

std::string scenario_schema() {
  const std::string group = object_of(group_keys());
  const std::string member = object_of(member_keys(), {{"acknowledge", acknowledge_body()}});
  const std::string list_of_names = R"("type": "array", "minItems": 1, "items": {"type": "string"})";
  const std::string plot =
      object_of(plot_keys(), {{"produce", object_of(production_keys())}, {"compact", object_of(range_keys())}});
  const std::string expect = object_of(
      expectation_keys(),
      {{"violated", std::string{names}},
       {"sometimes", std::string{names}},
       {"on",
        R"("oneOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": ["string", "number"]}}])"}});
  const std::string root =
      object_of(scenario_keys(), {{"broker", object_of(broker_keys())},
                                  {"group", group},
                                  {"groups", map_of(group)},
                                  {"members", either({list_of_names, map_of(either({R"("type": "null")", member}))})},
                                  {"plot", text_of({R"("type": "array", "items": )", braced(plot)})},
                                  {"weather", weather_body()},
                                  {"expect", expect},
                                  {"check", check_body()}});
  return text_of({R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Sharelock scenario", )",
                  root, R"(, "required": ["scenario", "members"]})", "\n"});
}

}  // namespace sharelock
