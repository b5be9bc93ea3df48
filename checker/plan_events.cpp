#include "checker/plan_events.h"

namespace sharelock {
namespace {

/// What an event is about: two steps with equal subjects, one after the other, can be one event.
struct Subject {
  enum class Kind : std::uint8_t { any, request, lock, log, other } kind = Kind::other;
  MemberId member{};

  friend bool operator==(const Subject&, const Subject&) = default;
};

Subject subject_of(const Step& step) {
  using enum Subject::Kind;
  switch (step.kind) {
    case StepKind::lock_fires:
    case StepKind::lock_handled:
      return {lock, step.member};
    case StepKind::store_applies:
    case StepKind::store_applies_alike:
    case StepKind::store_answers:
    case StepKind::store_repeats:
      if (step.cause == StoreCause::lock_expiry) return {lock, step.member};
      return step.member == nobody ? Subject{any} : Subject{request, step.member};
    case StepKind::append:
    case StepKind::append_transactional:
      return {log};
    default:
      break;
  }
  return form_of(step.kind).member ? Subject{request, step.member} : Subject{any};
}

bool is_sent(StepKind kind) {
  return kind == StepKind::fetch || kind == StepKind::commit || kind == StepKind::close;
}

}  // namespace

std::size_t event_count(const Plan& plan) {
  std::size_t events = 0;
  Subject current;
  StepKind last{};
  for (const auto& [at, step] : plan) {
    const Subject subject = subject_of(step);
    const bool about_it = subject.kind == Subject::Kind::any || subject == current;
    const bool collects = last == StepKind::acknowledge && (step.kind == StepKind::acknowledge || is_sent(step.kind));
    const bool follows = goes_on(step) && !fault_of(step);
    const bool more_of_the_log = subject.kind == Subject::Kind::log;
    if (events == 0 || !about_it || !(follows || collects || more_of_the_log)) {
      ++events;
      current = subject;
    }
    last = step.kind;
  }
  return events;
}

}  // namespace sharelock
