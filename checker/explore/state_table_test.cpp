#include "checker/explore/state_table.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace sharelock::explore {
namespace {

std::uint64_t hash_of_number(std::uint64_t number) {
  return XXH3_64bits(&number, sizeof number);
}

TEST(StateTable, FindsWhatWasInsertedAndNothingElse) {
  StateTable table{std::uint64_t{64} << 20};
  const auto states = static_cast<StateIndex>(table.comfortable());
  for (StateIndex i = 0; i < states; ++i) ASSERT_NE(table.insert(hash_of_number(i), i), StateTable::no_slot);
  for (StateIndex i = 0; i < states; ++i)
    ASSERT_EQ(table.find(hash_of_number(i), [&](StateIndex found) { return found == i; }), i);
  for (StateIndex i = states; i < 2 * states; ++i)
    ASSERT_EQ(table.find(hash_of_number(i), [&](StateIndex found) { return found == i; }), no_state);
}

TEST(StateTable, KeepsManyEntriesOfOneHashApart) {
  StateTable table{0};
  for (StateIndex i = 0; i < 100; ++i) ASSERT_NE(table.insert(42, i), StateTable::no_slot);
  for (StateIndex i = 0; i < 100; ++i) EXPECT_EQ(table.find(42, [&](StateIndex found) { return found == i; }), i);
}

TEST(StateTable, SaysThatAShardIsFullInsteadOfLookingForEver) {
  StateTable table{0};
  std::uint64_t inserted = 0;
  while (inserted <= table.capacity() && table.insert(42, 7) != StateTable::no_slot) ++inserted;
  EXPECT_EQ(inserted, table.capacity() / StateTable::shards);
  EXPECT_EQ(table.find(42, [](StateIndex) { return false; }), no_state);
}

TEST(StateTable, GivesAnEntryAnotherIndexInPlace) {
  StateTable table{0};
  const StateTable::Slot slot = table.insert(42, 1);
  table.insert(42, 2);
  table.put(slot, 3);
  EXPECT_EQ(table.find(42, [](StateIndex found) { return found == 3; }), 3U);
  EXPECT_EQ(table.find(42, [](StateIndex found) { return found == 1; }), no_state);
}

TEST(StateTable, NeverNeedsLessMemoryForMoreStates) {
  std::uint64_t before = 0;
  for (std::uint64_t states = 0; states < 100'000'000; states += 999'983) {
    EXPECT_GE(StateTable::bytes_for(states), before);
    before = StateTable::bytes_for(states);
    EXPECT_LE(before, std::max(StateTable::bytes_for(0), states * 13));  // Thirteen bytes for a state at most.
  }
}

RC_GTEST_PROP(StateTable, AgreesWithAMapWhateverTheHashes, ()) {
  // Few different hashes, so that tags and buckets collide all the time.
  StateTable table{0};
  std::map<std::pair<std::uint64_t, StateIndex>, bool> expected;
  const auto hashes = *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::arbitrary<std::uint64_t>());
  StateIndex index = 0;
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t coarse = hash & 0xff000000000003ff;
    table.insert(coarse, index);
    expected[{coarse, index++}] = true;
  }
  for (const auto& [key, unused] : expected)
    RC_ASSERT(table.find(key.first, [&](StateIndex found) { return found == key.second; }) == key.second);
}

}  // namespace
}  // namespace sharelock::explore
