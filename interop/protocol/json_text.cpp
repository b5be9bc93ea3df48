#include "interop/protocol/json_text.h"

namespace sharelock::interop {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hexadecimal[byte >> 4];
      out += hexadecimal[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

void append_hash(std::string& out, std::uint64_t hash) {
  for (int shift = 60; shift >= 0; shift -= 4) out += hexadecimal[hash >> shift & 15];
}

}  // namespace sharelock::interop
