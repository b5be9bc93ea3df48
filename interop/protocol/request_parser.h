// Reads one line of the protocol. What the oracle refuses is refused here, in the same lines of Kafka.
#pragma once

#include <simdjson.h>

#include <string_view>

#include "interop/protocol/kafka_line.h"
#include "interop/protocol/name_table.h"
#include "interop/protocol/request.h"

namespace sharelock::interop {

class RequestParser {
 public:
  /// @param names  Where members and fetches get their numbers; must outlive the parser.
  RequestParser(KafkaLine line, NameTable& names) : line_{line}, names_{names} {}

  KafkaLine line() const { return line_; }
  void set_line(KafkaLine line) { line_ = line; }

  /// Never throws for what is in `text`: a refusal is a request too, op::Refused.
  /// @param text  One JSON object.
  Request parse(std::string_view text);

 private:
  KafkaLine line_;
  NameTable& names_;
  simdjson::dom::parser json_;
};

}  // namespace sharelock::interop
