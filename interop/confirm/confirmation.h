// What the released class makes of a plan: the recorded operations run on it and on the model, compared.
#pragma once

#include <string>
#include <vector>

#include "interop/compare/run_pair.h"
#include "interop/confirm/plan_recorder.h"

namespace sharelock::interop {

/// One share partition object of a plan on both sides.
struct ConfirmedObject {
  GroupId group;
  std::uint32_t number = 0;
  std::vector<Request> operations;  ///< As they were sent: with the state shown after each.
  PairAnswers answers;
};

struct Confirmation {
  std::vector<ConfirmedObject> objects;  ///< Up to and with the first that differs.
  std::size_t operations = 0;            ///< Compared, in all objects.

  bool differs() const { return !objects.empty() && objects.back().answers.difference.has_value(); }
};

/// Runs what was recorded, one object after the other. `reference` must have answered everything that it was sent.
/// @param trace  What the traces of the objects are called.
Confirmation confirm(const PlanRecorder& recorded, KafkaLine line, const Profile& profile, Answerer& reference,
                     const NameTable& names, std::string_view trace);

/// What an object was asked and answered, in the notation of the specification: at most the last `operations_max`
/// operations, without those that only look. Where both sides agree, the state lines are those of the class.
std::string tell(const ConfirmedObject& object, const NameTable& names, std::string_view reference,
                 std::size_t operations_max);

/// The same as lines of a trace file, with the answers of the reference.
std::string as_trace(const Confirmation& confirmation, const NameTable& names);

}  // namespace sharelock::interop
