#include "interop/trace/trace_file.h"

#include "base/input_error.h"

namespace sharelock::interop {
namespace {

/// Walks through a JSON text. Brackets and strings are understood, everything else is passed over.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_{text} {}

  std::size_t position() const { return at_; }
  bool at_end() const { return at_ >= text_.size(); }

  void skip_blanks() {
    while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  /// The text between the quotes, as it stands there; false if there is no complete string.
  bool take_string(std::string_view& content) {
    if (!take('"')) return false;
    const std::size_t begin = at_;
    if (!skip_string()) return false;
    content = text_.substr(begin, at_ - 1 - begin);
    return true;
  }
  /// Any value; false if it does not end.
  bool take_value(std::string_view& value) {
    skip_blanks();
    const std::size_t begin = at_;
    int depth = 0;
    for (; !at_end(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        if (!skip_string()) return false;
        --at_;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (depth == 0) break;
        --depth;
      } else if (c == ',' && depth == 0) {
        break;
      }
    }
    value = text_.substr(begin, at_ - begin);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    return depth == 0 && !value.empty();
  }

 private:
  /// From behind the opening quote to behind the closing one.
  bool skip_string() {
    for (; !at_end(); ++at_) {
      if (text_[at_] == '\\')
        ++at_;
      else if (text_[at_] == '"')
        return ++at_, true;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

SplitResult split_trace_line(std::string_view line) {
  Scanner scanner{line};
  SplitResult result;
  const auto fail = [&](std::string_view error) {
    result.error = error;
    result.column = scanner.position() + 1;
    return result;
  };
  if (!scanner.take('{')) return fail("a JSON object is expected");
  if (!scanner.take('}')) {
    do {
      std::string_view key;
      std::string_view value;
      if (!scanner.take_string(key)) return fail("a field name between quotes is expected");
      if (!scanner.take(':')) return fail("a ':' is expected");
      if (!scanner.take_value(value)) return fail("the value is not complete");
      if (key == "in") result.parts.request = value;
      if (key == "out") result.parts.answer = value;
    } while (scanner.take(','));
    if (!scanner.take('}')) return fail("a ',' or '}' is expected");
  }
  scanner.skip_blanks();
  if (!scanner.at_end()) return fail("there is something after the object");
  return result;
}

bool TraceFile::next(TraceEntry& entry) {
  for (std::string_view line; lines_.next(line);) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    const auto refuse = [&](std::string_view message, std::size_t column) {
      constexpr std::size_t shown = 160;
      throw InputError{{name(), lines_.line_number(), static_cast<std::uint32_t>(column <= shown ? column : 0)},
                       std::string{message},
                       "a trace has one {\"in\":request,\"out\":answer} per line",
                       std::string{line.substr(0, shown)}};
    };
    const SplitResult split = split_trace_line(line);
    if (!split.error.empty()) refuse(split.error, split.column);
    const SplitLine& parts = split.parts;
    if (parts.request.empty() && parts.answer.empty()) continue;
    if (parts.request.empty()) refuse("an answer without a request", 0);
    if (parts.answer.empty()) refuse("a request without an answer", 0);
    entry = {lines_.line_number(), parts.request, parts.answer};
    return true;
  }
  return false;
}

}  // namespace sharelock::interop
