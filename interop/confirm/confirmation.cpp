#include "interop/confirm/confirmation.h"

#include <fmt/format.h>

#include "interop/compare/story.h"

namespace sharelock::interop {
namespace {

/// Operations that frame a fetch or a read, and change nothing that a state line shows.
bool only_looks(const Request& request) {
  if (const auto* change = std::get_if<op::Configure>(&request.operation))
    return !(change->max_locks || change->limit || change->lock_ms || change->renew || change->dlq);
  return std::holds_alternative<op::Lock>(request.operation) || std::holds_alternative<op::Unlock>(request.operation) ||
         std::holds_alternative<op::CanAcquire>(request.operation) ||
         std::holds_alternative<op::NextFetchOffset>(request.operation);
}

}  // namespace

Confirmation confirm(const PlanRecorder& recorded, KafkaLine line, const Profile& profile, Answerer& reference,
                     const NameTable& names, std::string_view trace) {
  Confirmation confirmation;
  RunPair pair{line, profile, reference, names};
  for (const ObjectRecorder& object : recorded.objects()) {
    ConfirmedObject& confirmed = confirmation.objects.emplace_back();
    confirmed.group = object.group();
    confirmed.number = object.number();
    confirmed.operations = with_states(
        object.operations(), fmt::format("{} group {} object {}", trace, object.group().value(), object.number()));
    confirmed.answers = pair.run(confirmed.operations);
    confirmation.operations += confirmed.answers.model.size();
    if (confirmed.answers.difference) break;
  }
  return confirmation;
}

std::string tell(const ConfirmedObject& object, const NameTable& names, std::string_view reference,
                 std::size_t operations_max) {
  const auto differs_at = [&](std::size_t i) {
    return object.answers.difference && object.answers.difference->index == i;
  };
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < object.answers.model.size(); ++i)
    if (differs_at(i) || !only_looks(object.operations[i])) shown.push_back(i);
  const std::size_t left_out = shown.size() - std::min(shown.size(), operations_max);
  shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(left_out));
  std::vector<Request> operations;
  PairAnswers answers;
  for (const std::size_t i : shown) {
    if (differs_at(i)) answers.difference = PairDifference{operations.size(), object.answers.difference->what};
    operations.push_back(object.operations[i]);
    answers.model.push_back(object.answers.model[i]);
    answers.reference.push_back(object.answers.reference[i]);
  }
  const std::string earlier = left_out > 0 ? fmt::format("      ... {} earlier operations left out\n", left_out) : "";
  return earlier + tell(operations, answers, names, reference);
}

std::string as_trace(const Confirmation& confirmation, const NameTable& names) {
  std::string trace;
  for (const ConfirmedObject& object : confirmation.objects)
    trace += as_trace(object.operations, object.answers, names);
  return trace;
}

}  // namespace sharelock::interop
