#include "interop/compare/run_pair.h"

#include "interop/oracle/error_wording.h"
#include "interop/protocol/request_writer.h"

namespace sharelock::interop {

std::optional<AnswerDifference> compare_answers(std::string_view reference, std::string_view model,
                                                std::string& space) {
  if (without_wording(reference, space) == model) return std::nullopt;
  return find_difference(reference, model);
}

PairAnswers RunPair::run(std::span<const Request> operations) {
  std::string lines;
  for (const Request& request : operations) {
    append_request(lines, request, names_);
    lines += '\n';
  }
  reference_.send(lines);

  PairAnswers answers;
  ScriptedPartition scripted{line_, profile_};
  AnswerWriter writer{names_};
  std::string space;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    // What follows a difference is received, too: the next sequence must find nothing left over.
    const std::string_view reference = reference_.receive();
    if (answers.difference) continue;
    std::string model;
    writer.append(model, operations[i], scripted.execute(operations[i]), scripted);
    answers.reference.emplace_back(without_wording(reference, space));
    answers.model.push_back(std::move(model));
    if (auto what = compare_answers(answers.reference.back(), answers.model.back(), space))
      answers.difference = PairDifference{i, std::move(*what)};
  }
  return answers;
}

}  // namespace sharelock::interop
