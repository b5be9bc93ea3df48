#include "checker/benchmark/share_partition_model.h"

#include <gtest/gtest.h>

#include "base/input_error.h"
#include "checker/benchmark/padded_model.h"
#include "checker/explore/search.h"

namespace sharelock::benchmark {
namespace {

using explore::Order;
using explore::search;
using explore::SearchOptions;
using explore::Storage;
using explore::Verdict;

struct Counts {
  std::uint64_t states;
  std::uint64_t transitions;
  std::uint64_t diameter;
  friend bool operator==(const Counts&, const Counts&) = default;
};
std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.states << " / " << counts.transitions << " / " << counts.diameter;
}

template <class M>
Counts counts(const M& model, const SearchOptions& options = {}) {
  const Verdict verdict = search(model, options);
  EXPECT_TRUE(verdict.is_complete());
  return {verdict.states, verdict.transitions, verdict.diameter};
}

const SharePartitionModel small{{2, 2, 2, 2, 2}};
constexpr Counts small_counts{106'748, 888'490, 20};

TEST(SharePartitionModel, HasExactlyTheCountsThatOtherCheckersAgreeOn) {
  EXPECT_EQ(counts(small), small_counts);
  EXPECT_EQ(counts(SharePartitionModel{{3, 2, 2, 2, 2}}), (Counts{1'563'442, 13'499'668, 24}));
}

TEST(SharePartitionModel, HasExactlyTheirCountsOfOrbitsToo) {
  SearchOptions symmetry;
  symmetry.symmetry = true;
  EXPECT_EQ(counts(small, symmetry), (Counts{53'667, 446'482, 20}));
  EXPECT_EQ(counts(SharePartitionModel{{3, 2, 2, 2, 2}}, symmetry), (Counts{783'558, 6'764'469, 24}));
}

TEST(SharePartitionModel, HasTheSameCountsInEveryMode) {
  for (const unsigned jobs : {1U, 2U, 3U}) {
    for (const Storage storage : {Storage::exact, Storage::compact}) {
      SearchOptions options;
      options.jobs = jobs;
      options.storage = storage;
      EXPECT_EQ(counts(small, options), small_counts);
      options.order = Order::depth_first;
      const Verdict verdict = search(small, options);
      EXPECT_EQ(verdict.states, small_counts.states);
      EXPECT_EQ(verdict.transitions, small_counts.transitions);
    }
  }
}

TEST(SharePartitionModel, HasTheSameCountsWhenStatesArePadded) {
  EXPECT_EQ(counts(PaddedModel<SharePartitionModel, true>{small, 64}), small_counts);
  EXPECT_EQ(counts(PaddedModel<SharePartitionModel, false>{small, 64}), small_counts);
}

TEST(SharePartitionModel, DecodesWhatItEncoded) {
  // The largest parameters that fit use every bit.
  for (const Parameters& parameters :
       {Parameters{8, 6, 15, 8, 8}, Parameters{1, 1, 1, 1, 1}, Parameters{5, 3, 2, 4, 3}}) {
    const SharePartitionModel model{parameters};
    SharePartitionModel::State state{}, next{}, decoded{};
    std::vector<SharePartitionModel::Action> actions;
    for (std::size_t step = 0; step < 2000; ++step) {
      explore::ByteBuffer bytes;
      model.encode(state, {}, bytes);
      ASSERT_EQ(bytes.size(), model.encoded_size());
      model.decode(bytes.from(0), decoded);
      ASSERT_EQ(decoded, state);
      ASSERT_FALSE(model.violation(state));
      actions.clear();
      model.actions(state, actions);
      if (actions.empty()) {
        state = {};
        continue;
      }
      model.next(state, actions[step * 7919 % actions.size()], next);
      state = next;
    }
  }
}

TEST(SharePartitionModel, RefusesParametersThatAreNone) {
  for (const char* text : {"", "2,2,2,2", "2,2,2,2,2,2", "0,1,1,1,1", "2,2,2,3,1", "2,2,2,2,3", "9,1,1,1,1",
                           "2,7,1,1,1", "2,1,16,1,1", "a,b,c,d,e", "2,2,2,2,2 "})
    EXPECT_THROW(read_parameters(text), InputError) << text;
  EXPECT_EQ(read_parameters("3,2,2,3,2"), (Parameters{3, 2, 2, 3, 2}));
}

}  // namespace
}  // namespace sharelock::benchmark
