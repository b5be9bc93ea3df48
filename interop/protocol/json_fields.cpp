#include "interop/protocol/json_fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace sharelock::interop {

std::int64_t to_number(const std::optional<Json>& value, std::string_view what) {
  if (!value || !value->is_int64()) throw BadInput{fmt::format("integer required: {}", what)};
  return std::int64_t{*value};
}

std::int32_t to_integer(const std::optional<Json>& value, std::string_view what) {
  const std::int64_t number = to_number(value, what);
  if (number != static_cast<std::int32_t>(number)) throw BadInput{fmt::format("32-bit integer required: {}", what)};
  return static_cast<std::int32_t>(number);
}

JsonFields::JsonFields(Json value) {
  if (value.get_object().get(object_) != simdjson::SUCCESS) throw BadInput{"a JSON object is required"};
}

void JsonFields::allow(std::span<const std::string_view> names) const {
  for (const auto field : object_)
    if (std::ranges::find(names, field.key) == names.end()) throw BadInput{fmt::format("unknown field: {}", field.key)};
}

bool JsonFields::has(std::string_view name) const {
  const auto value = raw(name);
  return value && !value->is_null();
}

std::optional<Json> JsonFields::raw(std::string_view name) const {
  std::optional<Json> found;
  for (const auto field : object_)
    if (field.key == name) found = field.value;
  return found;
}

std::string_view JsonFields::text(std::string_view name) const {
  const auto value = raw(name);
  if (!value || !value->is_string()) throw BadInput{fmt::format("string required: {}", name)};
  return std::string_view{*value};
}

std::string_view JsonFields::text(std::string_view name, std::string_view fallback) const {
  return has(name) ? text(name) : fallback;
}

std::int64_t JsonFields::number(std::string_view name, std::int64_t fallback) const {
  return has(name) ? number(name) : fallback;
}

std::int32_t JsonFields::integer(std::string_view name, std::int32_t fallback) const {
  return integer_if_there(name).value_or(fallback);
}

bool JsonFields::flag(std::string_view name, bool fallback) const {
  return flag_if_there(name).value_or(fallback);
}

simdjson::dom::array JsonFields::list(std::string_view name) const {
  const auto value = raw(name);
  if (!value || !value->is_array()) throw BadInput{fmt::format("array required: {}", name)};
  return value->get_array();
}

std::optional<std::int32_t> JsonFields::integer_if_there(std::string_view name) const {
  const auto value = raw(name);
  if (!value || value->is_null()) return std::nullopt;
  return to_integer(value, name);
}

std::optional<bool> JsonFields::flag_if_there(std::string_view name) const {
  const auto value = raw(name);
  if (!value || value->is_null()) return std::nullopt;
  if (!value->is_bool()) throw BadInput{fmt::format("true or false required: {}", name)};
  return bool{*value};
}

}  // namespace sharelock::interop
