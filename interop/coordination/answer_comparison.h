// Where two answers of the coordination oracle differ, as far as they are compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sharelock::interop {

/// The first place at which an answer is not as expected.
struct CoordinationDifference {
  std::string path;      ///< As `/states/0/startOffset`; empty for the whole answer.
  std::string expected;  ///< JSON text; `(absent)` if there is nothing.
  std::string actual;    ///< The same.
};

/// How lists of batches are compared: up to 4.3 the class sometimes leaves equal neighbours unmerged (BC-6).
enum class BatchLists : bool { exactly, merged };

/// Compares structurally; the texts of exceptions are not compared.
/// @throws nlohmann::json::parse_error  if one of them is no JSON.
std::optional<CoordinationDifference> compare_answers(std::string_view expected, std::string_view actual,
                                                      BatchLists batch_lists);

}  // namespace sharelock::interop
