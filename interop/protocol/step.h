// A request of an oracle's protocol, decoded.
#pragma once

#include <functional>
#include <string>

namespace sharelock::interop {

/// Carries the request out, in the world that decoded it, and appends the answer as the oracle writes it. Null: nothing
/// is told, and only the model works.
using Step = std::function<void(std::string* answer)>;

/// What a request becomes that the protocol does not know: it does nothing, and its answer is empty.
inline void nobodys_request(std::string*) {}

}  // namespace sharelock::interop
