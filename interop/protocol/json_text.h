// Appends canonical JSON to a string: no white space, nothing escaped that need not be.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace sharelock::interop {

inline void append_number(std::string& out, std::int64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

/// Between quotes; only `"`, `\` and control characters are escaped.
void append_string(std::string& out, std::string_view text);

inline void append_bool(std::string& out, bool value) {
  out += value ? "true" : "false";
}

/// `key` is what stands before the number, such as `,"S":`.
inline void append_field(std::string& out, std::string_view key, std::int64_t number) {
  out += key;
  append_number(out, number);
}

/// FNV-1a, 64 bits: the digest of a state.
std::uint64_t fnv1a(std::string_view bytes);

/// As 16 hexadecimal digits.
void append_hash(std::string& out, std::uint64_t hash);

}  // namespace sharelock::interop
