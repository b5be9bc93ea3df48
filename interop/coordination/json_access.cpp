#include "interop/coordination/json_access.h"

#include <fmt/format.h>

#include <iterator>

namespace sharelock::interop {

std::optional<JsonElement> field(JsonElement object, std::string_view name) {
  JsonElement value;
  if (object[name].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

std::int64_t number(JsonElement object, std::string_view name) {
  return object[name].get_int64();
}

std::int64_t number(JsonElement object, std::string_view name, std::int64_t fallback) {
  const auto value = field(object, name);
  return value ? std::int64_t{value->get_int64()} : fallback;
}

std::int32_t integer(JsonElement object, std::string_view name, std::int32_t fallback) {
  return static_cast<std::int32_t>(number(object, name, fallback));
}

std::string_view text(JsonElement object, std::string_view name) {
  return object[name].get_string();
}

StateBatches batches(JsonElement object, std::string_view name) {
  StateBatches result;
  const auto list = field(object, name);
  if (!list) return result;
  for (const JsonElement batch : list->get_array())
    result.push_back({batch.at(0).get_int64(), batch.at(1).get_int64(),
                      static_cast<RecordState>(std::int64_t{batch.at(2).get_int64()}),
                      static_cast<std::int32_t>(std::int64_t{batch.at(3).get_int64()})});
  return result;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  out += '"';
}

void append_batches(std::string& out, const StateBatches& batches) {
  out += '[';
  for (const StateBatch& batch : batches)
    fmt::format_to(std::back_inserter(out), "{}[{},{},{},{}]", &batch == &batches.front() ? "" : ",", batch.first,
                   batch.last, static_cast<int>(batch.state), batch.delivery_count);
  out += ']';
}

}  // namespace sharelock::interop
