#include "interop/oracle/error_wording.h"

namespace sharelock::interop {
namespace {

/// Behind the JSON value (a string or null) that begins at `at`.
std::size_t behind_value(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') return at + std::string_view{"null"}.size();
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

}  // namespace

// A quotation mark inside a string is escaped, so that these patterns occur nowhere but in errors.
std::string_view without_wording(std::string_view answer, std::string& space) {
  constexpr std::string_view error = "\"error\":{";
  constexpr std::string_view class_key = "\"class\":";
  constexpr std::string_view message_key = ",\"message\":";
  std::size_t found = answer.find(error);
  if (found == std::string_view::npos) return answer;
  space.clear();
  std::size_t kept = 0;
  for (; found != std::string_view::npos; found = answer.find(error, kept)) {
    const std::size_t begin = found + error.size();
    space += answer.substr(kept, begin - kept);
    kept = begin;
    if (!answer.substr(begin).starts_with(class_key)) continue;
    const std::size_t class_end = behind_value(answer, begin + class_key.size());
    if (answer.substr(begin + class_key.size(), class_end - begin - class_key.size()) == "\"BadInput\"") continue;
    const std::size_t message = answer.find(message_key, class_end);
    if (message == std::string_view::npos) continue;
    space += answer.substr(class_end + 1, message - class_end - 1);
    kept = std::min(behind_value(answer, message + message_key.size()), answer.size());
  }
  space += answer.substr(kept);
  return space;
}

}  // namespace sharelock::interop
