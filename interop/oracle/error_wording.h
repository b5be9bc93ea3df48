// Kafka's class names and messages are not compared: they are taken out of answers before bytes are.
#pragma once

#include <string>
#include <string_view>

namespace sharelock::interop {

/// The answer of the oracle without the wording of its errors, as AnswerWriter writes it. BadInput is left as it is.
/// @param space  Where the shortened answer is kept if there was something to take out.
std::string_view without_wording(std::string_view answer, std::string& space);

}  // namespace sharelock::interop
