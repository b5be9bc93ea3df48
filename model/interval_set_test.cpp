#include "model/interval_set.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace sharelock {
namespace {

TEST(IntervalSet, RangesThatTouchBecomeOne) {
  IntervalSet set;
  set.add(0, 2);
  set.add(6, 9);
  set.add(3, 5);
  EXPECT_EQ(std::distance(set.begin(), set.end()), 1);
  EXPECT_TRUE(set.covers(0, 9));
}

TEST(IntervalSet, TakingOutTheMiddleLeavesBothEnds) {
  IntervalSet set;
  set.add(0, 9);
  set.remove(4, 5);
  EXPECT_EQ(set.first_absent(0), 4);
  EXPECT_EQ(set.first_present(4, 9), 6);
}

RC_GTEST_PROP(IntervalSet, AgreesWithASetOfSingleOffsets, ()) {
  IntervalSet spans;
  std::set<Offset> singles;
  const auto edits = *rc::gen::container<std::vector<std::tuple<bool, int, int>>>(
      rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 30), rc::gen::inRange(-1, 8)));
  for (const auto& [adds, first, length] : edits) {
    const Offset last = first + length;
    adds ? spans.add(first, last) : spans.remove(first, last);
    for (Offset offset = first; offset <= last; ++offset) adds ? void(singles.insert(offset)) : void(singles.erase(offset));
  }
  for (Offset offset = -2; offset < 42; ++offset) RC_ASSERT(spans.contains(offset) == singles.contains(offset));
  for (auto at = spans.begin(); at != spans.end() && at + 1 != spans.end(); ++at) RC_ASSERT(at->last + 1 < (at + 1)->first);
  for (Offset from = 0; from < 40; from += 3) {
    const auto next = singles.lower_bound(from);
    RC_ASSERT(spans.first_present(from, 40) == (next == singles.end() ? 41 : *next));
  }
}

}  // namespace
}  // namespace sharelock
