// Operations and answers in the notation of the specification (0.2), for people.
#pragma once

#include <string>
#include <vector>

#include "interop/compare/run_pair.h"
#include "interop/protocol/name_table.h"
#include "interop/protocol/request.h"

namespace sharelock::interop {

/// `ACQ(m1, BO, B=500, M=500, F=0, log=[0-9])`.
std::string notation(const Request& request, const NameTable& names);

/// One operation after the other with the state line that follows it; at the last one, those of both sides and where
/// they differ.
/// @param answers    Of the operations shown with `text`, see with_states().
/// @param reference  What the model is compared with, such as `Kafka 4.4.0`.
std::string tell(std::span<const Request> operations, const PairAnswers& answers, const NameTable& names,
                 std::string_view reference);

/// The same operations as a trace of that name, answered with the complete state and its line.
std::vector<Request> with_states(std::span<const Request> operations, std::string_view trace);

/// The lines of a trace file: what was asked, and what the reference answered.
std::string as_trace(std::span<const Request> operations, const PairAnswers& answers, const NameTable& names);

}  // namespace sharelock::interop
