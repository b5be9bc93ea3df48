// Where two answers of the coordination oracle differ, as far as they are compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/profile/profile.h"

namespace sharelock::interop {

/// The first place at which an answer is not as expected.
struct CoordinationDifference {
  std::string path;      ///< As `/states/0/startOffset`; empty for the whole answer.
  std::string expected;  ///< JSON text; `(absent)` if there is nothing.
  std::string actual;    ///< The same.
};

/// How lists of batches are compared: up to 4.3 the class sometimes leaves equal neighbours unmerged (BC-6).
enum class BatchLists : bool { exactly, merged };

/// How answers of the release with these switches are compared: the older procedure (V-15) went with the change V-16.
inline BatchLists batch_lists_of(const Profile& profile) {
  return profile.has(Switch::stored_start_regresses) ? BatchLists::merged : BatchLists::exactly;
}

/// Compares structurally; the texts of exceptions are not compared.
/// @throws nlohmann::json::parse_error  if one of them is no JSON.
std::optional<CoordinationDifference> compare_answers(std::string_view expected, std::string_view actual,
                                                      BatchLists batch_lists);

/// The same for answers of the broker oracle: class and message of errors are not compared.
std::optional<CoordinationDifference> compare_broker_answers(std::string_view expected, std::string_view actual);

}  // namespace sharelock::interop
