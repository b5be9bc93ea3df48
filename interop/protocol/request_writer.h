// Requests as the lines of the oracle's protocol: what RequestParser reads.
#pragma once

#include <string>

#include "interop/protocol/name_table.h"
#include "interop/protocol/request.h"

namespace sharelock::interop {

/// Appends the request as one JSON object, without a line end. What has its default value is left out.
/// Precondition: it is no op::Refused.
void append_request(std::string& out, const Request& request, const NameTable& names);

/// The letters or numbers of acknowledge types, as `"AAR"`, `4` or `[1,9]`.
void append_types(std::string& out, std::span<const AcknowledgeType> types);

}  // namespace sharelock::interop
