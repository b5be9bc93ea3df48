// Files of recorded operations: one `{"in":request,"out":answer}` per line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/line_source.h"

namespace sharelock::interop {

/// One recorded operation: the texts of two JSON values, valid until the next line is read.
struct TraceEntry {
  std::uint32_t line = 0;  ///< In the file, from 1.
  std::string_view request;
  std::string_view answer;
};

/// Reads such a file from beginning to end. Lines without `in` and `out` (the notes of worked examples) are passed
/// over.
class TraceFile {
 public:
  /// @param lines  Of the whole file; it outlives this.
  explicit TraceFile(LineSource& lines) : lines_{lines} {}

  /// False at the end. @throws InputError  with file and line, for what is no such line.
  bool next(TraceEntry& entry);

  const std::string& name() const { return lines_.name(); }

 private:
  LineSource& lines_;
};

/// The members of interest of a line: what is not there is empty.
struct SplitLine {
  std::string_view request;
  std::string_view answer;
};

/// Takes a JSON object apart without looking into its values. Empty `error` if it could; the values are not validated.
struct SplitResult {
  SplitLine parts;
  std::string_view error;
  std::size_t column = 0;  ///< Of the error, from 1.
};
SplitResult split_trace_line(std::string_view line);

}  // namespace sharelock::interop
