// What is wrong with something that a person wrote: where, what, and what to write instead.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sharelock {

/// A place in a file that the user wrote. Lines and columns count from 1, as editors do; 0 means unknown.
struct SourcePosition {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// The user's input is wrong. Thrown where it is noticed, caught once, in main(), which exits with 64.
class InputError : public std::runtime_error {
 public:
  /// @param source_line  The text of the line, shown above the caret; empty if there is none to show.
  /// @param hint         What to write instead; empty if we cannot tell.
  InputError(SourcePosition at, const std::string& message, std::string hint = {}, std::string source_line = {})
      : std::runtime_error{message}, at{std::move(at)}, hint{std::move(hint)}, source_line{std::move(source_line)} {}

  SourcePosition at;
  std::string hint;
  std::string source_line;
};

/// The error as compilers print theirs: position, message, the line, a caret, the hint. Ends with a newline.
std::string describe(const InputError& error);

/// "did you mean 'X'?" for the choice nearest to `word` in edit distance, or "one of: ..." when none is near.
std::string suggest(std::string_view word, std::span<const std::string_view> choices);

}  // namespace sharelock
