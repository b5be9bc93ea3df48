#include "checker/shrink.h"

#include <algorithm>
#include <set>

#include "checker/plan_events.h"
#include "model/world/tell.h"

namespace sharelock {
namespace {

Plan without(const Plan& plan, std::size_t first, std::size_t count) {
  Plan rest;
  rest.reserve(plan.size());
  for (std::size_t i = 0; i < plan.size(); ++i)
    if (i < first || i >= first + count) rest.push_back(plan[i]);
  return rest;
}

/// Without the steps at these places, which rise.
Plan without_all(const Plan& plan, const std::vector<std::size_t>& places) {
  Plan rest;
  auto place = places.begin();
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (place != places.end() && *place == i)
      ++place;
    else
      rest.push_back(plan[i]);
  }
  return rest;
}

bool is_append(const Step& step) {
  return step.kind == StepKind::append || step.kind == StepKind::append_transactional;
}

/// How many offsets of the log a step takes.
Offset length_of(const Step& step) {
  if (is_append(step)) return step.last - step.first + 1;
  return step.kind == StepKind::commit_transaction || step.kind == StepKind::abort_transaction ? 1 : 0;
}

/// Offsets that leave the log, and where the others come to lie.
class Cut {
 public:
  void remove(Offset first, Offset count) { removed_.push_back({first, first + count - 1}); }

  Offset moved(Offset offset) const {
    Offset below = 0;
    for (const OffsetSpan& span : removed_) below += std::clamp<Offset>(offset - span.first, 0, span.size());
    return offset - below;
  }
  /// False: nothing is left of what the step names.
  bool apply_to(Step& step) const {
    if (is_append(step) || !form_of(step.kind).range || step.last < step.first) return true;
    // A log start is a place between offsets, not an offset.
    if (step.kind == StepKind::log_start_moves) {
      step.first = step.last = moved(step.first);
      return true;
    }
    step.last = moved(step.last + 1) - 1;
    step.first = moved(step.first);
    return step.first <= step.last;
  }

 private:
  std::vector<OffsetSpan> removed_;
};

/// The changed plan, which has the steps of `plan` but for some appends that are shorter or gone (length 0 in
/// `lengths`): the offsets of all others move up.
Plan moved_up(const Plan& plan, const std::vector<Offset>& lengths, const std::vector<bool>& kept) {
  Cut cut;
  Plan moved;
  Offset end = 0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const Offset length = length_of(plan[i].step);
    if (lengths[i] < length) cut.remove(end + lengths[i], length - lengths[i]);
    end += length;
    if (!kept[i]) continue;
    moved.push_back(plan[i]);
    Step& step = moved.back().step;
    if (is_append(step)) step.last = step.first + lengths[i] - 1;
    if (!cut.apply_to(step)) moved.pop_back();
  }
  return moved;
}

std::vector<Offset> lengths_of(const Plan& plan) {
  std::vector<Offset> lengths;
  for (const PlannedStep& planned : plan) lengths.push_back(length_of(planned.step));
  return lengths;
}

/// `without`, with the offsets behind appends that are gone moved up.
Plan without_moved_up(const Plan& plan, std::size_t first, std::size_t count) {
  std::vector<Offset> lengths = lengths_of(plan);
  std::vector<bool> kept(plan.size(), true);
  for (std::size_t i = first; i < std::min(first + count, plan.size()); ++i) {
    lengths[i] = 0;
    kept[i] = false;
  }
  return moved_up(plan, lengths, kept);
}

/// What is to become less, in this order: lines that a reader has to read, steps, events (what happens at one go is
/// easier to follow than what overlaps), records, members.
struct Size {
  std::size_t lines = 0;
  std::size_t steps = 0;
  std::size_t events = 0;
  Offset records = 0;
  std::size_t members = 0;

  friend auto operator<=>(const Size&, const Size&) = default;
};

Size size_of(const Plan& plan, const Stage& stage) {
  Size size{.steps = plan.size(), .events = event_count(plan)};
  replay({stage.settings}, plan, [&](const Replayed& replayed) {
    for (const Observation& seen : replayed.observations) size.lines += tell(seen, stage.settings).has_value();
  });
  std::set<std::uint32_t> members;
  for (const PlannedStep& planned : plan) {
    if (is_append(planned.step))
      size.records += planned.step.last - planned.step.first + 1;
    else if (form_of(planned.step.kind).member)
      members.insert(planned.step.member.value());
  }
  size.members = members.size();
  return size;
}

class Shrinker {
 public:
  Shrinker(Plan plan, const Stage& stage, std::string_view claim)
      : plan_{std::move(plan)}, stage_{stage}, claim_{claim} {}

  Plan run() {
    if (std::optional<Plan> played = mended(stage_, plan_, claim_)) plan_ = std::move(*played);
    size_ = size_of(plan_, stage_);
    for (Size before; before != size_;) {
      before = size_;
      drop_steps();
      join_batches();
      drop_records();
      merge_members();
      close_in_peace();
      drop_together();
      gather();
      calm_down();
    }
    shorten_waits();
    return std::move(plan_);
  }

 private:
  /// Takes the changed plan if it breaks the claim, too, and is smaller.
  bool try_smaller(const Plan& changed, Mend mend = Mend::as_planned) {
    std::optional<Plan> played = mended(stage_, changed, claim_, mend);
    if (!played) return false;
    const Size size = size_of(*played, stage_);
    if (size >= size_) return false;
    plan_ = std::move(*played);
    size_ = size;
    return true;
  }
  bool try_both_ways(const Plan& changed) { return try_smaller(changed) || try_smaller(changed, Mend::eagerly); }

  /// With one step at another place, at the time of those around it.
  Plan with_moved(std::size_t from, std::size_t to) const {
    Plan moved = plan_;
    const TimeMs at = plan_[to].at;
    const PlannedStep step = plan_[from];
    moved.erase(moved.begin() + static_cast<std::ptrdiff_t>(from));
    moved.insert(moved.begin() + static_cast<std::ptrdiff_t>(to), {at, step.step});
    return moved;
  }

  void drop_steps() {
    for (std::size_t chunk = (plan_.size() + 1) / 2; chunk > 0; chunk /= 2) {
      for (std::size_t at = 0; at < plan_.size();)
        if (!drop(at, chunk)) at += chunk;
    }
  }

  bool drop(std::size_t at, std::size_t count) {
    const auto begin = plan_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = plan_.begin() + static_cast<std::ptrdiff_t>(std::min(at + count, plan_.size()));
    const bool moves = std::any_of(begin, end, [](const PlannedStep& planned) { return length_of(planned.step) > 0; });
    return (moves && try_smaller(without_moved_up(plan_, at, count))) || try_smaller(without(plan_, at, count));
  }

  /// What only makes sense together goes together, where the plan is short enough to try all of it: every run of steps,
  /// every run of the steps of one member, every pair.
  void drop_together() {
    if (plan_.size() > short_enough) return;
    drop_runs(nobody);
    for (std::uint32_t id = 1; id <= stage_.settings.members.size(); ++id) drop_runs(MemberId{id});
    for (std::size_t i = 0; i < plan_.size(); ++i)
      for (std::size_t j = i + 1; j < plan_.size(); ++j)
        if (try_both_ways(without_all(plan_, {i, j}))) j = i;
  }

  /// Runs among the steps of a member, or of everybody; the longest first.
  void drop_runs(MemberId member) {
    std::vector<std::size_t> steps;
    const auto look = [&] {
      steps.clear();
      for (std::size_t i = 0; i < plan_.size(); ++i)
        if (member == nobody || (!is_append(plan_[i].step) && plan_[i].step.member == member)) steps.push_back(i);
    };
    look();
    for (std::size_t length = steps.size(); length > 1; --length)
      for (std::size_t at = 0; at + length <= steps.size(); ++at) {
        const auto begin = steps.begin() + static_cast<std::ptrdiff_t>(at);
        if (try_both_ways(without_all(plan_, {begin, begin + static_cast<std::ptrdiff_t>(length)}))) look();
      }
  }

  /// Batches that follow each other become one.
  void join_batches() {
    for (std::size_t at = 0; at + 1 < plan_.size();) {
      const Step& next = plan_[at + 1].step;
      const bool both = plan_[at].step.kind == StepKind::append && next.kind == StepKind::append;
      Plan joined = without(plan_, at + 1, 1);
      joined[at].step.last += next.last - next.first + 1;
      if (!both || !try_smaller(joined)) ++at;
    }
  }

  /// Fewer records in an append: one, two, four.
  void drop_records() {
    for (std::size_t at = 0; at < plan_.size(); ++at) {
      if (!is_append(plan_[at].step)) continue;
      const Offset all = plan_[at].step.last - plan_[at].step.first + 1;
      for (Offset count = 1; count < all; count = count * 2) {
        std::vector<Offset> lengths = lengths_of(plan_);
        lengths[at] = count;
        if (try_smaller(moved_up(plan_, lengths, std::vector<bool>(plan_.size(), true)))) break;
        Plan fewer = plan_;
        fewer[at].step.last = fewer[at].step.first + count - 1;
        if (try_smaller(fewer)) break;
      }
    }
  }

  /// What one member does is done by another of its group.
  void merge_members() {
    for (std::uint32_t from = static_cast<std::uint32_t>(stage_.settings.members.size()); from > 1; --from)
      for (std::uint32_t to = 1; to < from; ++to) {
        if (stage_.settings.of(MemberId{from}).group != stage_.settings.of(MemberId{to}).group) continue;
        Plan merged = plan_;
        for (PlannedStep& planned : merged)
          if (!is_append(planned.step) && planned.step.member == MemberId{from}) planned.step.member = MemberId{to};
        if (merged != plan_) try_smaller(merged);
      }
  }

  /// A member that ends its session in peace makes a shorter story than one whose connection breaks.
  void close_in_peace() {
    for (std::size_t at = 0; at < plan_.size(); ++at) {
      const auto [kind, member] = std::pair{plan_[at].step.kind, plan_[at].step.member};
      if (kind != StepKind::disconnect && kind != StepKind::crash) continue;
      Plan peaceful{plan_.begin(), plan_.begin() + static_cast<std::ptrdiff_t>(at)};
      for (const StepKind step :
           {StepKind::response_arrives, StepKind::close, StepKind::request_arrives, StepKind::response_arrives})
        peaceful.push_back({plan_[at].at, {.kind = step, .member = member}});
      peaceful.insert(peaceful.end(), plan_.begin() + static_cast<std::ptrdiff_t>(at) + 1, plan_.end());
      try_both_ways(peaceful);
    }
  }

  /// What follows from something happens right after it, where that makes no difference: a step moves forward.
  void gather() {
    if (plan_.size() > short_enough) return;
    for (std::size_t from = 1; from < plan_.size(); ++from)
      for (std::size_t to = from; to-- > 0;) {
        const Plan moved = with_moved(from, to);
        if (event_count(moved) < size_.events && try_smaller(moved)) break;
      }
  }

  /// What overlaps takes turns, and what goes wrong goes wrong later, when nothing is under way.
  void calm_down() {
    if (plan_.size() > short_enough) return;
    try_smaller(plan_, Mend::calmly);
    for (std::size_t from = 0; from < plan_.size(); ++from) {
      if (!fault_of(plan_[from].step)) continue;
      for (std::size_t to = plan_.size() - 1; to > from; --to)
        if (try_smaller(with_moved(from, to), Mend::calmly)) break;
    }
  }

  /// Waits that nothing depends on go; the others are halved as long as that is possible.
  void shorten_waits() {
    for (std::size_t at = 0; at < plan_.size(); ++at) {
      const TimeMs wait = plan_[at].at - (at == 0 ? 0 : plan_[at - 1].at);
      for (TimeMs cut = wait; cut > 0; cut /= 2) {
        Plan earlier = plan_;
        for (std::size_t later = at; later < earlier.size(); ++later) earlier[later].at -= cut;
        std::optional<Plan> played = mended(stage_, earlier, claim_);
        if (!played || size_of(*played, stage_) > size_) continue;
        plan_ = std::move(*played);
        break;
      }
    }
  }

  static constexpr std::size_t short_enough = 80;

  Plan plan_;
  Size size_;
  const Stage& stage_;
  std::string_view claim_;
};

}  // namespace

Plan shrink(Plan plan, const Stage& stage, std::string_view claim) {
  return Shrinker{std::move(plan), stage, claim}.run();
}

}  // namespace sharelock
