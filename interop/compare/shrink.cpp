#include "interop/compare/shrink.h"

#include <algorithm>
#include <cassert>

namespace sharelock::interop {
namespace {

/// Collects changed copies of one operation.
class Simplify {
 public:
  explicit Simplify(const Request& request) : request_{request} {}

  std::vector<Request> all() {
    if (request_.show) add([](Request& simpler) { simpler.show.reset(); });
    std::visit([this](const auto& operation) { visit(operation); }, request_.operation);
    return std::move(found_);
  }

 private:
  template <class Change>
  void add(Change&& change) {
    found_.push_back(request_);
    change(found_.back());
  }
  /// A copy whose operation, of the type of `like`, is changed.
  template <class Operation, class Change>
  void change(const Operation&, Change&& change) {
    add([&](Request& simpler) { change(std::get<Operation>(simpler.operation)); });
  }

  void visit(const op::Reset& reset) {
    drop_configuration(reset, [](op::Reset& r) -> op::Configure& { return r.configuration; });
    if (reset.leader_epoch != 0) change(reset, [](auto& r) { r.leader_epoch = 0; });
    if (reset.now != 0) change(reset, [](auto& r) { r.now = 0; });
    if (reset.state == InitialState::empty) change(reset, [](auto& r) { r.state = InitialState::active; });
  }
  void visit(const op::Configure& configure) {
    drop_configuration(configure, [](op::Configure& c) -> op::Configure& { return c; });
  }
  template <class Operation, class Get>
  void drop_configuration(const Operation& operation, Get get) {
    const auto drop = [&](auto member) {
      Operation copy = operation;
      if ((get(copy).*member).has_value()) change(operation, [&](auto& simpler) { (get(simpler).*member).reset(); });
    };
    drop(&op::Configure::max_locks);
    drop(&op::Configure::limit);
    drop(&op::Configure::lock_ms);
    drop(&op::Configure::renew);
    drop(&op::Configure::dlq);
    drop(&op::Configure::auto_offset_reset);
    drop(&op::Configure::earliest);
    drop(&op::Configure::latest);
    drop(&op::Configure::timestamp);
    drop(&op::Configure::writes);
    drop(&op::Configure::dlqs);
  }
  void visit(const op::Initialize& initialize) {
    if (initialize.read) outcome(initialize, [](auto& i) -> HandOverOutcome& { return *i.read; });
  }
  void visit(const op::CompleteRead& read) {
    outcome(read, [](auto& r) -> HandOverOutcome& { return r.read; });
  }
  template <class Complete>
  void completion(const Complete& complete) {
    if (complete.which >= 0) change(complete, [](auto& c) { c.which = -1; });
    if (complete.result.failed() || complete.result.form != AnswerForm::well_formed)
      change(complete, [](auto& c) { c.result = {}; });
  }
  void visit(const op::CompleteWrite& complete) { completion(complete); }
  void visit(const op::CompleteDeadLetter& complete) { completion(complete); }

  template <class Operation, class Get>
  void outcome(const Operation& operation, Get get) {
    Operation copy = operation;
    const HandOverOutcome& read = get(copy);
    for (std::size_t i = 0; i < read.batches.size(); ++i) {
      change(operation,
             [&](auto& o) { get(o).batches.erase(get(o).batches.begin() + static_cast<std::ptrdiff_t>(i)); });
      if (read.batches[i].first < read.batches[i].last)
        change(operation, [&](auto& o) { get(o).batches[i].last = get(o).batches[i].first; });
      if (read.batches[i].delivery_count > 1) change(operation, [&](auto& o) { get(o).batches[i].delivery_count = 1; });
    }
    if (read.state_epoch != 0) change(operation, [&](auto& o) { get(o).state_epoch = 0; });
    if (read.form == AnswerForm::equal_topic_id)
      change(operation, [&](auto& o) { get(o).form = AnswerForm::well_formed; });
  }

  void visit(const op::Acquire& acquire) {
    for (std::size_t i = 0; i < acquire.log.size(); ++i) {
      change(acquire, [&](auto& a) { a.log.erase(a.log.begin() + static_cast<std::ptrdiff_t>(i)); });
      if (acquire.log[i].producer_id >= 0)
        change(acquire, [&](auto& a) { a.log[i] = {.base = a.log[i].base, .last = a.log[i].last}; });
      if (acquire.log[i].base < acquire.log[i].last) {
        change(acquire, [&](auto& a) { a.log[i].last = a.log[i].base; });
        change(acquire, [&](auto& a) { --a.log[i].last; });
      }
    }
    for (std::size_t i = 0; i < acquire.aborted.size(); ++i)
      change(acquire, [&](auto& a) { a.aborted.erase(a.aborted.begin() + static_cast<std::ptrdiff_t>(i)); });
    if (acquire.isolation == Isolation::read_committed)
      change(acquire, [](auto& a) {
        a.isolation = Isolation::read_uncommitted;
        a.aborted.clear();
      });
    if (acquire.mode != AcquireMode::batch_optimized)
      change(acquire, [](auto& a) { a.mode = AcquireMode::batch_optimized; });
    if (acquire.batch_size != 500) change(acquire, [](auto& a) { a.batch_size = 500; });
    if (acquire.max_records != 500) change(acquire, [](auto& a) { a.max_records = 500; });
    if (acquire.slice != op::Acquire::Slice::no) change(acquire, [](auto& a) { a.slice = op::Acquire::Slice::no; });
  }

  void visit(const op::Acknowledge& acknowledge) {
    for (std::size_t i = 0; i < acknowledge.batches.size(); ++i) {
      if (acknowledge.batches.size() > 1)
        change(acknowledge, [&](auto& a) { a.batches.erase(a.batches.begin() + static_cast<std::ptrdiff_t>(i)); });
      if (acknowledge.batches[i].type_count > 1) {
        change(acknowledge, [&](auto& a) { a.batches[i].type_count = 1; });
        change(acknowledge, [&](auto& a) {
          --a.batches[i].type_count;
          --a.batches[i].last;
        });
        change(acknowledge, [&](auto& a) {
          --a.batches[i].type_count;
          ++a.batches[i].first_type;
          ++a.batches[i].first;
        });
      }
    }
  }

  void visit(const op::Advance& advance) {
    if (!advance.fire) change(advance, [](auto& a) { a.fire = true; });
  }
  void visit(const op::Fire& fire) {
    if (fire.index) change(fire, [](auto& f) { f.index.reset(); });
    if (fire.count != 1) change(fire, [](auto& f) { f.count = 1; });
  }
  template <class Other>
  void visit(const Other&) {}

  const Request& request_;
  std::vector<Request> found_;
};

class Shrinker {
 public:
  Shrinker(std::vector<Request> operations, const FindDifference& find_difference) : find_difference_{find_difference} {
    shrunk_.operations = std::move(operations);
    [[maybe_unused]] const bool differs = accept(shrunk_.operations);
    assert(differs);
  }

  Shrunk run() {
    for (bool shorter = true; shorter;) {
      shorter = leave_out();
      shorter = simplify() || shorter;
    }
    return std::move(shrunk_);
  }

 private:
  /// Takes the candidate over, up to its first difference, if it has one.
  bool accept(std::vector<Request> candidate) {
    ++shrunk_.attempts;
    const auto index = find_difference_(candidate);
    if (!index) return false;
    candidate.resize(*index + 1);
    shrunk_.operations = std::move(candidate);
    return true;
  }

  bool leave_out() {
    bool helped = false;
    for (std::size_t chunk = std::max<std::size_t>(1, shrunk_.operations.size() / 2);; chunk /= 2) {
      for (std::size_t at = 1; at < shrunk_.operations.size();) {
        std::vector<Request> candidate = shrunk_.operations;
        const std::size_t end = std::min(at + chunk, candidate.size());
        candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(at),
                        candidate.begin() + static_cast<std::ptrdiff_t>(end));
        if (accept(std::move(candidate)))
          helped = true;
        else
          at += chunk;
      }
      if (chunk == 1) return helped;
    }
  }

  bool simplify() {
    bool helped = false;
    for (std::size_t i = 0; i < shrunk_.operations.size(); ++i) {
      for (bool again = true; again;) {
        again = false;
        for (Request& candidate_operation : simpler(shrunk_.operations[i])) {
          std::vector<Request> candidate = shrunk_.operations;
          candidate[i] = std::move(candidate_operation);
          if (!accept(std::move(candidate))) continue;
          helped = again = true;
          break;
        }
        if (i >= shrunk_.operations.size()) return helped;
      }
    }
    return helped;
  }

  const FindDifference& find_difference_;
  Shrunk shrunk_;
};

}  // namespace

std::vector<Request> simpler(const Request& request) {
  return Simplify{request}.all();
}

Shrunk shrink(std::vector<Request> operations, const FindDifference& find_difference) {
  return Shrinker{std::move(operations), find_difference}.run();
}

}  // namespace sharelock::interop
