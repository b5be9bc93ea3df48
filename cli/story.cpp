#include "cli/story.h"

#include "model/world/tell.h"

namespace sharelock::cli {

void Storyteller::listen(TimeMs at, const Observations& observations) {
  constexpr std::size_t lines_max = 60;
  for (const Observation& seen : observations) {
    std::optional<Told> told = tell(seen, settings_);
    if (!told) continue;
    lines_.push_back({at, std::move(told->who), std::move(told->what)});
    if (lines_.size() <= lines_max) continue;
    lines_.pop_front();
    ++left_out_;
  }
}

void Storyteller::end(TimeMs at) {
  lines_.push_back({at, "nobody", "does anything wrong any more, and it stays like that"});
}

void Storyteller::write(RunResult& result) const {
  result.story.assign(lines_.begin(), lines_.end());
  result.story_left_out = left_out_;
}

void Counter::count(const Observations& observations) {
  const auto length = [](const auto& range) { return static_cast<std::uint64_t>(range.last - range.first + 1); };
  for (const Observation& observation : observations)
    std::visit(overloaded{
                   [&](const seen::Appended& seen) { written_ += length(seen); },
                   [&](const seen::Delivered& seen) { deliver(seen); },
                   [&](const seen::LockHandled&) { ++expired_; },
                   [&](const seen::StoreAnswered& seen) { failed_ += seen.error != KafkaError::none; },
                   [&](const seen::LeaderMoved&) { ++moves_; },
                   [](const auto&) {},
               },
               observation);
}

/// An inversion is a pair of records that a group is given for the first time in the opposite of log order.
void Counter::deliver(const seen::Delivered& delivered) {
  IntervalSet& before = delivered_first_[delivered.group.value() - 1];
  delivered_ += static_cast<std::uint64_t>(delivered.last - delivered.first + 1);
  std::uint64_t later = 0;
  for (auto span = before.end(); span != before.begin() && (--span)->first > delivered.last;)
    later += static_cast<std::uint64_t>(span->size());
  std::uint64_t first_time = 0;
  for (Offset at = delivered.first; at <= delivered.last;) {
    at = before.first_absent(at);
    const Offset next = before.first_present(at, delivered.last);
    if (at <= delivered.last) first_time += static_cast<std::uint64_t>(next - at);
    at = next;
  }
  inversions_ += first_time * later;
  again_ += static_cast<std::uint64_t>(delivered.last - delivered.first + 1) - first_time;
  before.add(delivered.first, delivered.last);
}

void Counter::write(RunResult& result) const {
  const auto add = [&](std::string what, std::uint64_t count) { result.counts.emplace_back(std::move(what), count); };
  add("offsets written", written_);
  add("records delivered", delivered_);
  add("of them again", again_);
  add("inversions", inversions_);
  add("locks expired", expired_);
  add("store requests failed", failed_);
  add("leader changes", moves_);
}

}  // namespace sharelock::cli
