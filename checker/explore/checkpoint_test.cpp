// A search that is killed goes on where it was, and nothing of the outcome shows it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/input_error.h"
#include "base/output_error.h"
#include "checker/benchmark/share_partition_model.h"
#include "checker/explore/explicit_model.h"
#include "checker/explore/search.h"

namespace sharelock::explore {
namespace {

using benchmark::SharePartitionModel;

class Checkpoint : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "checkpoint_test." + std::to_string(::getpid());
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  SearchOptions options(Order order, Storage storage, unsigned jobs = 1) const {
    SearchOptions options;
    options.order = order;
    options.storage = storage;
    options.jobs = jobs;
    options.checkpoint = path_;
    options.checkpoint_every = std::chrono::milliseconds{0};
    return options;
  }

  std::string path_;
  SharePartitionModel model_{{2, 2, 1, 2, 2}};
};

void expect_equal(const Verdict& one, const Verdict& other) {
  EXPECT_EQ(one.ending, other.ending);
  EXPECT_EQ(one.states, other.states);
  EXPECT_EQ(one.transitions, other.transitions);
  EXPECT_EQ(one.diameter, other.diameter);
  EXPECT_EQ(one.dead_ends, other.dead_ends);
  EXPECT_EQ(one.out_degree_max, other.out_degree_max);
  for (std::size_t i = 0; i < one.steps.size(); ++i) EXPECT_EQ(one.steps[i].taken, other.steps[i].taken);
}

TEST_F(Checkpoint, ASearchInterruptedAgainAndAgainEndsAsIfItHadNotBeen) {
  for (const Order order : {Order::breadth_first, Order::depth_first}) {
    for (const Storage storage : {Storage::exact, Storage::compact}) {
      std::filesystem::remove(path_);
      SearchOptions plain = options(order, storage);
      plain.checkpoint.clear();
      const Verdict expected = search(model_, plain);

      SearchOptions saved = options(order, storage, 2);
      int rounds = 0, interruptions = 0;
      saved.interrupted = [&] { return ++rounds % 3 == 0; };
      Verdict verdict = search(model_, saved);
      for (; verdict.ending == Ending::interrupted; ++interruptions) verdict = search(model_, saved);
      EXPECT_GE(interruptions, 2);
      expect_equal(verdict, expected);
    }
  }
}

TEST_F(Checkpoint, ASearchThatIsKilledGoesOnWhereItWas) {
  for (const Storage storage : {Storage::exact, Storage::compact}) {
    std::filesystem::remove(path_);
    const ::pid_t child = ::fork();
    if (child == 0) {
      SearchOptions doomed = options(Order::breadth_first, storage);
      int rounds = 0;
      doomed.interrupted = [&] {
        if (++rounds == 15) ::kill(::getpid(), SIGKILL);
        return false;
      };
      search(model_, doomed);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_GT(std::filesystem::file_size(path_), 1000U);
    // What it was writing at that moment is only half there.
    std::ofstream{path_, std::ios::app | std::ios::binary} << "half a record";

    SearchOptions resumed = options(Order::breadth_first, storage);
    int rounds_left = 0;
    resumed.interrupted = [&] { return ++rounds_left, false; };
    SearchOptions plain = options(Order::breadth_first, storage);
    plain.checkpoint.clear();
    int rounds_all = 0;
    plain.interrupted = [&] { return ++rounds_all, false; };
    expect_equal(search(model_, resumed), search(model_, plain));
    EXPECT_LT(rounds_left, rounds_all);
  }
}

TEST_F(Checkpoint, AViolationInTheBeginningIsFoundAgain) {
  ExplicitModel broken;
  broken.edges = {{{1, 0, false}}, {}};
  broken.bad = {0};
  for (int time = 0; time < 2; ++time)
    EXPECT_EQ(search(broken, options(Order::breadth_first, Storage::exact)).ending, Ending::violated);
}

TEST_F(Checkpoint, IsRefusedForAnyOtherSearch) {
  search(model_, options(Order::breadth_first, Storage::exact));
  EXPECT_NO_THROW(search(model_, options(Order::breadth_first, Storage::exact, 2)));
  EXPECT_THROW(search(model_, options(Order::depth_first, Storage::exact)), InputError);
  EXPECT_THROW(search(model_, options(Order::breadth_first, Storage::compact)), InputError);
  EXPECT_THROW(search(SharePartitionModel{{2, 2, 1, 2, 1}}, options(Order::breadth_first, Storage::exact)), InputError);
  SearchOptions symmetric = options(Order::breadth_first, Storage::exact);
  symmetric.symmetry = true;
  EXPECT_THROW(search(model_, symmetric), InputError);
}

TEST_F(Checkpoint, NeverOverwritesWhatIsNoCheckpoint) {
  for (const std::string& text : {std::string{"my thesis"}, std::string(1000, 'x')}) {
    std::ofstream{path_} << text;
    EXPECT_THROW(search(model_, options(Order::breadth_first, Storage::exact)), InputError);
    EXPECT_EQ(std::filesystem::file_size(path_), text.size());
  }
}

TEST_F(Checkpoint, AFileThatCannotBeWrittenIsTheUsersMistake) {
  SearchOptions nowhere = options(Order::breadth_first, Storage::exact);
  nowhere.checkpoint = "/no/such/folder/checkpoint";
  EXPECT_THROW(search(model_, nowhere), OutputError);
}

}  // namespace
}  // namespace sharelock::explore
