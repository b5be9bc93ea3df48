#include "interop/protocol/request.h"

namespace sharelock::interop {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Request::Operation> - 1> names{
    "reset",       "config",  "state",       "init",         "completeRead", "lock",    "unlock", "nextFetchOffset",
    "canAcquire",  "acquire", "acknowledge", "release",      "lso",          "advance", "fire",   "completeWrite",
    "completeDlq", "drain",   "fence",       "setFetchMeta", "getFetchMeta"};

}  // namespace

std::string_view name_of(const Request::Operation& operation) {
  return names.at(operation.index());
}

std::span<const std::string_view> all_operation_names() {
  return names;
}

}  // namespace sharelock::interop
