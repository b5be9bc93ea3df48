#include "model/partition/in_flight_window.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace sharelock {
namespace {

constexpr auto none = InFlightWindow::none;

InFlightState state_of(RecordState state, std::int32_t deliveries = 1) {
  return {state, deliveries, nobody};
}

TEST(InFlightWindow, ABatchStaysAtOffsetLevelOnceItIsThere) {
  InFlightWindow window;
  const auto at = window.insert(5, 9, state_of(RecordState::available));
  window.explode(at, window[at].whole);
  window.modify(at, 7, [](InFlightState& state) { state.archive(); });
  EXPECT_TRUE(window[at].by_offset);
  EXPECT_EQ(window.state(at, 7).state(), RecordState::archived);
  EXPECT_EQ(window.state(at, 8).state(), RecordState::available);
  EXPECT_EQ(window.first_unfinished_offset(at, 7), 8);
}

TEST(InFlightWindow, KnowsWhereBatchesDoNotTouch) {
  InFlightWindow window;
  window.insert(0, 4, state_of(RecordState::acquired));
  const auto touching = window.insert(5, 9, state_of(RecordState::acquired));
  const auto apart = window.insert(12, 14, state_of(RecordState::acquired));
  EXPECT_EQ(window.first_after_hole(none), apart);
  window.insert(10, 11, state_of(RecordState::acquired));
  EXPECT_EQ(window.first_after_hole(none), none);
  window.erase(touching);
  EXPECT_EQ(window[window.first_after_hole(none)].first, 10);
  EXPECT_FALSE(window.overlaps());
}

TEST(InFlightWindow, NoticesBatchesThatOverlap) {
  InFlightWindow window;
  window.insert(0, 9, state_of(RecordState::acquired));
  window.insert(5, 20, state_of(RecordState::acquired));
  EXPECT_TRUE(window.overlaps());
}

/// The same questions answered by looking at every offset.
struct PlainWindow {
  std::map<Offset, std::pair<Offset, std::map<Offset, InFlightState>>> batches;  // First -> (last, states).
};

RC_GTEST_PROP(InFlightWindow, AnswersAsALookAtEveryOffsetDoes, ()) {
  InFlightWindow window;
  PlainWindow plain;
  Offset end = 0;
  const auto steps = *rc::gen::inRange(1, 60);
  for (int step = 0; step < steps; ++step) {
    const auto what = *rc::gen::inRange(0, 5);
    if (what == 0 || plain.batches.empty()) {
      const Offset first = end + *rc::gen::inRange<Offset>(0, 3);
      const Offset last = first + *rc::gen::weightedOneOf<Offset>(
                                      {{5, rc::gen::inRange<Offset>(0, 6)}, {1, rc::gen::inRange<Offset>(60, 200)}});
      const InFlightState state = state_of(*rc::gen::element(RecordState::available, RecordState::acquired));
      window.insert(first, last, state);
      for (Offset offset = first; offset <= last; ++offset) plain.batches[first].second[offset] = state;
      plain.batches[first].first = last;
      end = last + 1;
      continue;
    }
    const auto pick = std::next(plain.batches.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(plain.batches)));
    const Offset first = pick->first;
    const auto at = window.find(first);
    if (what == 1) {
      if (!window[at].by_offset) window.explode(at, window[at].whole);
    } else if (what == 2) {
      window.erase(at);
      plain.batches.erase(pick);
    } else {
      const Offset offset = *rc::gen::inRange(first, pick->second.first + 1);
      const InFlightState changed =
          state_of(*rc::gen::element(RecordState::available, RecordState::acquired, RecordState::archived),
                   *rc::gen::inRange(0, 9));
      const auto change = [&](InFlightState& state) { state = changed; };
      window.modify(at, offset, change);
      if (window[at].by_offset)
        change(pick->second.second[offset]);
      else
        for (auto& [each, state] : pick->second.second) change(state);
    }
  }
  Offset first_available = -1;
  for (const auto& [first, batch] : plain.batches) {
    const auto at = window.find(first);
    RC_ASSERT(window[at].last == batch.first);
    const Offset from = *rc::gen::inRange(first, batch.first + 1);
    Offset available = batch.first + 1;
    Offset unfinished = batch.first + 1;
    std::int32_t most = -1;
    for (Offset offset = batch.first; offset >= from; --offset) {
      const InFlightState& state = batch.second.at(offset);
      RC_ASSERT(window.state(at, offset) == state);
      if (state.is_available()) available = offset, most = std::max(most, state.delivery_count());
      if (!state.is_finished()) unfinished = offset;
    }
    RC_ASSERT(window.first_available_offset(at, from) == available);
    RC_ASSERT(window.first_unfinished_offset(at, from) == unfinished);
    RC_ASSERT(window.max_available_delivery_count(at, from, batch.first) == most);
    const bool any = std::ranges::any_of(batch.second, [](const auto& s) { return s.second.is_available(); });
    if (any && first_available < 0) first_available = first;
  }
  const auto found = window.first_available(none);
  RC_ASSERT((found == none ? -1 : window[found].first) == first_available);
}

}  // namespace
}  // namespace sharelock
