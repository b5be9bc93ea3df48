// The same operations on the model and on what it is compared with, one sequence at a time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "interop/harness/answer_writer.h"
#include "interop/harness/scripted_partition.h"
#include "interop/oracle/answerer.h"
#include "interop/protocol/name_table.h"
#include "interop/trace/answer_difference.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// Where two sides part.
struct PairDifference {
  std::size_t index;  ///< Of the operation.
  AnswerDifference what;
};

/// Answers of both sides to one sequence, up to and with the first difference.
struct PairAnswers {
  std::vector<std::string> reference;
  std::vector<std::string> model;
  std::optional<PairDifference> difference;
};

/// Compares the texts of two answers; bytes first, structure only if they differ.
/// @param space  For the reference's answer without the wording of its errors; reused.
std::optional<AnswerDifference> compare_answers(std::string_view reference, std::string_view model, std::string& space);

class RunPair {
 public:
  /// @param reference  Must have answered everything that it was sent.
  RunPair(KafkaLine line, const Profile& profile, Answerer& reference, const NameTable& names)
      : line_{line}, profile_{profile}, reference_{reference}, names_{names} {}

  /// Runs the whole sequence on both sides. It begins with a reset.
  PairAnswers run(std::span<const Request> operations);

 private:
  KafkaLine line_;
  Profile profile_;
  Answerer& reference_;
  const NameTable& names_;
};

}  // namespace sharelock::interop
