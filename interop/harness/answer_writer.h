// Answers as the lines of the oracle's protocol.
#pragma once

#include <string>

#include "interop/harness/scripted_partition.h"
#include "interop/protocol/name_table.h"

namespace sharelock::interop {

/// Writes answers byte for byte as the oracle does, but for the wording of errors: Kafka's class names and messages are
/// not the model's, so `"error"` holds `name`, `code` and `abort`, as in the golden traces.
class AnswerWriter {
 public:
  explicit AnswerWriter(const NameTable& names) : names_{names} {}

  /// Appends the answer of `scripted` to `request`, which it has just executed, without a line end.
  void append(std::string& out, const Request& request, const Answer& answer, ScriptedPartition& scripted);

 private:
  void append_shown(std::string& out, DumpMode mode, ScriptedPartition& scripted);

  const NameTable& names_;
  std::string state_;
};

}  // namespace sharelock::interop
