#include "sim/agenda.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace sharelock {
namespace {

TEST(Agenda, EqualTimesKeepTheOrderOfScheduling) {
  Agenda<int> agenda;
  for (int i = 0; i < 100; ++i) agenda.schedule(i % 3, i);
  int last = -1;
  TimeMs at = 0;
  while (const auto entry = agenda.take()) {
    if (entry->at != at) last = -1;
    EXPECT_GT(entry->what, last);
    at = entry->at;
    last = entry->what;
  }
}

TEST(Agenda, AHandleNamesNothingAfterItsEntryWasTaken) {
  Agenda<int> agenda;
  const auto old = agenda.schedule(1, 1);
  agenda.take();
  agenda.schedule(2, 2);  // May use the same slot.
  agenda.cancel(old);
  EXPECT_EQ(agenda.take()->what, 2);
}

TEST(Agenda, WhatIsCancelledByTheThousandDoesNotDisturbTheOrder) {
  Agenda<int> agenda;
  std::vector<Agenda<int>::Handle> handles;
  for (int i = 0; i < 5000; ++i) handles.push_back(agenda.schedule((i * 7919) % 5000, (i * 7919) % 5000));
  for (int i = 0; i < 5000; ++i)
    if (i % 10 != 0) agenda.cancel(handles[static_cast<std::size_t>(i)]);
  EXPECT_EQ(agenda.pending(), 500U);
  int last = -1;
  for (int left = 500; left > 0; --left) {
    const auto entry = agenda.take();
    EXPECT_GT(entry->what, last);
    last = entry->what;
  }
  EXPECT_FALSE(agenda.take());
}

RC_GTEST_PROP(Agenda, AgreesWithAnOrderedMap, ()) {
  Agenda<int> agenda;
  std::map<std::pair<TimeMs, int>, Agenda<int>::Handle> expected;
  const auto moves = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 10), rc::gen::inRange(0, 1000)));
  int order = 0;
  for (const auto& [move, time] : moves) {
    if (move < 5) {
      expected.insert({{time, order}, agenda.schedule(time, order)});
      ++order;
    } else if (move < 8 && !expected.empty()) {
      const auto victim = std::next(expected.begin(), time % static_cast<int>(expected.size()));
      agenda.cancel(victim->second);
      expected.erase(victim);
    } else if (const auto entry = agenda.take()) {
      RC_ASSERT(entry->what == expected.begin()->first.second);
      expected.erase(expected.begin());
    }
    RC_ASSERT(agenda.pending() == expected.size());
  }
}

}  // namespace
}  // namespace sharelock
