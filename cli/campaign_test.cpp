// Campaigns: the same result for any number of threads, and after being killed.
#include "cli/campaign.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>

#include "base/input_error.h"
#include "base/output_error.h"
#include "cli/campaign_progress.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

using testing::HasSubstr;

class Campaign : public testing::Test {
 protected:
  void TearDown() override {
    std::remove(file_.c_str());
    std::remove((file_ + "-journal").c_str());
  }

  CampaignResult run() const { return run_campaign(scenario_, request_); }
  void keep_it() { request_.file = file_; }
  void change_database(const char* statement) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  /// The error of going on with the same file.
  std::string error_of_going_on() const {
    try {
      run();
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  std::uint64_t seeds_run_when_going_on() {
    std::uint64_t count = 0;
    request_.watch = [&](const CampaignProgress&) { ++count; };
    run();
    return count;
  }
  /// A campaign in a process of its own that kills itself after so many seeds.
  void run_until_killed(std::uint64_t seeds) {
    const pid_t child = ::fork();
    if (child == 0) {
      CampaignRequest request = request_;
      request.watch = [seeds](const CampaignProgress& progress) {
        if (progress.seeds_run == seeds) ::raise(SIGKILL);
      };
      run_campaign(scenario_, request);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }

  static std::string text_of_storm() { return read_text(SHARELOCK_SOURCE_DIR "/scenarios/storm.yaml"); }

  std::string file_ = testing::TempDir() + "campaign_" + std::to_string(::getpid());
  CampaignRequest request_{.run = {.file = "storm.yaml", .profile = "4.4", .switches = {}, .text = text_of_storm()},
                           .seeds = 150,
                           .file = {},
                           .watch = {}};
  Scenario scenario_ = parse_scenario(request_.run.text, "storm.yaml", profile_of("4.4", {}), scenario_words());
};

TEST_F(Campaign, IsTheSameForAnyNumberOfJobs) {
  request_.seeds = 40;
  const std::string alone = campaign_as_json(run());
  request_.jobs = 3;
  EXPECT_EQ(campaign_as_json(run()), alone);
}

TEST_F(Campaign, KilledAndContinuedItReportsTheSameBytes) {
  const CampaignResult whole = run();
  keep_it();
  run_until_killed(80);
  run_until_killed(70);
  request_.jobs = 2;
  const CampaignResult continued = run();
  EXPECT_EQ(campaign_as_json(continued), campaign_as_json(whole));
  EXPECT_EQ(campaign_as_text(continued), campaign_as_text(whole));
}

TEST_F(Campaign, RunsNoSeedAgainThatItsFileHolds) {
  keep_it();
  run();
  EXPECT_EQ(seeds_run_when_going_on(), 0U);
}

TEST_F(Campaign, RunsOnlySeedsAgainWhoseBatchWasNotWhole) {
  keep_it();
  run_until_killed(80);
  EXPECT_LT(seeds_run_when_going_on(), 150U - 80U + 64U);  // Less than a batch is lost, however slow the machine is.
}

TEST_F(Campaign, RefusesTheFileOfAnotherCampaignAndSaysWhatDiffers) {
  keep_it();
  request_.seeds = 3;
  run();
  request_.seeds = 4;
  EXPECT_THAT(error_of_going_on(), HasSubstr("another number of seeds: '3', not '4'"));
  request_.seeds = 3;
  request_.run.seed = 2;
  EXPECT_THAT(error_of_going_on(), HasSubstr("another first seed"));
  request_.run.seed = 1;
  request_.run.profile = "4.2";
  EXPECT_THAT(error_of_going_on(), HasSubstr("another profile: '4.4', not '4.2'"));
  request_.run.profile = "4.4";
  request_.run.switches = {"limit-dynamic=off"};
  EXPECT_THAT(error_of_going_on(), HasSubstr("another switches"));
  request_.run.switches = {};
  request_.run.text += "# changed\n";
  EXPECT_THAT(error_of_going_on(), HasSubstr("another scenario"));
  request_.run.text = text_of_storm();
  EXPECT_EQ(error_of_going_on(), "no error");
}

TEST_F(Campaign, RefusesTheFileOfAnotherProgram) {
  keep_it();
  request_.seeds = 3;
  run();
  change_database("UPDATE campaign SET value = 'older' WHERE name = 'program'");
  EXPECT_THAT(error_of_going_on(), HasSubstr("another program: 'older'"));
}

TEST_F(Campaign, RefusesWhatIsNoCampaignAndLeavesItAsItIs) {
  keep_it();
  request_.seeds = 3;
  const std::string text(5'000, 'x');
  std::ofstream{file_} << text;
  EXPECT_THAT(error_of_going_on(), HasSubstr("is no campaign"));
  EXPECT_EQ(read_text(file_), text);
  std::remove(file_.c_str());
  change_database("CREATE TABLE mine(x)");
  EXPECT_THAT(error_of_going_on(), HasSubstr("is a database, but no campaign"));
}

TEST_F(Campaign, IsUsedByOneAtATime) {
  keep_it();
  request_.seeds = 3;
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
  sqlite3_exec(database, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr);
  EXPECT_THAT(error_of_going_on(), HasSubstr("in use"));
  sqlite3_close(database);
}

TEST_F(Campaign, WhatCannotBeKeptIsAnErrorAndNotSilence) {
  request_.seeds = 3;
  request_.file = "/no/such/folder/campaign";
  EXPECT_THROW(run(), OutputError);
  request_.file = "/dev/full";
  EXPECT_THROW(run(), std::runtime_error);
}

TEST_F(Campaign, WithoutSeedsItRunsAsManyAsFit) {
  request_.seeds.reset();
  request_.for_ms = 1;
  const CampaignResult result = run();
  EXPECT_FALSE(result.budget_spent);
  request_.seeds = 100'000'000;
  EXPECT_TRUE(run().budget_spent);
}

TEST_F(Campaign, TheProgressLineSaysHowFarHowFastAndHowLongStill) {
  const CampaignProgress progress{
      .seeds = 150, .seeds_run = 50, .steps = 20'000'000, .simulated_ms = 86'400'000, .violations = 2, .situations = 9};
  request_.seeds = 250;
  EXPECT_EQ(progress_line(progress, request_, 10'000), "150 seeds, 100 left, 20 s to go: 2 violated, 9 of " +
                                                           std::to_string(all_situations().size()) +
                                                           " situations, 2000 k steps/s, 24 h simulated (8640x)");
}

}  // namespace
}  // namespace sharelock::cli
