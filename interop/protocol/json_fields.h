// Typed access to the fields of one JSON object. Everything that is not as the protocol says is a BadInput.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sharelock::interop {

/// The line cannot be executed; nothing happened. Becomes the answer of the class BadInput.
class BadInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Json = simdjson::dom::element;

std::int64_t to_number(const std::optional<Json>& value, std::string_view what);
std::int32_t to_integer(const std::optional<Json>& value, std::string_view what);

/// A field that is `null` counts as absent, except for mentions().
class JsonFields {
 public:
  /// @throws BadInput  if it is no object.
  explicit JsonFields(Json value);

  /// @throws BadInput  if there is a field with another name.
  void allow(std::span<const std::string_view> names) const;

  bool has(std::string_view name) const;
  bool mentions(std::string_view name) const { return raw(name).has_value(); }
  /// The last field of that name, null included.
  std::optional<Json> raw(std::string_view name) const;

  std::string_view text(std::string_view name) const;
  std::string_view text(std::string_view name, std::string_view fallback) const;
  std::int64_t number(std::string_view name) const { return to_number(raw(name), name); }
  std::int64_t number(std::string_view name, std::int64_t fallback) const;
  std::int32_t integer(std::string_view name, std::int32_t fallback) const;
  bool flag(std::string_view name, bool fallback) const;
  simdjson::dom::array list(std::string_view name) const;

  std::optional<std::int32_t> integer_if_there(std::string_view name) const;
  std::optional<bool> flag_if_there(std::string_view name) const;

 private:
  simdjson::dom::object object_;
};

}  // namespace sharelock::interop
