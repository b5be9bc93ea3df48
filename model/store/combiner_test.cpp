#include "model/store/combiner.h"

#include <map>
#include <optional>

#include "model/store/testing/notation.h"

namespace sharelock {
namespace {

using testing_notation::batches;

/// `existing + incoming @ start => result`, in the notation of the specification.
struct Example {
  const char* existing;
  const char* incoming;
  Offset start;
  const char* result;
};

TEST(Combiner, AgreesWithEveryWorkedExample) {
  // The table of section 4 of the specification, in its order.
  constexpr std::array examples{
      Example{"100-109:A1", "", -1, "100-109:A1"},
      Example{"100-109:A1", "", 104, "104-109:A1"},
      Example{"100-109:A1", "110-119:A1", -1, "100-119:A1"},
      Example{"100-109:A1", "110-119:A2", -1, "100-109:A1 110-119:A2"},
      Example{"100-109:A1", "100-109:K1", -1, "100-109:K1"},
      Example{"100-109:K1", "100-109:A1", -1, "100-109:K1"},
      Example{"100-109:K1", "100-109:A2", -1, "100-109:A2"},
      Example{"100-109:A1", "103-106:K1", -1, "100-102:A1 103-106:K1 107-109:A1"},
      Example{"100-109:A2", "103-106:K1", -1, "100-109:A2"},
      Example{"100-109:A1", "105-114:A2", -1, "100-104:A1 105-114:A2"},
      Example{"100-109:A2", "105-114:A1", -1, "100-109:A2 110-114:A1"},
      Example{"100-109:A1", "95-104:A2", -1, "95-104:A2 105-109:A1"},
      Example{"100-109:A1 120-129:A1", "110-119:A1", -1, "100-129:A1"},
      Example{"100-109:A1 120-129:A1", "105-124:R1", -1, "100-104:A1 105-124:R1 125-129:A1"},
      Example{"100-109:A1 110-119:K1 120-129:A1", "100-129:A2", -1, "100-129:A2"},
      Example{"100-109:A1", "100-109:A1", -1, "100-109:A1"},
      Example{"100-109:K1", "110-119:A1", 110, "110-119:A1"},
      Example{"100-109:K1", "110-119:A1", 120, ""},
      Example{"100-119:A1", "105-109:K1 115-119:R1", 107, "107-109:K1 110-114:A1 115-119:R1"},
      Example{"100-104:A1", "110-114:A1", 102, "102-104:A1 110-114:A1"},
      Example{"", "0-9:A1 5-14:K1 10-19:R1 3-4:A3", -1, "0-2:A1 3-4:A3 5-9:K1 10-19:R1"},
      Example{"100-109:G5", "100-109:R5", -1, "100-109:R5"},
      Example{"100-109:R1", "100-109:K1", -1, "100-109:R1"},
      Example{"100-199:A1", "100:K1 101:K1 103:K1", 101, "101:K1 102:A1 103:K1 104-199:A1"},
      Example{"6-10:R3 11-14:A2", "8-11:R1 11-13:R3 11-17:A2", -1, "6-13:R3 14-17:A2"},
  };
  for (const Example& example : examples) {
    SCOPED_TRACE(std::string{example.existing} + " + " + example.incoming);
    const StateBatches expected = batches(example.result);
    EXPECT_EQ(combine(batches(example.existing), batches(example.incoming), example.start), expected);
    StateBatches in_place = batches(example.existing);
    combine_into(in_place, batches(example.incoming), example.start);
    EXPECT_EQ(in_place, expected);
  }
}

rc::Gen<StateBatch> any_batch() {
  return rc::gen::apply(
      [](Offset first, Offset length, RecordState state, std::int32_t count) {
        return StateBatch{first, first + length, state, count};
      },
      rc::gen::inRange<Offset>(0, 40), rc::gen::inRange<Offset>(0, 8),
      rc::gen::element(RecordState::available, RecordState::acknowledged, RecordState::archiving,
                       RecordState::archived),
      rc::gen::inRange<std::int32_t>(1, 4));
}

StateBatches any_batches() {
  const auto list = *rc::gen::container<std::vector<StateBatch>>(any_batch());
  return {list.begin(), list.end()};
}

Offset any_start() {
  return *rc::gen::inRange<Offset>(-1, 45);
}

/// BC-5, by the letter: the winner of each offset.
std::map<Offset, std::pair<std::int32_t, RecordState>> winners(const StateBatches& list, Offset start) {
  std::map<Offset, std::pair<std::int32_t, RecordState>> result;
  for (const StateBatch& batch : list)
    for (Offset offset = std::max(batch.first, start); offset <= batch.last; ++offset) {
      const std::pair candidate{batch.delivery_count, batch.state};
      const auto [at, fresh] = result.emplace(offset, candidate);
      if (!fresh) at->second = std::max(at->second, candidate);
    }
  return result;
}

RC_GTEST_PROP(Combiner, GivesEachOffsetItsWinnerInTheShortestList, ()) {
  const StateBatches existing = any_batches();
  const StateBatches incoming = any_batches();
  const Offset start = any_start();
  const StateBatches result = combine(existing, incoming, start);

  StateBatches both = existing;
  both.insert(both.end(), incoming.begin(), incoming.end());
  RC_ASSERT(winners(result, -1) == winners(both, start));
  for (std::size_t i = 0; i < result.size(); ++i) {
    RC_ASSERT(result[i].first <= result[i].last);
    if (i == 0) continue;
    RC_ASSERT(result[i - 1].last < result[i].first);
    const bool goes_on = result[i - 1].last + 1 == result[i].first && result[i - 1].state == result[i].state &&
                         result[i - 1].delivery_count == result[i].delivery_count;
    RC_ASSERT(!goes_on);
  }
}

RC_GTEST_PROP(Combiner, InPlaceIsTheSameAsAnew, ()) {
  StateBatches stored = combine(any_batches(), any_batches(), -1);
  const StateBatches incoming = any_batches();
  const Offset start = any_start();
  const StateBatches anew = combine(stored, incoming, start);
  combine_into(stored, incoming, start);
  RC_ASSERT(stored == anew);
}

RC_GTEST_PROP(Combiner, OrderAndDuplicationOfWritesDoNotMatter, ()) {
  // SP-122, BC-7, BC-8: the batches are a join-semilattice.
  const StateBatches a = any_batches();
  const StateBatches b = any_batches();
  const StateBatches c = any_batches();
  const Offset start = any_start();
  const StateBatches ab = combine(a, b, start);
  RC_ASSERT(winners(ab, -1) == winners(combine(b, a, start), -1));
  RC_ASSERT(combine(ab, c, start) == combine(a, combine(b, c, start), start));
  RC_ASSERT(combine(combine(ab, c, start), b, start) == combine(ab, c, start));
}

RC_GTEST_PROP(Combiner, NoWriteLowersWhatIsStored, ()) {
  // INV-15, BC-9: at or above the start offset (delivery count, state) never decreases.
  const StateBatches stored = any_batches();
  const Offset start = any_start();
  const auto before = winners(stored, start);
  const auto after = winners(combine(stored, any_batches(), start), -1);
  for (const auto& [offset, winner] : before) RC_ASSERT(after.at(offset) >= winner);
}

}  // namespace
}  // namespace sharelock
